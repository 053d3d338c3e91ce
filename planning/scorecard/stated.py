"""`Scorecard`: the card that a settings file states, over the one it starts from, and what single stores say otherwise.

``[scorecard]`` says of what KPIs' weights are shares (``basis``); ``[scorecard.dimensions]`` gives a dimension its
weight, ``[scorecard.kpi.GM]`` a figure its ``dimension``, ``weight``, ``variant`` and reference. Weights are in per
cent, references in the figure's own unit (a share is 0.38, not 38): ``at_least`` alone means that more is better,
``at_most`` that less is, both a band; ``source``, ``date``, ``region`` and ``brand`` say where that comes from. What is
not stated stays as it was; a weight of 0 takes a dimension or a figure off the card. ``[store.S01.scorecard.kpi.GM]``
overrules the reference in one store, never the weights, so that stores are compared by one card.

Here every key and value is checked by itself; whether the card is lawful is another question (`card.faults_of`), since
an unlawful one is what `nearest` starts from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from planning.scorecard.card import BASES, Card, Dimension, Fault, Kpi, Reference
from planning.scorecard.usual import USUAL_CARD

_ENDS = {"at_least": "low", "at_most": "high"}
_TEXTS = ("source", "date", "region", "brand")
_REFERENCE_KEYS = (*_ENDS, *_TEXTS)
_KPI_KEYS = ("dimension", "weight", "variant", *_REFERENCE_KEYS)
_WEIGHT = "a weight in per cent from 0 to 100, with one decimal at most, such as 12.5"


@dataclass(frozen=True)
class Scorecard:
    """A card, and the references that stores hold against the group's.

    Parameters
    ----------
    stores
        By store and id of a figure.
    """

    card: Card = USUAL_CARD
    stores: Mapping[str, Mapping[str, Reference]] = field(default_factory=dict)

    def of_store(self, store: str | None) -> Card:
        """Return the card of a store, or of all together, which is the group's own."""
        own = self.stores.get(store or "", {})
        dimensions = tuple(
            replace(
                dimension,
                kpis=tuple(replace(kpi, overruled=own.get(_id_of(kpi))) for kpi in dimension.kpis),
            )
            for dimension in self.card.dimensions
        )
        return replace(self.card, dimensions=dimensions)


def stated_scorecard(section: object, stores: Mapping[str, object], faults: list[Fault]) -> Scorecard:
    """Return the scorecard that a settings file states.

    Parameters
    ----------
    section
        What stands under ``[scorecard]``.
    stores
        What stands under ``[store.S01.scorecard]``, by store.
    faults
        Every key and value that is not as it should be is added here.
    """
    said = _table(section, "scorecard", ("basis", "dimensions", "kpi"), faults)
    basis = said.get("basis", USUAL_CARD.basis)
    if basis not in BASES:
        faults.append(("scorecard.basis", str(basis), f"basis is {' or '.join(BASES)}"))
        basis = USUAL_CARD.basis
    weights = {each.name: each.weight_permille for each in USUAL_CARD.dimensions}
    for name, value in _table(said.get("dimensions", {}), "scorecard.dimensions", None, faults).items():
        weights[name] = _weight(value, f"scorecard.dimensions.{name}", weights.get(name, 0), faults)
    weights = {name: weight for name, weight in weights.items() if weight}
    kpis = {_id_of(kpi): (each.name, kpi) for each in USUAL_CARD.dimensions for kpi in each.kpis}
    for figure_id, value in _table(said.get("kpi", {}), "scorecard.kpi", None, faults).items():
        key = f"scorecard.kpi.{figure_id}"
        stated = _kpi(figure_id, _table(value, key, _KPI_KEYS, faults), key, kpis.get(figure_id), faults)
        if stated is not None:
            kpis[figure_id] = stated
    for figure_id, (dimension, kpi) in kpis.items():
        if kpi.weight_permille and dimension not in weights:
            reason = f"the dimension of a KPI on the card is one of {', '.join(weights)}"
            faults.append((f"scorecard.kpi.{figure_id}.dimension", dimension, reason))
    dimensions = tuple(
        Dimension(name, weight, tuple(kpi for at, kpi in kpis.values() if at == name and kpi.weight_permille))
        for name, weight in weights.items()
    )
    return Scorecard(
        Card(dimensions, basis), _of_stores(stores, {name: kpi for name, (_, kpi) in kpis.items()}, faults)
    )


def _of_stores(
    stores: Mapping[str, object], kpis: Mapping[str, Kpi], faults: list[Fault]
) -> dict[str, dict[str, Reference]]:
    found: dict[str, dict[str, Reference]] = {}
    for store, section in stores.items():
        key = f"store.{store}.scorecard"
        said = _table(_table(section, key, ("kpi",), faults).get("kpi", {}), f"{key}.kpi", None, faults)
        for figure_id, value in said.items():
            if figure_id not in kpis:
                reason = f"a store overrules the reference of a KPI on the card: {', '.join(kpis)}"
                faults.append((f"{key}.kpi.{figure_id}", figure_id, reason))
                continue
            at = f"{key}.kpi.{figure_id}"
            reference = _reference(_table(value, at, _REFERENCE_KEYS, faults), at, kpis[figure_id].reference, faults)
            if reference is not None:
                found.setdefault(store, {})[figure_id] = reference
    return found


def _kpi(
    figure_id: str, said: Mapping[str, Any], key: str, usual: tuple[str, Kpi] | None, faults: list[Fault]
) -> tuple[str, Kpi] | None:
    """Return a KPI and its dimension as stated over what it usually is; None where that is not a whole KPI."""
    for name in ("dimension", "variant"):
        if not isinstance(said.get(name, ""), str):
            faults.append((f"{key}.{name}", str(said[name]), f"{name} is a name, as text"))
            return None
    if usual is None and not {"dimension", "weight"} <= set(said):
        faults.append((key, ", ".join(said), "a figure comes onto the card with its dimension and its weight"))
        return None
    reference = _reference(said, key, None if usual is None else usual[1].reference, faults)
    weight = 0 if usual is None else usual[1].weight_permille
    if "weight" in said:
        weight = _weight(said["weight"], f"{key}.weight", weight, faults)
    if reference is None:
        return None
    figure = f"{figure_id}:{said['variant']}" if "variant" in said else usual[1].figure if usual else figure_id
    return said.get("dimension", usual[0] if usual else ""), Kpi(figure, weight, reference)


def _reference(said: Mapping[str, Any], key: str, usual: Reference | None, faults: list[Fault]) -> Reference | None:
    """Return a reference: the one stated, whole, where it has an end; else the usual one with what is said of it."""
    ends: dict[str, Fraction] = {}
    for name, end in _ENDS.items():
        if name in said:
            value = said[name]
            if not _is_number(value) or not 0 <= value < 1e15:
                faults.append((f"{key}.{name}", str(value), f"{name} is a number in the figure's unit, zero or more"))
                return None
            ends[end] = Fraction(str(value))
    for name in _TEXTS:
        if not isinstance(said.get(name, ""), str | date):
            faults.append((f"{key}.{name}", str(said[name]), f"{name} is text"))
            return None
    if not ends and usual is None:
        faults.append((key, ", ".join(said), "a KPI is held against at_least, at_most, or both"))
        return None
    low, high = ends.get("low"), ends.get("high")
    if low is not None and high is not None and low > high:
        faults.append((key, f"{float(low):g} to {float(high):g}", "at_least is no more than at_most"))
        return None
    base = usual if usual is not None and not ends else Reference(low, high)
    source, said_on, region, brand = (str(said.get(name, getattr(base, name))) for name in _TEXTS)
    return Reference(base.low, base.high, source, said_on, region, brand)


def _table(value: object, key: str, names: tuple[str, ...] | None, faults: list[Fault]) -> Mapping[str, Any]:
    """Return a table of the file, its keys among some names where those are given."""
    if not isinstance(value, Mapping):
        faults.append((key, str(value), "a section is a table of keys and values"))
        return {}
    unknown = [name for name in value if names is not None and name not in names]
    rule = f"a key of [{key}] is one of {', '.join(names or ())}"
    faults.extend((f"{key}.{name}", str(value[name]), rule) for name in unknown)
    return value


def _weight(value: Any, key: str, usual: int, faults: list[Fault]) -> int:
    """Return a weight in tenths of a per cent; the usual one where what is said is none."""
    if not _is_number(value) or not 0 <= value <= 100 or (10 * Fraction(str(value))).denominator != 1:
        faults.append((key, str(value), _WEIGHT))
        return usual
    return int(10 * Fraction(str(value)))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _id_of(kpi: Kpi) -> str:
    return kpi.figure.partition(":")[0]
