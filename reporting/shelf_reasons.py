"""What a line's sentence adds about the choice to stock the part at all, and about the end of its days."""

from __future__ import annotations

from collections.abc import Mapping

from reporting.tables import human_text

Facts = Mapping[str, object]


def shelf_values(facts: Facts) -> dict[str, str]:
    """Return what the facts say of the choice, as text by the name of its place in a sentence."""
    told = {name: str(facts[name]) for name in ("requests", "request_months") if name in facts}
    for name in ("first", "most", "last_buy"):
        if f"{name}_milli" in facts:
            told[name] = human_text(facts[f"{name}_milli"], "quantity_milli")
    if "first_lines_milli" in facts:
        for name in ("worth", "holding", "loss"):
            told[name] = human_text(facts[f"first_{name}_e4"], "money_e4")
        told["lines"] = f"{_whole(facts, 'first_lines_milli') / 1000:.2g}"
        told["unasked"] = human_text(facts["unasked_ppm"], "share_ppm")
    return told


def shelf_parts(facts: Facts) -> tuple[str, ...]:
    """Return the names of the sentences that a line adds; none for a part that stays on the shelf as it was."""
    parts = []
    comes = facts.get("stocking") == "phased-in"
    if comes and "floor" not in facts and "end" not in facts:
        parts.append("part.shelf.by-rule" if "requests" in facts else "part.shelf.phased-in")
    elif not comes and _whole(facts, "first_milli"):
        parts.append("part.shelf.away")
    if facts.get("end") == "supply" and _whole(facts, "last_buy_milli"):
        parts.append("part.end.supply")
    elif "most_milli" in facts and _whole(facts, "rounding_milli") < 0 and "left_out_milli" not in facts:
        parts.append(f"part.end.{facts['end']}")
    return tuple(parts)


def _whole(facts: Facts, name: str) -> int:
    return int(str(facts.get(name, 0)))
