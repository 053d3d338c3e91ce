"""Which demand lines are the history of a part, and which are streams of their own that never enter it.

In this order, and every line goes one way:

1. *Cancelled* lines, and lines after the day of the books, are no demand.
2. Lines of recalls and campaigns are their own stream: they tell how far it is worked off (`forecasting.uptake`).
3. A *lost sale that was asked for again* is one need, not two: a lost line is left out if the same vehicle asked for
   the same part once more within `SAME_NEED_DAYS`, at whichever store; the last asking counts. (One refused by
   four stores would otherwise be four.) Lines of one order are one asking: what it got and what it did not add up.
4. *Bulk orders* are set apart, by the rule of `forecasting.bulk` or because a person confirmed them; a line that a
   person called usual stays.
5. All else is the history, in live numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.bulk import RULE, beyond_usual
from forecasting.line_size import demand_units, in_units
from inventory.snapshot import Snapshot
from inventory.supersession import Lineage, roll_forward

ACTION_JOBS = ("recall", "campaign")
SAME_NEED_DAYS = 30
CONFIRMED = "confirmed"
_KEY = ("store", "order_no", "part_no", "line_no")


@dataclass(frozen=True)
class Asked:
    """Demand lines in live numbers, ``asked_part_no`` beside them; quantities above zero.

    Parameters
    ----------
    history
        What the forecast learns from.
    actions
        Lines of recalls and campaigns.
    bulk
        Set apart: with ``rule`` (`RULE` or `CONFIRMED`) and ``usual_milli``, the usual size of a line.
    asked_again
        Lost sales of which the need was asked for again.
    """

    history: pd.DataFrame
    actions: pd.DataFrame
    bulk: pd.DataFrame
    asked_again: pd.DataFrame


def asked_of(snapshot: Snapshot, of: Lineage, fitments: pd.DataFrame) -> Asked:
    """Sort the demand lines of a snapshot.

    Parameters
    ----------
    snapshot
        For its lines and what people judged of them.
    of
        What old numbers have become.
    fitments
        In live numbers, for what one vehicle takes.
    """
    table = snapshot.demand_lines
    counts = (table["outcome"] != "cancelled") & (table["opened_on"] <= np.datetime64(snapshot.as_of))
    ordered = table[counts].sort_values(["opened_on", "store", "order_no", "part_no", "line_no"], kind="stable")
    is_action = ordered["job_type"].isin(ACTION_JOBS)
    actions = roll_forward(ordered[is_action], of, ["store"], ["quantity_requested_milli"])
    rolled = roll_forward(ordered[~is_action], of, ["store"], ["quantity_requested_milli"])
    rolled = rolled[rolled["quantity_requested_milli"] > 0]
    again = _asked_again(rolled)
    lines = rolled[~again].reset_index(drop=True)
    is_bulk, rule, usual = _bulk(lines, snapshot.line_judgements, fitments)
    bulk = lines[is_bulk].assign(rule=rule[is_bulk], usual_milli=usual[is_bulk])
    return Asked(lines[~is_bulk], actions, bulk, rolled[again])


def _asked_again(lines: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which lost lines were followed by another asking of the same vehicle for the same part."""
    result = np.zeros(len(lines), dtype=np.bool_)
    lost = (lines["outcome"] == "lost").to_numpy()
    named = (lines["vin"] != "").to_numpy()
    if not (lost & named).any():
        return result
    askings = ["vin", "part_no", "store", "order_no"]
    some = lines[[*askings, "opened_on"]].assign(kept=~lost)[named]
    each = some.groupby(askings, sort=False, as_index=False).agg({"opened_on": "min", "kept": "any"})
    each = each.sort_values(["vin", "part_no", "opened_on", "kept", "order_no", "store"], kind="stable")
    vin, part = each["vin"].to_numpy(dtype=object), each["part_no"].to_numpy(dtype=object)
    day = each["opened_on"].to_numpy("datetime64[D]").astype(np.int64)
    same = (vin[1:] == vin[:-1]) & (part[1:] == part[:-1]) & (np.diff(day) <= SAME_NEED_DAYS)
    again = pd.MultiIndex.from_frame(each[askings][np.append(same, False)])
    result[named] = lost[named] & pd.MultiIndex.from_frame(some[askings]).isin(again)
    return result


def _bulk(
    lines: pd.DataFrame, judgements: pd.DataFrame, fitments: pd.DataFrame
) -> tuple[NDArray[np.bool_], NDArray[np.object_], NDArray[np.int64]]:
    """Return whether each line is set apart, by which rule, and the usual size of a line of its part."""
    names, part = np.unique(lines["part_no"].to_numpy(dtype=str), return_inverse=True)
    part = part.reshape(-1).astype(np.int64)
    size_milli = lines["quantity_requested_milli"].to_numpy(np.int64)
    least = fitments.groupby("part_no")["quantity_per_vehicle_milli"].min()
    fitted_milli = np.maximum(pd.Series(names, dtype="str").map(least).fillna(1000).to_numpy(np.int64), 1)
    unit = demand_units(part, size_milli, fitted_milli)
    size = np.maximum(in_units(size_milli, unit[part]), 1)
    is_beyond, usual = beyond_usual(part, size, np.maximum(in_units(fitted_milli, unit), 1))
    rule = np.where(is_beyond, RULE, "").astype(object)
    judged = judgements.drop_duplicates(list(_KEY), keep="last").set_index(list(_KEY))["verdict"]
    if len(judged):
        keys = pd.MultiIndex.from_arrays([lines["store"], lines["order_no"], lines["asked_part_no"], lines["line_no"]])
        verdict = judged.reindex(keys).fillna("").to_numpy(dtype=object)
        rule = np.where(verdict == "bulk", CONFIRMED, np.where(verdict == "usual", "", rule))
    return rule != "", rule, np.round(usual * unit[part]).astype(np.int64)
