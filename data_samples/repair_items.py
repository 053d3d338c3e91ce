"""Items that fail at a rate, and the accessories: what a shop sells rarely, in many numbers.

Rates are assumed; each part number gets its own hidden factor on top (`catalogue`), so no forecaster can know them.
"""

from typing import Final

from data_samples.items import FRONT_REAR, LEFT_RIGHT, Item, with_sides


def _failing(
    key: str, name: str, chinese: str, shared_by: str, cost: float, rate: float, fits: str = "all", season: str = "none"
) -> Item:
    vital = "vital" if "ump" in name or "module" in name else "essential"
    return Item(
        key,
        name,
        chinese,
        "repair",
        "failure",
        shared_by,
        cost,
        rate=rate,
        fits=fits,
        season=season,
        criticality=vital,
        warranty=True,
        capture=1.0,
    )


_SIDED: Final = with_sides(
    (
        _failing("regulator", "Window regulator front", "前门玻璃升降器", "model", 260.0, 0.0035),
        _failing("lock", "Door lock front", "前门锁块", "model", 190.0, 0.0035),
        _failing("mirror_motor", "Mirror folding motor", "后视镜折叠电机", "model", 150.0, 0.0015),
        _failing("door_handle", "Door handle front", "前门拉手", "model", 95.0, 0.0012),
        _failing("tailgate_strut", "Tailgate strut", "尾门撑杆", "model", 85.0, 0.0025),
        _failing("speed_sensor", "Wheel speed sensor front", "前轮速传感器", "platform", 140.0, 0.0040),
    ),
    LEFT_RIGHT,
)
_ENDED: Final = with_sides(
    (
        _failing("parking_sensor", "Parking sensor", "驻车雷达探头", "model", 110.0, 0.0050),
        _failing("abs_harness", "Brake sensor harness", "制动传感器线束", "platform", 130.0, 0.0012),
        _failing("window_switch", "Window switch", "车窗开关", "platform", 75.0, 0.0030),
    ),
    FRONT_REAR,
)
FAILING: Final = (
    _failing("bulb_low", "Low beam bulb", "近光灯泡", "brand", 32.0, 0.0300),
    _failing("bulb_tail", "Tail lamp bulb", "尾灯灯泡", "brand", 8.0, 0.0350),
    _failing("key_cell", "Remote key cell", "遥控器电池", "brand", 6.0, 0.0300),
    _failing("fuse", "Fuse", "保险丝", "brand", 3.0, 0.0150),
    _failing("trim_clip", "Trim clip", "内饰卡扣", "brand", 2.0, 0.0500),
    _failing("valve_gasket", "Valve cover gasket", "气门室盖垫", "engine", 78.0, 0.0120, "fuel"),
    _failing("oil_pan_seal", "Crankshaft seal", "曲轴油封", "engine", 65.0, 0.0060, "fuel"),
    _failing("pcv", "Crankcase vent valve", "曲轴箱通风阀", "engine", 120.0, 0.0080, "fuel"),
    _failing("throttle", "Throttle body", "节气门体", "engine", 720.0, 0.0040, "fuel"),
    _failing("injector", "Fuel injector", "喷油嘴", "engine", 290.0, 0.0060, "fuel"),
    _failing("turbo", "Turbocharger", "涡轮增压器", "engine", 3900.0, 0.0015, "fuel"),
    _failing("canister", "Carbon canister valve", "炭罐电磁阀", "engine", 135.0, 0.0050, "fuel"),
    _failing("crank_sensor", "Crankshaft sensor", "曲轴位置传感器", "engine", 145.0, 0.0060, "fuel"),
    _failing("knock_sensor", "Knock sensor", "爆震传感器", "engine", 130.0, 0.0020, "fuel"),
    _failing("radiator", "Radiator", "散热器", "platform", 540.0, 0.0030),
    _failing("hose_upper", "Radiator hose upper", "散热器上水管", "model", 72.0, 0.0030),
    _failing("hose_lower", "Radiator hose lower", "散热器下水管", "model", 70.0, 0.0020),
    _failing("fan", "Cooling fan", "冷却风扇", "platform", 480.0, 0.0030, season="summer"),
    _failing("ac_valve", "Expansion valve", "膨胀阀", "platform", 120.0, 0.0040, season="summer"),
    _failing("ac_pressure", "Pressure switch", "空调压力开关", "platform", 90.0, 0.0040, season="summer"),
    _failing("ac_pipe", "Air conditioning pipe", "空调管", "model", 210.0, 0.0015, season="summer"),
    _failing("evaporator", "Evaporator", "蒸发器", "model", 520.0, 0.0010, season="summer"),
    _failing("heater_core", "Heater core", "暖风水箱", "platform", 330.0, 0.0012, season="winter"),
    _failing("horn", "Horn", "喇叭", "platform", 48.0, 0.0050),
    _failing("washer_pump", "Washer pump", "洗涤泵", "platform", 42.0, 0.0060),
    _failing("wiper_motor", "Wiper motor", "雨刮电机", "platform", 290.0, 0.0025, season="rain"),
    _failing("steering_rack", "Steering rack", "转向机", "model", 2600.0, 0.0010),
    _failing("tie_rod", "Tie rod end", "横拉杆球头", "platform", 88.0, 0.0080),
    _failing("caliper", "Brake caliper", "制动钳", "model", 460.0, 0.0012),
    _failing("abs_module", "Brake control module", "制动控制模块", "model", 3100.0, 0.0006),
    _failing("body_module", "Body control module", "车身控制模块", "model", 890.0, 0.0012),
    _failing("head_unit", "Head unit", "车载主机", "model", 2400.0, 0.0030),
    _failing("camera", "Rear camera", "倒车影像摄像头", "model", 280.0, 0.0045),
    _failing("clock_spring", "Steering wheel clock spring", "方向盘游丝", "platform", 230.0, 0.0040),
    _failing("key_blank", "Remote key", "遥控钥匙", "platform", 320.0, 0.0060),
    _failing("seat_switch", "Seat switch", "座椅开关", "model", 120.0, 0.0008),
    _failing("roof_seal", "Sunroof seal", "天窗密封条", "model", 140.0, 0.0012),
    _failing("door_seal", "Door seal", "车门密封条", "model", 110.0, 0.0010),
    _failing("roof_motor", "Sunroof motor", "天窗电机", "model", 560.0, 0.0006),
    _failing("gear_selector", "Gear selector", "换挡机构", "model", 640.0, 0.0008),
    _failing("exhaust_rear", "Rear silencer", "后消声器", "model", 680.0, 0.0010, "fuel"),
    _failing("catalyst", "Catalytic converter", "三元催化器", "model", 4300.0, 0.0005, "fuel"),
    _failing("charge_port", "Charging port", "充电口总成", "engine", 860.0, 0.0060, "electric"),
    _failing("charger", "On-board charger", "车载充电机", "engine", 5200.0, 0.0040, "electric"),
    _failing("drive_inverter", "Drive inverter module", "电驱逆变器", "engine", 8800.0, 0.0015, "electric"),
    _failing("airbag_inflator", "Airbag inflator", "安全气囊气体发生器", "model", 420.0, 0.0002),
    *_SIDED,
    *_ENDED,
)


def _accessory(key: str, name: str, chinese: str, shared_by: str, cost: float, rate: float, process: str) -> Item:
    fits = "electric" if key == "charge_cable" else "all"
    return Item(
        key,
        name,
        chinese,
        "accessory",
        process,
        shared_by,
        cost,
        rate=rate,
        supplier="HUIDA",
        criticality="desirable",
        fits=fits,
        pack=1.0 if cost > 60 else 5.0,
    )


ACCESSORIES: Final = (
    _accessory("floor_mats", "Floor mat set", "脚垫", "model", 140.0, 0.32, "delivery"),
    _accessory("boot_mat", "Boot mat", "后备箱垫", "model", 95.0, 0.18, "delivery"),
    _accessory("plate_frame", "Number plate frame", "牌照框", "brand", 12.0, 0.30, "delivery"),
    _accessory("dash_camera", "Dash camera", "行车记录仪", "brand", 310.0, 0.12, "delivery"),
    _accessory("sun_film", "Window film kit", "车窗膜", "platform", 420.0, 0.14, "delivery"),
    _accessory("screen_wash", "Screen wash 2 L", "玻璃水", "brand", 7.0, 5.0, "counter"),
    _accessory("cleaner", "Interior cleaner", "内饰清洁剂", "brand", 16.0, 1.6, "counter"),
    _accessory("wax", "Car wax", "车蜡", "brand", 34.0, 0.8, "counter"),
    _accessory("touch_up", "Touch-up pen white", "补漆笔珍珠白", "brand", 22.0, 1.4, "counter"),
    _accessory("touch_up_black", "Touch-up pen black", "补漆笔曜石黑", "brand", 22.0, 0.7, "counter"),
    _accessory("phone_holder", "Phone holder", "手机支架", "brand", 25.0, 1.1, "counter"),
    _accessory("perfume", "Cabin fragrance", "车载香水", "brand", 18.0, 1.7, "counter"),
    _accessory("towel", "Microfibre towel", "擦车巾", "brand", 6.0, 2.5, "counter"),
    _accessory("triangle", "Warning triangle", "三角警示牌", "brand", 15.0, 0.9, "counter"),
    _accessory("compressor_tyre", "Tyre inflator", "充气泵", "brand", 88.0, 0.5, "counter"),
    _accessory("visor", "Door visor set", "晴雨挡", "model", 70.0, 0.05, "counter"),
    _accessory("sill_guard", "Sill guard set", "门槛条", "model", 120.0, 0.03, "counter"),
    _accessory("roof_rack", "Roof rack", "行李架", "model", 390.0, 0.015, "counter"),
    _accessory("charge_cable", "Charging cable", "充电线", "model", 980.0, 0.06, "counter"),
)
