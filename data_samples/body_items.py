"""Items of the body: asked for several at once after a collision, and hardly ever one by one.

A collision has a zone; each item of the zone is needed with its own share. Shares are assumed.
"""

from typing import Final

from data_samples.items import LEFT_RIGHT, Item, with_sides

COLLISIONS_PER_VEHICLE_YEAR: Final = 0.19
ZONE_SHARES: Final = {"front": 0.36, "rear": 0.25, "left": 0.15, "right": 0.17, "glass": 0.07}


def _body(key: str, name: str, chinese: str, zone: str, cost: float, share: float, facelift: bool = False) -> Item:
    return Item(
        key,
        name,
        chinese,
        "collision",
        "collision",
        "model",
        cost,
        rate=share,
        zone=zone,
        facelift=facelift,
        criticality="essential" if cost > 300 else "desirable",
    )


_FRONT: Final = (
    _body("bumper_front", "Front bumper cover", "前保险杠皮", "front", 560.0, 0.62, True),
    _body("grille", "Radiator grille", "进气格栅", "front", 330.0, 0.28, True),
    _body("grille_lower", "Lower bumper grille", "前保险杠下格栅", "front", 140.0, 0.22, True),
    _body("emblem_front", "Front emblem", "前车标", "front", 65.0, 0.16),
    _body("bonnet", "Bonnet", "发动机罩", "front", 1250.0, 0.16),
    _body("bumper_beam_front", "Front bumper beam", "前防撞梁", "front", 480.0, 0.12),
    _body("radiator_support", "Radiator support", "水箱框架", "front", 390.0, 0.12),
    _body("condenser", "Condenser", "冷凝器", "front", 620.0, 0.10),
    _body("bumper_foam", "Front bumper absorber", "前保险杠泡沫", "front", 95.0, 0.12),
    _body("plate_holder", "Front plate holder", "前牌照板", "front", 24.0, 0.18),
    _body("bonnet_hinge", "Bonnet hinge", "机盖铰链", "front", 70.0, 0.03),
    _body("bonnet_lock", "Bonnet lock", "机盖锁", "front", 110.0, 0.05),
    *with_sides(
        (
            _body("headlamp", "Headlamp", "大灯总成", "front", 1550.0, 0.14, True),
            _body("fender", "Front fender", "前翼子板", "front", 430.0, 0.11),
            _body("fog_lamp", "Fog lamp", "雾灯", "front", 180.0, 0.07),
            _body("bumper_bracket", "Front bumper bracket", "前保险杠支架", "front", 42.0, 0.17),
            _body("arch_liner", "Front wheel arch liner", "前轮罩内衬", "front", 98.0, 0.09),
            _body("fog_cover", "Fog lamp cover", "雾灯罩", "front", 55.0, 0.09, True),
        ),
        LEFT_RIGHT,
    ),
)
_REAR: Final = (
    _body("bumper_rear", "Rear bumper cover", "后保险杠皮", "rear", 590.0, 0.66, True),
    _body("bumper_rear_lower", "Rear bumper lower trim", "后保险杠下饰板", "rear", 210.0, 0.22),
    _body("tailgate", "Tailgate", "后备箱盖", "rear", 1500.0, 0.09),
    _body("bumper_beam_rear", "Rear bumper beam", "后防撞梁", "rear", 420.0, 0.10),
    _body("emblem_rear", "Rear emblem", "后车标", "rear", 48.0, 0.08),
    _body("tow_cover", "Tow eye cover", "拖车钩盖", "rear", 14.0, 0.12),
    *with_sides(
        (
            _body("tail_lamp", "Tail lamp", "尾灯总成", "rear", 620.0, 0.10, True),
            _body("rear_bracket", "Rear bumper bracket", "后保险杠支架", "rear", 38.0, 0.15),
            _body("reflector", "Rear reflector", "后反射器", "rear", 36.0, 0.08),
        ),
        LEFT_RIGHT,
    ),
)
_SIDES: Final = with_sides(
    (
        _body("door_front", "Front door", "前车门", "side", 1650.0, 0.13),
        _body("door_rear", "Rear door", "后车门", "side", 1580.0, 0.11),
        _body("mirror", "Door mirror", "外后视镜总成", "side", 640.0, 0.32),
        _body("mirror_cap", "Mirror cap", "后视镜壳", "side", 75.0, 0.28),
        _body("mirror_glass", "Mirror glass", "后视镜片", "side", 95.0, 0.18),
        _body("sill_trim", "Sill trim", "裙边饰板", "side", 210.0, 0.10),
        _body("quarter", "Rear quarter panel", "后翼子板", "side", 980.0, 0.05),
        _body("door_trim", "Door outer trim", "车门外饰条", "side", 85.0, 0.15),
        _body("handle_cover", "Door handle cover", "门把手盖", "side", 32.0, 0.05),
    ),
    LEFT_RIGHT,
)
_GLASS: Final = (
    _body("windscreen", "Windscreen", "前挡风玻璃", "glass", 780.0, 0.80),
    _body("windscreen_trim", "Windscreen moulding", "前挡风玻璃密封条", "glass", 60.0, 0.60),
    _body("rear_window", "Rear window", "后挡风玻璃", "glass", 690.0, 0.07),
    *with_sides((_body("door_glass", "Front door glass", "前门玻璃", "glass", 240.0, 0.05),), LEFT_RIGHT),
)
BODY: Final = (*_FRONT, *_REAR, *_SIDES, *_GLASS)
