"""The figures once more, by dictionaries and loops, written from their definitions: nothing is shared with the program.

All rows of the books are read as they are; whole numbers and fractions throughout; no figure is computed from another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from inventory.schemas import metadata

Row = dict[str, Any]
Value = Fraction | None
SHELF, SOLD = ("bin", "reserved"), ("customer", "workshop")
TABLES = ("document", "movement", "revaluation", "reversal", "demand_line", "demand_panel", "part", "stock_layer",
          "purchase_order_line", "receipt_line", "claim", "claim_event", "count_line", "reservation", "proposal",
          "period_close")  # fmt: skip


def all_rows(connection: sa.Connection) -> dict[str, list[Row]]:
    return {
        name: [dict(row) for row in connection.execute(sa.select(metadata.tables[name])).mappings()] for name in TABLES
    }


def ratio(above: int | Fraction, below: int | Fraction) -> Value:
    return Fraction(above) / below if below else None


def money(quantity: int, price: int | None) -> int:
    return 0 if price is None else (quantity * price + 500) // 1000


def month_back(day: date, months: int) -> date:
    """The first day of the month so many months before that of a day."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


class Books:
    """Rows that count for a period, and every figure of it."""

    def __init__(self, rows: dict[str, list[Row]], since: date, until: date, store: str | None, known: int | None):
        self.rows, self.since, self.until, self.store = rows, since, until, store
        closes = [row for row in rows["period_close"] if row["closed_until"] >= until.isoformat()]
        bounds: list[int] = [min(row["document_sequence"] for row in closes)] if closes else []
        bounds += [] if known is None else [known]
        self.known = min(bounds, default=None)
        self.document = {row["sequence"]: row for row in rows["document"]}
        self.part = {row["part_no"]: row for row in rows["part"]}
        self.mirrors = {row["document_sequence"] for row in rows["reversal"]}
        self.taken_back = {
            row["reverses_sequence"] for row in rows["reversal"] if self.counts(row["document_sequence"])
        }
        self.year = month_back(until, 11)
        self.demand = [
            row for row in self.of("demand_line")
            if row["outcome"] != "cancelled" and row["opened_on"] <= until.isoformat()
            and row["document_sequence"] not in self.taken_back and self.is_known(row["document_sequence"])
        ]  # fmt: skip
        self.asked = [row for row in self.demand if row["opened_on"] >= since.isoformat()]
        self.moves = [
            row for row in self.of("movement")
            if row["effective_on"] <= until.isoformat() and self.is_known(row["document_sequence"])
        ]  # fmt: skip
        self.changes = [
            row for row in self.of("revaluation")
            if row["effective_on"] <= until.isoformat() and self.is_known(row["document_sequence"])
        ]  # fmt: skip
        self.first_line = {
            (row["store"], row["order_no"], row["part_no"]): row for row in rows["demand_line"] if row["line_no"] == 1
        }

    # which rows count

    def is_known(self, sequence: int | None) -> bool:
        return sequence is None or self.known is None or sequence <= self.known

    def counts(self, sequence: int) -> bool:
        return self.is_known(sequence) and bool(self.document[sequence]["effective_on"] <= self.until.isoformat())

    def stands(self, sequence: int) -> bool:
        return self.counts(sequence) and sequence not in self.taken_back and sequence not in self.mirrors

    def of(self, table: str) -> list[Row]:
        return [row for row in self.rows[table] if self.store in (None, row["store"])]

    def within(self, day: str | None) -> bool:
        return day is not None and self.since.isoformat() <= day <= self.until.isoformat()

    # stock

    def pools(self, until: date) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for row in self.moves:
            if row["effective_on"] <= until.isoformat():
                at = found[row["store"], row["part_no"]]
                for sign, kind in ((1, row["target_kind"]), (-1, row["source_kind"])):
                    if kind in SHELF:
                        at[0] += sign * row["quantity_milli"]
                        at[1] += sign * row["value_e4"]
        for row in self.changes:
            if row["effective_on"] <= until.isoformat() and row["place_kind"] in SHELF:
                found[row["store"], row["part_no"]][1] += row["change_e4"]
        return {key: at for key, at in found.items() if at[0]}

    def stock_e4(self, until: date) -> int:
        return sum(value for _, value in self.pools(until).values())

    def place(self, *kinds: str) -> tuple[int, int]:
        quantity = value = 0
        for row in self.moves:
            for sign, kind in ((1, row["target_kind"]), (-1, row["source_kind"])):
                if kind in kinds:
                    quantity += sign * row["quantity_milli"]
                    value += sign * row["value_e4"]
        return quantity, value + sum(row["change_e4"] for row in self.changes if row["place_kind"] in kinds)

    def layers(self) -> list[tuple[tuple[str, str], date, int]]:
        """What is left of each inflow: key, day, value."""
        left = {key: at[0] for key, at in self.pools(self.until).items()}
        rows = [
            row for row in self.of("stock_layer")
            if self.counts(row["document_sequence"]) and row["document_sequence"] not in self.taken_back
        ]  # fmt: skip
        rows.sort(key=lambda row: (row["received_on"], row["document_sequence"], row["line_no"]), reverse=True)
        found = []
        for row in rows:
            key = (row["store"], row["part_no"])
            kept = min(left.get(key, 0), row["quantity_milli"])
            if kept > 0:
                left[key] -= kept
                value = (2 * kept * row["value_e4"] + row["quantity_milli"]) // (2 * row["quantity_milli"])
                found.append((key, date.fromisoformat(row["received_on"]), value))
        return found

    # demand

    @staticmethod
    def filled(row: Row) -> bool:
        return bool(row["outcome"] == "shelf" and row["quantity_supplied_milli"] >= row["quantity_requested_milli"])

    def from_shelf(self, row: Row) -> int:
        if self.filled(row):
            return int(row["quantity_requested_milli"])
        is_whole = row["quantity_supplied_milli"] >= row["quantity_requested_milli"]
        return 0 if is_whole else int(row["quantity_supplied_milli"])

    def missing(self, row: Row) -> int:
        return int(row["quantity_requested_milli"]) - self.from_shelf(row)

    def is_common(self, store: str, part_no: str, day: date) -> bool:
        """On twelve lines or more in the twelve months before the month of a day."""
        month = month_back(day, 0).isoformat()
        year_before = month_back(day, 12).isoformat()
        lines = sum(
            row["store"] == store and row["part_no"] == part_no and year_before <= row["opened_on"] < month
            for row in self.demand
        )
        return bool(lines >= 12)

    def lines_of_class(self, is_common: bool) -> list[Row]:
        return [
            row for row in self.asked
            if self.is_common(row["store"], row["part_no"], date.fromisoformat(row["opened_on"])) == is_common
        ]  # fmt: skip

    def orders(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.asked:
            found[row["store"], row["order_no"]].append(row)
        return found

    def visits(self) -> list[list[Row]]:
        return [lines for lines in self.orders().values() if any(row["vin"] or row["job_type"] for row in lines)]

    def wanted(self) -> set[tuple[str, str]]:
        months: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.demand:
            if row["opened_on"] >= self.year.isoformat():
                months[row["store"], row["part_no"]].add(row["opened_on"][:7])
        return {key for key, seen in months.items() if len(seen) >= 3}

    # sales

    def sold(self, since: date) -> Iterable[tuple[int, int, int, Row | None, Row | None]]:
        """Sign, quantity, cost, first line of the request, part; of what was issued or came back since a day."""
        for row in self.moves:
            if row["effective_on"] >= since.isoformat():
                if row["source_kind"] in SHELF and row["target_kind"] in SOLD:
                    sign, order = 1, row["target_name"]
                elif row["source_kind"] in SOLD and row["target_kind"] in SHELF:
                    sign, order = -1, row["source_name"]
                else:
                    continue
                line = self.first_line.get((row["store"], order, row["part_no"]))
                yield sign, row["quantity_milli"], row["value_e4"], line, self.part.get(row["part_no"])
        for row in self.demand:
            if row["document_sequence"] is None and row["opened_on"] >= since.isoformat():
                part = self.part.get(row["part_no"])
                cost = money(row["quantity_supplied_milli"], part["unit_cost_e4"] if part else None)
                yield 1, row["quantity_supplied_milli"], cost, row, part

    def sales(self, since: date) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for sign, quantity, cost, line, part in self.sold(since):
            price = line["unit_price_e4"] if line else None
            revenue = sign * money(quantity, price)
            listed = part["list_price_e4"] if part and part["list_price_e4"] is not None else price
            found["revenue"] += revenue
            found["list"] += sign * money(quantity, listed)
            found["cost"] += sign * cost
            found["priced_cost"] += sign * cost if price is not None else 0
            if line:
                is_of_vehicle = line["vin"] or line["job_type"]
                found["warranty"] += revenue if line["payer"] == "warranty" else 0
                found["vehicle"] += revenue if is_of_vehicle else 0
                is_usual = line["payer"] in (None, "customer")
                found["workshop"] += revenue if is_of_vehicle and is_usual else 0
        for row in self.changes:
            if row["place_kind"] in SOLD and row["effective_on"] >= since.isoformat():
                found["cost"] += row["change_e4"]
                found["priced_cost"] += row["change_e4"]
        return found

    def issued(self, since: date) -> int:
        """The cost of issues; imported lines of parts in the parts table."""
        return self.sales(since)["cost"]

    # figures

    def figure(self, name: str) -> Value:
        figure_id, _, variant = name.partition(":")
        if figure_id.startswith("DEAD_"):
            return self.dead(int(figure_id[5:]), variant)
        if figure_id.startswith("AGE_"):
            return self.age(figure_id[4:], variant)
        if figure_id.startswith(("SHORT_LINES_", "STOCKOUT_")):
            return self.shortage(figure_id, variant)
        family: Callable[[str, str], Value] = getattr(self, _FAMILY[figure_id])
        return family(figure_id, variant)

    def sales_figures(self, figure_id: str, variant: str) -> Value:
        sums = self.sales(self.since)
        revenue, warranty = sums["revenue"], sums["warranty"]
        if figure_id == "RETURN_RATE":
            return self.return_rate()
        return {
            "SALES": lambda: Fraction(sums["list"], 10_000),
            "REVENUE_NET": lambda: Fraction(
                {"all": revenue, "without_warranty": revenue - warranty, "warranty": warranty}.get(variant, 0), 10_000
            ),
            "COST_OF_ISSUES": lambda: Fraction(sums["cost"], 10_000),
            "GM": lambda: ratio(revenue - sums["priced_cost"], revenue),
            "PRICED": lambda: ratio(sums["priced_cost"], sums["cost"]),
            "REVENUE_PER_VISIT": lambda: ratio(Fraction(sums["vehicle"], 10_000), len(self.visits())),
            "PARTS_LABOUR": lambda: None,
            "ABSORPTION": lambda: None,
        }[figure_id]()  # type: ignore[no-untyped-call]  # lambdas, so that only one is worked out

    def return_rate(self) -> Value:
        out = back = 0
        for row in self.moves:
            if self.within(row["effective_on"]) and self.stands(row["document_sequence"]):
                if row["source_kind"] in SHELF and row["target_kind"] in SOLD:
                    out += row["value_e4"]
                elif row["source_kind"] in SOLD and row["target_kind"] in SHELF:
                    back += row["value_e4"]
        for row in self.asked:
            if row["document_sequence"] is None and row["part_no"] in self.part:
                out += money(row["quantity_supplied_milli"], self.part[row["part_no"]]["unit_cost_e4"])
        return ratio(back, out)

    def fill_figures(self, figure_id: str, variant: str) -> Value:
        lines = self.asked
        filled = [row for row in lines if self.filled(row)]
        urgent = [row for row in lines if row["outcome"] == "urgent"]
        lost = [row for row in lines if row["outcome"] == "lost"]
        asked_milli = sum(row["quantity_requested_milli"] for row in lines)
        missing = sum(row["quantity_requested_milli"] - self.from_shelf(row) for row in urgent + lost)
        partly = sum(not self.filled(row) and self.from_shelf(row) > 0 for row in lines)
        of_vehicle = [row for row in lines if row["vin"] or row["job_type"]]
        orders, visits = self.orders().values(), self.visits()
        blocked = [
            order for order in visits
            if any(row["outcome"] in ("special_order", "lost") and self.missing(row) for row in order)
        ]  # fmt: skip
        keys = {(row["store"], row["part_no"]) for row in lines}
        lost_keys = {(row["store"], row["part_no"]) for row in lost}
        value = sum(money(row["quantity_requested_milli"], row["unit_price_e4"]) for row in lines)
        shelf_value = sum(money(self.from_shelf(row), row["unit_price_e4"]) for row in lines)
        lost_value = sum(
            money(row["quantity_requested_milli"] - self.from_shelf(row), row["unit_price_e4"]) for row in lost
        )
        return {
            "FILL_SHELF_LINE:line": ratio(len(filled), len(lines)),
            "FILL_SHELF_LINE:half": ratio(2 * len(filled) + partly, 2 * len(lines)),
            "FILL_SHELF_LINE:quantity": ratio(sum(map(self.from_shelf, lines)), asked_milli),
            "FILL_SHELF_LINE:value": ratio(shelf_value, value),
            "FILL_SHELF_LINE:workshop": ratio(sum(map(self.filled, of_vehicle)), len(of_vehicle)),
            "FILL_ORDER:shelf": ratio(sum(all(map(self.filled, order)) for order in orders), len(orders)),
            "FILL_SAMEDAY:line": ratio(len(filled) + len(urgent), len(lines)),
            "SERVICE_LEVEL:line": ratio(len(lines) - len(urgent) - len(lost), len(lines)),
            "SERVICE_LEVEL:quantity": ratio(asked_milli - missing, asked_milli),
            "JOB_BLOCKED:visits": ratio(len(blocked), len(visits)),
            "LOST_SALES:line": ratio(len(lost), len(lines)),
            "LOST_SALES:parts": ratio(len(lost_keys), len(keys)),
            "LOST_VALUE:price": Fraction(lost_value, 10_000),
        }[f"{figure_id}:{variant}"]

    def shortage(self, figure_id: str, variant: str) -> Value:
        is_common = figure_id.endswith("COMMON")
        lines = self.lines_of_class(is_common)
        short = sum(not self.filled(row) for row in lines)
        if figure_id.startswith("SHORT_LINES"):
            return Fraction(short)
        if variant == "line":
            return ratio(short, len(lines))
        touched = {
            (row["store"], row["part_no"]) for row in self.moves
            if row["effective_on"] >= self.year.isoformat()
            and (row["source_kind"] in SHELF or row["target_kind"] in SHELF)
        }  # fmt: skip
        at_end = self.pools(self.until)
        stocked = {key for key in touched | set(at_end) if self.is_common(key[0], key[1], self.until) == is_common}
        if variant == "parts":
            return ratio(sum(key not in at_end for key in stocked), len(stocked))
        days = [self.since + timedelta(days=each) for each in range((self.until - self.since).days + 1)]
        zero = 0
        for day in days:
            there = self.pools(day)
            zero += sum(key not in there for key in stocked)
        return ratio(zero, len(days) * len(stocked))

    def stock_figures(self, figure_id: str, variant: str) -> Value:
        pools, wanted = self.pools(self.until), self.wanted()
        value = sum(each[1] for each in pools.values())
        idle = sum(each[1] for key, each in pools.items() if key not in wanted)
        if figure_id.startswith("SO_AGE"):
            return self.held(figure_id)
        outside = {
            "CORE_VALUE": ("core",), "CLAIM_VALUE": ("claim-short", "quarantine"), "TRANSIT_VALUE": ("transit",),
            "DOCK_VALUE": ("dock",), "WORK_IN_PROCESS": ("workshop",), "MAKER_RETURN_VALUE": ("return-to-maker",),
        }  # fmt: skip
        if figure_id in outside:
            return Fraction(self.place(*outside[figure_id])[1], 10_000)
        return {
            "STOCK_VALUE:average": Fraction(value, 10_000),
            "STOCK_VALUE:fifo": Fraction(sum(each[2] for each in self.layers()), 10_000),
            "WARRANTY_PARTS:quantity": Fraction(self.place("warranty-hold")[0], 1000),
            "NEG_ONHAND:parts": ratio(sum(each[0] < 0 for each in pools.values()), len(pools)),
            "BREADTH:parts": ratio(sum(key in pools for key in wanted), len(wanted)),
            "IDLE_CAPITAL:cost": ratio(idle, value),
        }[f"{figure_id}:{variant}"]

    def held(self, figure_id: str) -> Value:
        lines = value = 0
        pools = self.pools(self.until)
        for row in self.of("reservation"):
            made = self.document[row["document_sequence"]]
            is_old = made["effective_on"] < (self.until - timedelta(days=30)).isoformat()
            if row["holder_kind"] != "repair_order" or not is_old or not self.stands(made["sequence"]):
                continue
            name = row["reservation_no"]
            left = sum(
                each["quantity_milli"] * ((each["target_name"] == name) - (each["source_name"] == name))
                for each in self.moves
                if "reserved" in (each["source_kind"], each["target_kind"])
            )
            if left > 0:
                quantity, worth = pools[row["store"], row["part_no"]]
                lines += 1
                value += (2 * left * worth + quantity) // (2 * quantity)
        return Fraction(lines) if figure_id == "SO_AGE" else Fraction(value, 10_000)

    def turnover_figures(self, figure_id: str, variant: str) -> Value:
        stores = {row["store"] for row in self.moves}
        begins = [min(row["effective_on"] for row in self.moves if row["store"] == store) for store in stores]
        known_from = date.fromisoformat(max(begins)) if begins else None
        ends = [self.until]
        for back in range(12):
            end = month_back(self.until, back) - timedelta(days=1)
            if known_from is not None and end >= known_from:
                ends.append(end)
        values = [self.stock_e4(end) for end in ends]
        mean = Fraction(sum(values), len(values))
        start = max(known_from or self.until, self.year)
        days = [start + timedelta(days=each) for each in range((self.until - start).days + 1)]
        cost, closing = self.issued(self.year), values[0]
        if figure_id == "TURN_GROSS" and variant == "daily":
            return ratio(cost, Fraction(sum(map(self.stock_e4, days)), len(days)))
        year = self.sales(self.year)
        selling = Fraction(0)
        if figure_id == "SELLING_DAYS":
            selling = self.selling()
        return {
            "TURN_GROSS:month_ends": ratio(cost, mean),
            "TURN_GROSS:open_close": ratio(cost, Fraction(values[-1] + closing, 2)),
            "TURN_GROSS:annualised": ratio(12 * self.issued(month_back(self.until, 0)), closing),
            "TURN_TRUE:month_ends": ratio(self.received(self.year)["stock"], mean),
            "DAYS_SUPPLY:month_ends": ratio(365 * mean, cost) if mean else None,
            "MONTHS_SUPPLY:of_12": ratio(12 * closing, cost),
            "MONTHS_SUPPLY:of_3": ratio(3 * closing, self.issued(month_back(self.until, 2))),
            "SELLING_DAYS:closing": ratio(365 * selling, cost),
            "GMROI:month_ends": ratio(year["revenue"] - year["priced_cost"], mean),
        }[f"{figure_id}:{variant}"]

    def selling(self) -> Fraction:
        """The value at the end of what was asked for in twelve months, less its share in reserved places."""
        found = Fraction(0)
        asked = {(row["store"], row["part_no"]) for row in self.demand if row["opened_on"] >= self.year.isoformat()}
        for key, (quantity, value) in self.pools(self.until).items():
            if key in asked:
                reserved = sum(
                    row["quantity_milli"] * ((row["target_kind"] == "reserved") - (row["source_kind"] == "reserved"))
                    for row in self.moves
                    if (row["store"], row["part_no"]) == key
                )
                found += Fraction(value * (quantity - reserved), quantity)
        return found

    def stock_age(self, figure_id: str, variant: str) -> Value:
        del figure_id, variant
        layers = self.layers()
        return ratio(
            sum(value * max(0, (self.until - day).days) for _, day, value in layers), sum(value for *_, value in layers)
        )

    def lasts(self) -> tuple[dict[Any, str], dict[Any, str], dict[Any, str]]:
        """When each part was last asked for, sold and received."""
        asked: dict[Any, str] = defaultdict(str)
        sold: dict[Any, str] = defaultdict(str)
        received: dict[Any, str] = defaultdict(str)
        for row in self.demand:
            key = (row["store"], row["part_no"])
            asked[key] = max(asked[key], row["opened_on"])
            if row["document_sequence"] is None and row["quantity_supplied_milli"] > 0:
                sold[key] = max(sold[key], row["opened_on"])
        for row in self.rows["demand_panel"]:
            if row["quantity_milli"] > 0 and row["period"] <= self.until.isoformat():
                key = (row["store"], row["part_no"])
                first_day = row["period"] if len(row["period"]) > len("YYYY-MM") else f"{row['period']}-01"
                asked[key] = max(asked[key], first_day)
        for row in self.moves:
            goes_out = row["source_kind"] in SHELF and row["target_kind"] in SOLD
            if goes_out and row["document_sequence"] not in self.taken_back:
                key = (row["store"], row["part_no"])
                sold[key] = max(sold[key], row["effective_on"])
        for row in self.of("stock_layer"):
            if self.counts(row["document_sequence"]) and row["document_sequence"] not in self.taken_back:
                key = (row["store"], row["part_no"])
                received[key] = max(received[key], row["received_on"])
        return asked, sold, received

    def dead(self, months: int, variant: str) -> Value:
        after = month_back(self.until, months - 1).isoformat()  # the first day of the months
        asked, sold, received = self.lasts()
        value = whole = 0
        for key, (_, worth) in self.pools(self.until).items():
            whole += worth
            last = sold[key] if variant.startswith("sale") else max(asked[key], asked["", key[1]])
            is_new = not variant.endswith("_only") and received[key] >= after
            value += 0 if last >= after or is_new else worth
        return ratio(value, whole)

    def age(self, bucket: str, variant: str) -> Value:
        asked, _, received = self.lasts()
        value = whole = 0
        for key, (_, worth) in self.pools(self.until).items():
            whole += worth
            last = max(asked[key], asked["", key[1]]) if variant == "demand" else received[key]
            ages = (("0_3", 3), ("4_6", 6), ("7_9", 9), ("10_12", 12))
            found = [name for name, months in ages if last >= month_back(self.until, months - 1).isoformat()]
            value += worth if (found[0] if found else "OVER_12") == bucket else 0
        return ratio(value, whole)

    def received(self, since: date) -> dict[str, int]:
        types = {row["order_no"]: row["order_type"] for row in self.rows["purchase_order_line"]}
        order_of = {row["document_sequence"]: row["order_no"] for row in self.rows["receipt_line"]}
        found = {"stock": 0, "all": 0}
        for row in self.moves:
            sequence = row["document_sequence"]
            is_receipt = row["source_kind"] == "supplier" and row["target_kind"] in SHELF and sequence in order_of
            if is_receipt and row["effective_on"] >= since.isoformat() and sequence not in self.taken_back:
                found["all"] += row["value_e4"]
                found["stock"] += row["value_e4"] if types[order_of[sequence]] == "stock" else 0
        return found

    def purchase_figures(self, figure_id: str, variant: str) -> Value:
        standing = [
            row for row in self.of("purchase_order_line")
            if self.is_known(row["document_sequence"]) and row["document_sequence"] not in self.taken_back
        ]  # fmt: skip
        lines = [row for row in standing if self.within(row["ordered_on"])]
        value = sum(money(row["quantity_milli"], row["unit_cost_e4"]) for row in lines)
        urgent = [row for row in lines if row["order_type"] == "urgent"]
        received = self.received(self.since)
        proposals = {f"PO-{row['proposal_no']}" for row in self.rows["proposal"]}
        ordered: dict[Any, list[bool]] = defaultdict(list)
        for row in lines:
            ordered[row["store"], row["part_no"]].append(row["order_no"] in proposals)
        due = [row for row in standing if self.within(row["expected_on"])]
        kept = promised = came = 0
        for row in due:
            in_time = ever = 0
            for each in self.rows["receipt_line"]:
                same = all(each[name] == row[name] for name in ("order_no", "store", "part_no"))
                if same and self.stands(each["document_sequence"]):
                    ever += each["quantity_accepted_milli"]
                    if self.document[each["document_sequence"]]["effective_on"] <= row["expected_on"]:
                        in_time += each["quantity_accepted_milli"]
            kept += in_time >= row["quantity_milli"]
            promised += row["quantity_milli"]
            came += min(ever, row["quantity_milli"])
        return {
            "PURCHASES:received": Fraction(received["all"], 10_000),
            "PURCHASES:ordered": Fraction(value, 10_000),
            "EMERGENCY_LINES:line": ratio(len(urgent), len(lines)),
            "EMERGENCY_VALUE:value": ratio(
                sum(money(row["quantity_milli"], row["unit_cost_e4"]) for row in urgent), value
            ),
            "STOCK_ORDER_PERF:received": ratio(received["stock"], received["all"]),
            "PLAN_CONFORM:parts": ratio(sum(all(each) for each in ordered.values()), len(ordered)),
            "FILL_SUPPLIER:line": ratio(kept, len(due)),
            "FILL_SUPPLIER:quantity": ratio(came, promised),
        }[f"{figure_id}:{variant}"]

    def count_figures(self, figure_id: str, variant: str) -> Value:
        lines = [
            row for row in self.of("count_line")
            if row["counted_milli"] is not None and self.within(row["counted_on"])
            and self.is_known(row["document_sequence"]) and row["document_sequence"] not in self.taken_back
        ]  # fmt: skip
        exact = within = off = book = 0
        bins: dict[Any, bool] = {}
        for row in lines:
            difference = abs(row["counted_milli"] - row["expected_milli"])
            percent = {"fast": 1, "A": 1, "B": 3, "C": 5}[row["count_class"]]
            exact += difference == 0
            allowed = Fraction(percent * row["expected_milli"], 100) if row["expected_milli"] > 5000 else 0
            within += difference <= allowed
            off += money(difference, row["unit_cost_e4"])
            book += money(row["expected_milli"], row["unit_cost_e4"])
            at = (row["store"], row["bin_name"])
            bins[at] = bins.get(at, True) and difference == 0
        return {
            "ACCURACY_LINE:tolerance": ratio(within, len(lines)),
            "ACCURACY_LINE:exact": ratio(exact, len(lines)),
            "ACCURACY_VALUE:absolute": ratio(book - off, book),
            "ACCURACY_BIN:bins": ratio(sum(bins.values()), len(bins)),
        }[f"{figure_id}:{variant}"]

    def claim_figures(self, figure_id: str, variant: str) -> Value:
        del variant
        claims = [
            row for row in self.of("claim")
            if self.stands(row["document_sequence"])
            and self.within(self.document[row["document_sequence"]]["effective_on"])
        ]  # fmt: skip
        lines = [
            row for row in self.of("receipt_line")
            if self.stands(row["document_sequence"])
            and self.within(self.document[row["document_sequence"]]["effective_on"])
        ]  # fmt: skip
        numbers = {row["claim_no"] for row in claims}
        events = [
            row for row in self.rows["claim_event"]
            if row["claim_no"] in numbers and self.stands(row["document_sequence"])
        ]  # fmt: skip
        credited = sum(row["amount_e4"] or 0 for row in events)
        lapsed = {row["claim_no"] for row in events if row["step"] == "lapsed"}
        return {
            "CLAIM_RATE": ratio(len(claims), len(lines)),
            "CLAIM_RECOVERY": ratio(credited, sum(row["value_e4"] for row in claims)),
            "CLAIM_LATE": ratio(len(lapsed), len(claims)),
        }[figure_id]


_FAMILY = {
    **dict.fromkeys(("SALES", "REVENUE_NET", "COST_OF_ISSUES", "GM", "PRICED", "REVENUE_PER_VISIT", "PARTS_LABOUR",
                     "ABSORPTION", "RETURN_RATE"), "sales_figures"),
    **dict.fromkeys(("FILL_SHELF_LINE", "FILL_ORDER", "FILL_SAMEDAY", "SERVICE_LEVEL", "JOB_BLOCKED", "LOST_SALES",
                     "LOST_VALUE"), "fill_figures"),
    **dict.fromkeys(("STOCK_VALUE", "CORE_VALUE", "WARRANTY_PARTS", "CLAIM_VALUE", "TRANSIT_VALUE", "DOCK_VALUE",
                     "WORK_IN_PROCESS", "MAKER_RETURN_VALUE", "NEG_ONHAND", "BREADTH", "IDLE_CAPITAL", "SO_AGE",
                     "SO_AGE_VALUE"), "stock_figures"),
    **dict.fromkeys(("TURN_GROSS", "TURN_TRUE", "DAYS_SUPPLY", "MONTHS_SUPPLY", "SELLING_DAYS", "GMROI"),
                    "turnover_figures"),
    "STOCK_AGE_DAYS": "stock_age",
    **dict.fromkeys(("PURCHASES", "EMERGENCY_LINES", "EMERGENCY_VALUE", "STOCK_ORDER_PERF", "PLAN_CONFORM",
                     "FILL_SUPPLIER"), "purchase_figures"),
    **dict.fromkeys(("ACCURACY_LINE", "ACCURACY_VALUE", "ACCURACY_BIN"), "count_figures"),
    **dict.fromkeys(("CLAIM_RATE", "CLAIM_RECOVERY", "CLAIM_LATE"), "claim_figures"),
}  # fmt: skip
