"""What a plan sets and comes to, as tables: levels of every part, figures, what has changed, and what if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from planning.explaining.difference import CAUSES, Change
from planning.explaining.service_figures import FIGURES
from planning.explaining.what_if import Outcome
from reporting.reasons import line_sentence, quantity_text
from reporting.tables import ORDER_TYPE, Column, ColumnKind, Table, human_text, plain_value
from reporting.words import word
from reporting.words_plan import SENTENCES

Row = Mapping[str, object]

_HEAD = tuple(Column(name) for name in ("store", "part_no", "name"))
_LEVELS = tuple(
    Column(name, "quantity_milli") for name in ("safety_stock_milli", "reorder_point_milli", "order_up_to_level_milli")
)
_LEVEL_COLUMNS = (
    *_HEAD,
    Column("supplier"),
    ORDER_TYPE,
    *(
        Column(f"{name}_milli", "quantity_milli")
        for name in ("on_hand", "on_order", "reserved", "backorder", "position")
    ),
    *_LEVELS,
    *(Column(f"{name}_milli", "quantity_milli") for name in ("quantity", "urgent", "expected_demand")),
    Column("expected_fill_rate_ppm", "share_ppm"),
    Column("unit_cost_e4", "money_e4"),
    Column("reason"),
)
_LEVEL_SCREEN = (
    *_HEAD,
    *(Column(f"{name}_milli", "quantity_milli") for name in ("on_hand", "position")),
    *_LEVELS,
    *(Column(f"{name}_milli", "quantity_milli") for name in ("quantity", "urgent")),
    Column("expected_fill_rate_ppm", "share_ppm"),
)
_CHANGED = tuple(Column(f"{name}_milli", "quantity_milli") for name in ("quantity_before", "quantity_now", "change"))


def levels_table(rows: Sequence[Row], output: str, language: str, top: int | None = None) -> Table:
    """Return what a plan sets for every item: all figures for programs, those that fit a screen for people.

    Parameters
    ----------
    rows
        Levels as they are stored.
    top
        How many to show, those with the most money in their level first; all in their order where not given.
    """
    shown = [_level_row(row, output, language) for row in rows]
    notes: tuple[str, ...] = ()
    if top is not None and top < len(shown):
        shown = sorted(shown, key=lambda row: (-_tied_up(row), str(row["store"]), str(row["part_no"])))[:top]
        notes = (_sentence("note.levels-shown", language).format(shown=len(shown), total=f"{len(rows):,}"),)
    return Table(word("plan_levels", language), _LEVEL_SCREEN if output == "table" else _LEVEL_COLUMNS, shown, notes)


def _level_row(row: Row, output: str, language: str) -> dict[str, object]:
    held = {name: int(str(row[f"{name}_milli"])) for name in ("on_hand", "on_order", "reserved", "backorder")}
    position = held["on_hand"] - held["reserved"] + held["on_order"] - held["backorder"]
    reason = "" if output == "table" else line_sentence(row, language)
    return {**row, "position_milli": position, "reason": reason}


def _tied_up(row: Row) -> int:
    return int(str(row["order_up_to_level_milli"])) * int(str(row["unit_cost_e4"]))


def figures_table(plans: Mapping[str, Mapping[str, int]], output: str, language: str, title: str) -> Table:
    """Return what plans come to, one row per figure and one column per plan; of two plans, the difference too.

    Parameters
    ----------
    plans
        The figures of each, by the word of its column.
    title
        The word of the table's title.
    """
    for_people = output == "table"
    columns = dict(plans)
    if len(plans) == 2:
        before, after = plans.values()
        columns["difference"] = {
            name: after[name] - before[name] for name in FIGURES if name in before and name in after
        }
    rows: list[dict[str, object]] = []
    for figure in FIGURES:
        kind = _kind(figure)
        name = Column(figure).name
        row: dict[str, object] = {"figure": word(name, language) if for_people else name}
        for column, values in columns.items():
            text = human_text(values.get(figure), kind)
            if column == "difference":
                text = ("+" if values.get(figure, 0) > 0 else "") + text.replace(
                    "%", word("percentage_points", language)
                )
            row[column] = text if for_people else plain_value(values.get(figure), kind)
        rows.append(row)
    shown = tuple(Column(name, "text" if for_people else "number") for name in columns)
    return Table(word(title, language), (Column("figure"), *shown), rows)


def _kind(figure: str) -> ColumnKind:
    kinds: dict[str, ColumnKind] = {"ppm": "share_ppm", "milli": "quantity_milli", "e4": "money_e4"}
    return kinds.get(figure.rpartition("_")[2], "count")


def changes_table(changes: Sequence[Change], days: Sequence[str], output: str, language: str, top: int | None) -> Table:
    """Return the parts whose order has changed, with the causes: a column each for programs, in words for people.

    Parameters
    ----------
    days
        The days of the plans that are compared with.
    top
        How many to show, the dearest changes first; all in their order where not given.
    """
    shown = list(changes)
    if top is not None:
        shown = sorted(shown, key=lambda each: -abs(each.value_e4))[:top]
    rows = [
        {
            **each.now,
            "quantity_before_milli": each.before_milli,
            "quantity_now_milli": each.after_milli,
            "change_milli": each.change_milli,
            "value_e4": each.value_e4,
            "causes": _causes(each.causes, language),
            **{f"by_{name}_milli": amount for name, amount in each.causes.items()},
        }
        for each in shown
    ]
    causes = tuple(Column(f"by_{name}_milli", "quantity_milli") for name in CAUSES)
    columns = (*_HEAD, *_CHANGED, Column("value_e4", "money_e4"))
    columns = (*columns, Column("causes")) if output == "table" else (*columns, *causes)
    total = human_text(sum(each.value_e4 for each in changes), "money_e4")
    notes = (_sentence("note.compared", language).format(count=len(changes), money=total, days=", ".join(days)),)
    return Table(word("plan_diff", language), columns, rows, notes)


def causes_table(changes: Sequence[Change], language: str) -> Table:
    """Return what each cause changes the order by in all, in money; those that change nothing are left out."""
    totals = {name: sum(each.worth_e4(each.causes[name]) for each in changes) for name in CAUSES}
    rows = [
        {"cause": word(f"cause.{name}", language), "value_change_e4": total} for name, total in totals.items() if total
    ]
    return Table("", (Column("cause"), Column("value_change_e4", "money_e4")), rows)


def _causes(causes: Mapping[str, int], language: str) -> str:
    told = [
        f"{word(f'cause.{name}', language)} {'+' if amount > 0 else '−'}{quantity_text(abs(amount))}"
        for name, amount in causes.items()
        if amount
    ]
    return ("，" if language == "zh" else ", ").join(told)


def what_if_figures(today: Outcome, then: Outcome, as_of: date, language: str, output: str = "table") -> Table:
    """Return what both plans of a day come to, beside each other."""
    table = figures_table({"today": today.figures, "changed": then.figures}, output, language, "what_if")
    return replace(table, title=f"{table.title} · {as_of}")


def what_if_table(today: Outcome, then: Outcome, as_of: date, language: str) -> Table:
    """Return figures and orders of both plans as one table for programs; an order's rows name supplier and type."""
    figures = what_if_figures(today, then, as_of, language, "json")
    rows: list[Row] = [{"supplier": "", "order_type": "", **row} for row in figures.rows]
    for supplier, order_type in sorted(today.orders.keys() | then.orders.keys()):
        orders = [each.orders.get((supplier, order_type), (0, 0)) for each in (today, then)]
        for at, figure in enumerate(("order_lines", "order_value")):
            before, after = (order[at] for order in orders)
            its = {"today": before, "changed": after, "difference": after - before}
            shown = {name: plain_value(amount, "money_e4" if at else "count") for name, amount in its.items()}
            rows.append({"figure": figure, "supplier": supplier, "order_type": order_type, **shown})
    columns = (figures.columns[0], Column("supplier"), ORDER_TYPE, *figures.columns[1:])
    return Table(figures.title, columns, rows)


def what_if_orders(today: Outcome, then: Outcome, language: str) -> Table:
    """Return what each supplier's orders come to as things are and with the change."""
    rows = []
    for key in sorted(today.orders.keys() | then.orders.keys()):
        (lines, value), (lines_then, value_then) = (each.orders.get(key, (0, 0)) for each in (today, then))
        row: dict[str, object] = {"supplier": key[0], "order_type": key[1]}
        row |= {"lines_before": lines, "lines_after": lines_then}
        row |= {"value_before_e4": value, "value_after_e4": value_then, "value_change_e4": value_then - value}
        rows.append(row)
    columns = (
        Column("supplier"),
        ORDER_TYPE,
        *(Column(name, "count") for name in ("lines_before", "lines_after")),
        *(Column(name, "money_e4") for name in ("value_before_e4", "value_after_e4", "value_change_e4")),
    )
    return Table(word("what_if_orders", language), columns, rows, (_sentence("note.nothing-stored", language),))


def _sentence(key: str, language: str) -> str:
    return SENTENCES[key][language == "zh"]
