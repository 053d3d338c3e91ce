"""`SurplusSettings`: what may be done with stock that nobody needs, and what each way costs and brings.

``[surplus]`` in the settings file; ``[surplus.returns]`` holds the maker's terms for taking parts back, and
``[surplus.returns.HNDC]`` those of one supplier. Published terms differ widely: fees of 10 to 20 %, a return reserve of
2 % of purchases (GM, 2009), protection for 12 to 16 months without a sale; the defaults lie among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class ReturnTerms:
    """On which terms a supplier takes parts back.

    Parameters
    ----------
    window_days
        Days since receipt within which a part may go back; 0: never.
    quota_share
        Share of twelve months' purchases, at cost, that may go back in twelve months.
    fee_share
        What he keeps of the part's cost.
    taken_share
        Share of what is left over of parts bought today that window and quota will let go back: what stocking reckons
        with, years before anything is sent back.
    """

    window_days: int = 365
    quota_share: float = 0.02
    fee_share: float = 0.15
    taken_share: float = 0.6

    @property
    def recovered_share(self) -> float:
        """Share of its cost that a unit left over is expected to bring back."""
        return self.taken_share * (1 - self.fee_share) if self.window_days else 0.0


@dataclass(frozen=True)
class SurplusSettings:
    """What may be done with stock that nobody needs.

    Parameters
    ----------
    transfers
        Whether stores of the group give each other what one has too much of and another would buy.
    transfer_cost_per_line_e4
        Freight and work of one part sent to another store.
    give_up_days
        What is not used after so many days is written off: nobody waits longer.
    discount_share
        What parts sold cheaply bring of their cost.
    line_cost_e4
        Work on a line that is sent back or sold cheaply.
    returns
        The terms of suppliers that have none of their own.
    of_supplier
        The terms of those that have.
    """

    transfers: bool = True
    transfer_cost_per_line_e4: int = 30_0000
    give_up_days: int = 730
    discount_share: float = 0.25
    line_cost_e4: int = 30_0000
    returns: ReturnTerms = field(default_factory=ReturnTerms)
    of_supplier: Mapping[str, ReturnTerms] = field(default_factory=dict)

    def terms(self, supplier: str) -> ReturnTerms:
        """Return the terms on which a supplier takes parts back."""
        return self.of_supplier.get(supplier, self.returns)


Fault = tuple[str, str, str]
_SHARE, _MONEY = "a share from 0 to 1", "an amount of money, zero or more"
_MOST_DAYS, _MOST_MONEY = 36_600, 1e12


def surplus_settings(section: Mapping[str, object], faults: list[Fault]) -> SurplusSettings:
    """Return what ``[surplus]`` states, the rest as by default; what is wrong is added to the faults."""
    plain = {key: value for key, value in section.items() if key != "returns"}
    expected = {
        "transfers": ("transfers", "true or false"),
        "transfer_cost_per_line": ("transfer_cost_per_line_e4", _MONEY),
        "give_up_days": ("give_up_days", "a whole number of days from 1 to 36600"),
        "discount_share": ("discount_share", _SHARE),
        "line_cost": ("line_cost_e4", _MONEY),
    }
    taken = _taken(plain, "surplus", {**expected, "returns": ("", "a table of terms")}, faults)
    returns = section.get("returns", {})
    if not isinstance(returns, Mapping):
        faults.append(("surplus.returns", str(returns), "a section is a table of keys and values"))
        returns = {}
    own = {key: value for key, value in returns.items() if not isinstance(value, Mapping)}
    usual = _terms(own, ReturnTerms(), "surplus.returns", faults)
    of_supplier = {
        supplier: _terms(value, usual, f"surplus.returns.{supplier}", faults)
        for supplier, value in sorted(returns.items())
        if isinstance(value, Mapping)
    }
    return SurplusSettings(**taken, returns=usual, of_supplier=of_supplier)


def _terms(section: Mapping[str, object], base: ReturnTerms, name: str, faults: list[Fault]) -> ReturnTerms:
    expected = {
        "window_days": ("window_days", "a whole number of days from 0 to 36600"),
        "quota_share": ("quota_share", _SHARE),
        "fee_share": ("fee_share", _SHARE),
        "taken_share": ("taken_share", _SHARE),
    }
    return replace(base, **_taken(section, name, expected, faults))


def _taken(
    section: Mapping[str, object], name: str, expected: Mapping[str, tuple[str, str]], faults: list[Fault]
) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for key, value in section.items():
        if key not in expected:
            faults.append((f"{name}.{key}", str(value), f"a key of [{name}] is one of {', '.join(expected)}"))
            continue
        target, sentence = expected[key]
        read = _read(target, value)
        if read is None:
            faults.append((f"{name}.{key}", str(value), f"{key} is {sentence}"))
        else:
            taken[target] = read
    return taken


def _read(target: str, value: object) -> object | None:
    """Return a value as its field has it, None where it is not as it should be."""
    if target == "transfers":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if target.endswith("_days"):
        least = 1 if target == "give_up_days" else 0
        return value if isinstance(value, int) and least <= value <= _MOST_DAYS else None
    if target.endswith("_e4"):
        return round(value * 10_000) if 0 <= value <= _MOST_MONEY else None
    return float(value) if 0 <= value <= 1 else None
