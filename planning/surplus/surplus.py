"""What to do with stock nobody needs: sent to another store, back to the maker, sold cheaply, written off, or kept.

A store's surplus of a part is what lies free on its shelf beyond the plan's level, after the transfers of the plan.
What is best for it is told by money (`optimisation.surplus`): what each way brings, beside what keeping it would be
worth, given how fast it is used and the chance that it is ever asked for again (`obsolescence`). What goes back to the
maker came in within his window, first in, first out, and keeps within his quota of the year:

    quota left = share × bought in twelve months − sent back in them
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from demand.history import Float64Array1D, Int64Array1D
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from optimisation.surplus import Actions, Idle, Ways, best_actions, within_quota
from planning.lines import Workings
from planning.orders.transfers import demand_per_year
from planning.settings import Settings
from planning.surplus.lines import idle_lines, in_window_milli, surplus_lines, ways_of, window_closes

TRANSFER, RETURN, DISCOUNT, WRITE_OFF, KEEP = ACTIONS = ("transfer", "return", "discount", "write-off", "keep")

Row = dict[str, object]


@dataclass(frozen=True)
class Shelves:
    """What the books tell beside a snapshot; see `inventory.idle_stock` for the columns.

    Parameters
    ----------
    stock
        What lies on the shelf, by store and part, with ``never_again_ppm, silent_days, last_asked_on`` of each
        (`planning.surplus.obsolescence`).
    layers
        Since when it lies there.
    bought
        What was bought from and sent back to suppliers in twelve months.
    """

    stock: pd.DataFrame
    layers: pd.DataFrame
    bought: pd.DataFrame


@dataclass(frozen=True, order=True)
class Quota:
    """What may go back to a supplier in a year, what has, and what is proposed to; ten-thousandths, at cost."""

    store: str
    supplier: str
    allowed_e4: int
    sent_back_e4: int
    proposed_e4: int


@dataclass(frozen=True)
class Surplus:
    """What to do with what.

    Parameters
    ----------
    rows
        The greatest gain first: ``store, part_no, name, supplier, action, quantity_milli, value_e4, brings_e4, cost_e4,
        keep_worth_e4, gain_e4, to, act_by, on_hand_milli, level_milli, per_year_milli, last_asked_on, silent_days,
        never_again_ppm``. Value is the books'; gain = brings − cost − worth of keeping, whole money that adds up; of
        what is kept there is none. `to` is a store, or the supplier; `act_by` the day on which his window closes.
    quotas
        By store and supplier, where something goes back or did.
    """

    rows: tuple[Row, ...]
    quotas: tuple[Quota, ...]


def surplus_of(
    workings: Workings, forecast: Forecast, snapshot: Snapshot, shelves: Shelves, settings: Settings
) -> Surplus:
    """Return what to do with the surplus of all stores."""
    lines = surplus_lines(workings, snapshot, shelves.stock)
    idle = idle_lines(lines, workings, forecast, settings)
    ways = ways_of(lines, idle, in_window_milli(shelves.layers, lines, snapshot.as_of, settings), settings)
    charge = np.maximum(np.round(idle.cost_e4).astype(np.int64), 1)
    quota, names = pd.MultiIndex.from_frame(lines[["store", "supplier"]]).factorize()
    quota = quota.astype(np.int64)
    quotas = _quotas([(str(store), str(supplier)) for store, supplier in names], shelves.bought, settings)
    left = np.array([max(each.allowed_e4 - each.sent_back_e4, 0) for each in quotas], dtype=np.int64)
    ways = replace(ways, returnable=within_quota(idle, ways, quota, left, charge))
    found = best_actions(idle, ways)
    per_year = demand_per_year(workings.items, forecast) * workings.items.unit_milli
    level = workings.targets.level * workings.items.unit_milli
    lines = lines.assign(
        per_year_milli=np.append(np.round(per_year).astype(np.int64), 0)[lines["item"]],
        level_milli=np.append(level, 0)[lines["item"]],
    )
    rows = [*_sent(workings, shelves.stock, level, per_year, settings)]
    rows += _rows(lines, idle, ways, found, shelves.layers, settings)
    rows.sort(key=lambda row: (-int(str(row["gain_e4"])), str(row["store"]), str(row["part_no"]), str(row["action"])))
    proposed = np.bincount(quota, found.returned * charge, len(quotas)).astype(np.int64).tolist()
    made_use_of = (replace(each, proposed_e4=now) for each, now in zip(quotas, proposed, strict=True))
    return Surplus(tuple(rows), tuple(sorted(each for each in made_use_of if each.proposed_e4 or each.sent_back_e4)))


def _quotas(pairs: Sequence[tuple[str, str]], bought: pd.DataFrame, settings: Settings) -> list[Quota]:
    columns = (bought[name].tolist() for name in ("store", "supplier", "bought_e4", "sent_back_e4"))
    known = {(at, by): (amount, gone) for at, by, amount, gone in zip(*columns, strict=True)}
    found = []
    for store, supplier in pairs:
        amount, gone = known.get((store, supplier), (0, 0))
        allowed = int(settings.surplus.terms(supplier).quota_share * amount)
        found.append(Quota(store, supplier, allowed, gone, 0))
    return found


def _sent(
    workings: Workings, stock: pd.DataFrame, level: Int64Array1D, per_year: Float64Array1D, settings: Settings
) -> Iterator[Row]:
    """Yield the transfers of the plan as rows of the stores that give."""
    known = {(row["store"], row["part_no"]): row for row in _records(stock)}
    at = {key: i for i, key in enumerate(zip(workings.items.store, workings.items.part_no, strict=True))}
    freight = settings.surplus.transfer_cost_per_line_e4
    for each in workings.transfers:
        item, held = at[each.from_store, each.part_no], known.get((each.from_store, each.part_no))
        if held is not None:
            worth = each.value_e4 - freight - each.gain_e4
            line = {**held, "level_milli": int(level[item]), "per_year_milli": round(float(per_year[item]))}
            yield _row(line, TRANSFER, each.quantity_milli, each.value_e4, freight, worth, each.to_store)


def _rows(
    lines: pd.DataFrame, idle: Idle, ways: Ways, found: Actions, layers: pd.DataFrame, settings: Settings
) -> Iterator[Row]:
    """Yield a row for each line and way; what keeping is worth is shared out by units."""
    by_part = layers.sort_values("received_on", kind="stable").groupby(["store", "part_no"])
    columns = (found.returned, found.discounted, found.written_off, found.kept)
    for i, line in enumerate(_records(lines)):
        returned, discounted, written_off, kept = (int(column[i]) for column in columns)
        size, gone, told, before = int(str(line["size_milli"])), returned + discounted + written_off, 0, 0
        for action, units in ((RETURN, returned), (DISCOUNT, discounted), (WRITE_OFF, written_off)):
            if not units:
                continue
            before += units
            upto = int(found.gone_keep_worth_e4[i]) * before // gone
            worth, told = upto - told, upto
            brings, cost, to, act_by = 0, int(ways.line_cost_e4[i]), "", None
            if action == RETURN:
                brings, to = round(float(idle.cost_e4[i])) * units, str(line["supplier"])
                cost += brings - int(ways.return_e4[i]) * units
                window = settings.surplus.terms(to).window_days
                act_by = window_closes(by_part.get_group((line["store"], line["part_no"])), units * size, window)
            elif action == DISCOUNT:
                brings = int(ways.discount_e4[i]) * units
            else:
                cost = 0
            yield _row(line, action, units * size, brings, cost, worth, to, act_by)
        if kept:
            yield {**_row(line, KEEP, kept * size, 0, 0, int(found.kept_worth_e4[i]), ""), "gain_e4": 0}


def _records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame, each by the names of its columns."""
    columns = [frame[name].tolist() for name in frame.columns]
    return [dict(zip(map(str, frame.columns), row, strict=True)) for row in zip(*columns, strict=True)]


def _row(
    line: Row,
    action: str,
    quantity_milli: int,
    brings_e4: int,
    cost_e4: int,
    keep_worth_e4: int,
    to: str,
    act_by: date | None = None,
) -> Row:
    on_hand, value = int(str(line["on_hand_milli"])), int(str(line["value_e4"]))
    return {
        **{name: line[name] for name in ("store", "part_no", "name", "supplier")},
        "action": action,
        "quantity_milli": quantity_milli,
        "value_e4": (2 * value * quantity_milli + on_hand) // (2 * on_hand),
        "brings_e4": brings_e4,
        "cost_e4": cost_e4,
        "keep_worth_e4": keep_worth_e4,
        "gain_e4": brings_e4 - cost_e4 - keep_worth_e4,
        "to": to,
        "act_by": act_by,
        **{name: line[name] for name in ("on_hand_milli", "level_milli", "per_year_milli")},
        **{name: line[name] for name in ("last_asked_on", "silent_days", "never_again_ppm")},
    }
