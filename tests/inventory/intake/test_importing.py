"""Files come into the books whole or not at all, once, and as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter

from inventory import schema
from inventory.database import initialise, open_database, read
from inventory.intake.headings import SYNONYMS
from inventory.intake.tables import TABLES
from inventory.reading import read_snapshot
from tests.inventory.intake.dealership import AS_OF, FILES, contents, import_all, import_parts, write_files


def changed(kind: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[kind]
    return {kind: FILES[kind].replace(old, new)}


def test_every_table_is_taken(engine: sa.Engine, tmp_path: Path) -> None:
    report = import_all(engine, write_files(tmp_path / "tables"))
    assert report.findings == ()
    assert {count.kind for count in report.counts} == set(FILES) == set(TABLES)
    for count in report.counts:
        assert (count.read, count.new) == (FILES[count.kind].count("\n") - 1,) * 2, count
    filled = {table for table, rows in contents(engine).items() if rows}
    assert {rule.table for rule in TABLES.values() if rule.table} <= filled
    assert {"movement", "balance", "stock_layer", "purchase_order_line"} <= filled


def test_what_a_cell_leaves_open_means_what_the_contract_says(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables"))
    books = read_snapshot(engine, AS_OF)
    assert books.parts["pack_size_milli"].tolist() == [10_000, 10_000, 1000, 1000]
    assert books.parts["unit_cost_e4"].tolist() == [123_456, 130_000, 200_000, 1_500_000]
    assert books.channels["cost_multiplier_ppm"].tolist() == [1_000_000, 1_000_000]
    assert books.channels["lead_time_days_mean"].tolist() == [4.5, 1.0]
    assert books.channels["lead_time_days_sd"].tolist() == [1.2, 0.0]
    lines = books.demand_lines
    assert lines["quantity_supplied_milli"].tolist() == [1000, 500, 1000, 0], "not filled in: all that was asked"
    assert lines["line_no"].tolist() == [1, 1, 2, 1]
    assert lines["outcome"].tolist() == ["shelf", "shelf", "special_order", "special_order"]
    assert books.fitments[["year_from", "year_to"]].to_numpy().tolist() == [[0, 9999]] * 2
    assert books.open_orders["expected_on"].dt.strftime("%m-%d").tolist() == ["07-02", "06-30"], "five days' lead time"


def test_a_part_number_is_text_and_keeps_its_zeros(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables"))
    books = read_snapshot(engine, AS_OF)
    assert books.parts["part_no"].tolist() == ["00195040", "00195041", "1E5", "NA"]
    assert books.positions["part_no"].tolist() == ["00195040", "NA"]


def test_positions_add_up_stock_orders_and_waiting_customers(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables"))
    positions = read_snapshot(engine, AS_OF).positions
    columns = ["store", "part_no", "on_hand_milli", "on_order_milli", "backorder_milli", "value_e4"]
    assert positions[columns].to_numpy().tolist() == [
        ["S01", "00195040", 7000, 10_000, 0, 840_000],
        ["S01", "NA", 0, 3000, 1000, 0],
    ], "the special order of a year ago is no row: nobody waits any more"


def test_the_last_day_of_supply_is_read_under_either_heading(engine: sa.Engine, tmp_path: Path) -> None:
    for heading in ("supplied_until", "停供日期"):
        changed = {"parts": f"part_no,name,unit_cost,supplier,{heading}\nNA,Brake pad,150,GPC,2026-07-03\n"}
        import_all(engine, write_files(tmp_path / heading, changed, ["suppliers", "parts"]))
        days = read_snapshot(engine, AS_OF).parts["supplied_until"]
        assert days.dt.strftime("%Y-%m-%d").tolist() == ["2026-07-03"]


def test_importing_again_changes_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "tables")
    import_all(engine, folder)
    before = contents(engine)
    report = import_all(engine, folder)
    assert report.findings == ()
    assert all((count.new, count.changed, count.unchanged) == (0, 0, count.read) for count in report.counts)
    assert contents(engine) == before


def test_the_order_of_rows_is_of_no_account(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables"))
    heading, *rows = FILES["service_history"].splitlines()
    turned = "\n".join([heading, *reversed(rows)]) + "\n"
    other = open_database(f"sqlite:///{tmp_path / 'turned.db'}")
    initialise(other)
    import_all(other, write_files(tmp_path / "turned", {"service_history": turned}))
    assert read_snapshot(engine, AS_OF).content_hash() == read_snapshot(other, AS_OF).content_hash()
    other.dispose()


def test_equal_files_give_equal_snapshots_on_every_database(engine: sa.Engine, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "tables")
    import_all(engine, folder)
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    initialise(other)
    import_all(other, folder)
    assert read_snapshot(engine, AS_OF).content_hash() == read_snapshot(other, AS_OF).content_hash()
    other.dispose()


def test_a_store_sees_its_own_rows_and_those_of_all(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables"))
    books = read_snapshot(engine, AS_OF, "S02")
    assert books.vehicles["vin"].tolist() == ["VIN2"]
    assert books.demand_lines["order_no"].tolist() == ["R2"]
    assert books.campaigns["campaign_no"].tolist() == ["C1"], "a campaign without a store is of every store"
    assert len(books.positions) == len(books.open_orders) == 0


def test_an_empty_database_has_an_empty_snapshot(engine: sa.Engine) -> None:
    books = read_snapshot(engine, AS_OF)
    assert books.known_at == 0
    assert len(books.positions) == 0
    assert books.positions.dtypes.astype(str).tolist() == ["str", "str", *["int64"] * 5]


def test_a_master_is_brought_up_to_date_and_the_rest_stays(engine: sa.Engine, tmp_path: Path) -> None:
    import_parts(engine, tmp_path)
    file = tmp_path / "parts.csv"
    file.write_text("part_no,name,unit_cost,supplier\n00195040,Oil filter,14,GPC\nX9,New,1,GPC\n", "utf-8")
    (count,) = import_all(engine, file, "parts").counts
    assert (count.new, count.changed, count.unchanged) == (1, 1, 0)
    parts = read_snapshot(engine, AS_OF).parts.set_index("part_no")
    assert parts["unit_cost_e4"].to_dict() == {
        "00195040": 140_000, "00195041": 130_000, "1E5": 200_000, "NA": 1_500_000, "X9": 10_000,
    }  # fmt: skip
    assert parts.loc["00195040", "pack_size_milli"] == 1000, "a file that leaves a column out says its default"


def test_an_order_that_says_otherwise_the_second_time_is_a_conflict(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables", kinds=["parts", "service_history"]))
    before = contents(engine)
    file = tmp_path / "again.csv"
    heading, first, *_ = FILES["service_history"].splitlines()
    file.write_text(f"{heading}\n{first.replace('00195040,1,', '00195040,3,')}\n", "utf-8")
    (finding,) = import_all(engine, file, "service_history").findings
    assert finding.is_conflict
    assert (finding.row, finding.column, finding.value) == (2, "order_no", "R1")
    assert "quantity_requested 1" in finding.suggestion
    assert contents(engine) == before


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("stock", "A-01,7,", "A-01,8,"),
        ("open_orders", "00195040,10,", "00195040,20,"),
    ],
)
def test_the_ledger_refuses_another_content_under_a_known_number(
    engine: sa.Engine, tmp_path: Path, kind: str, old: str, new: str
) -> None:
    kinds = ["parts", "order_channels", kind]
    import_all(engine, write_files(tmp_path / "tables", kinds=kinds))
    before = contents(engine)
    report = import_all(engine, write_files(tmp_path / "again", changed(kind, old, new), kinds=[]))
    assert [finding.is_conflict for finding in report.findings] == [True]
    assert report.counts == ()
    assert contents(engine) == before


def test_a_conflict_in_the_last_table_leaves_the_first_unwritten(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables"))
    before = contents(engine)
    both = {**changed("parts", "Wiper", "Wiper blade"), **changed("open_orders", "NA,3,", "NA,4,")}
    assert import_all(engine, write_files(tmp_path / "again", both)).findings
    assert contents(engine) == before


def test_a_dry_run_counts_and_writes_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "tables")
    before = contents(engine)
    assert sum(count.new for count in import_all(engine, folder, dry_run=True).counts) > 0
    assert contents(engine) == before


FAULTS = [
    ("a missing column", "parts", "unit_cost", "price", (1, "unit_cost", "")),
    ("an unknown part", "service_history", "1E5,1,0", "195041,1,0", (5, "part_no", "195041")),
    ("a negative quantity", "stock", "A-01,7,", "A-01,-7,", (2, "quantity", "-7")),
    ("a broken date", "open_orders", "150,2026-06-25", "150,2026-06-31", (2, "ordered_on", "2026-06-31")),
    ("a vehicle sold in the future", "vehicles", "2024-02-29", "2026-07-01", (2, "registered_on", "2026-07-01")),
]


@pytest.mark.parametrize(("kind", "old", "new", "told"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS])
def test_one_fault_is_told_by_row_and_column_and_nothing_is_written(
    engine: sa.Engine, tmp_path: Path, kind: str, old: str, new: str, told: tuple[int, str, str]
) -> None:
    before = contents(engine)
    files = write_files(tmp_path / "tables", changed(kind, old, new), kinds=["parts"])
    (finding,) = import_all(engine, files).findings
    assert Path(finding.source).name == f"{kind}.csv"
    assert (finding.row, finding.column, finding.value) == told
    assert finding.reason
    assert contents(engine) == before


def test_the_faults_of_all_files_are_told_at_once(engine: sa.Engine, tmp_path: Path) -> None:
    everything: dict[str, str] = {}
    for _, kind, old, new, _told in FAULTS:
        everything |= changed(kind, old, new)
    report = import_all(engine, write_files(tmp_path / "tables", everything))
    assert {Path(finding.source).stem for finding in report.findings} >= {kind for _, kind, *_ in FAULTS}


def test_an_unknown_part_is_told_with_the_one_it_probably_is(engine: sa.Engine, tmp_path: Path) -> None:
    change = changed("service_history", "1E5,1,0", "195041,1,0")
    (finding,) = import_all(engine, write_files(tmp_path / "tables", change)).findings
    assert finding.suggestion == "probably 00195041; write it so"


def test_a_part_in_the_books_need_not_come_again(engine: sa.Engine, tmp_path: Path) -> None:
    import_parts(engine, tmp_path)
    file = tmp_path / "any_name.csv"
    file.write_text("part_no,model\n1E5,M1\n", "utf-8")
    assert import_all(engine, file, "fitments").findings == ()


def test_an_unknown_supplier_counts_only_where_suppliers_are_known(engine: sa.Engine, tmp_path: Path) -> None:
    file = tmp_path / "parts.csv"
    file.write_text("part_no,name,unit_cost,supplier\nX1,Thing,1,GPX\n", "utf-8")
    assert import_all(engine, file, "parts", dry_run=True).findings == ()
    suppliers = tmp_path / "suppliers.csv"
    suppliers.write_text(FILES["suppliers"], "utf-8")
    import_all(engine, suppliers, "suppliers")
    (finding,) = import_all(engine, file, "parts").findings
    assert (finding.row, finding.column, finding.value) == (2, "supplier", "GPX")


def test_a_ring_of_supersessions_is_told_with_its_path(engine: sa.Engine, tmp_path: Path) -> None:
    import_all(engine, write_files(tmp_path / "tables", kinds=["parts", "supersessions"]))
    file = tmp_path / "more.csv"
    file.write_text("part_no,replaced_by,effective_on\n00195041,00195040,2026-10-01\n", "utf-8")
    (finding,) = import_all(engine, file, "supersessions").findings
    assert "00195040 → 00195041 → 00195040" in finding.reason
    assert finding.row == 2


def test_a_model_nobody_knows_is_noted_and_taken(engine: sa.Engine, tmp_path: Path) -> None:
    report = import_all(engine, write_files(tmp_path / "tables", changed("campaigns", "NA,M1", "NA,M9")))
    assert report.findings == ()
    assert any("M9" in note for note in report.notes)


def test_an_open_order_without_a_day_needs_a_channel(engine: sa.Engine, tmp_path: Path) -> None:
    change = changed("order_channels", "GPC,stock", "GPC,urgent")
    change["order_channels"] = change["order_channels"].replace("GPC,urgent,1,,,60.5\n", "")
    (finding,) = import_all(engine, write_files(tmp_path / "tables", change)).findings
    assert (finding.row, finding.column) == (2, "expected_on")


def test_chinese_headings_in_gb18030_are_read(engine: sa.Engine, tmp_path: Path) -> None:
    import_parts(engine, tmp_path)
    file = tmp_path / "stock.csv"
    file.write_bytes("门店,备件编码,库位,数量,单价\nS02,00195041,一号架,2.5,12.34\n".encode("gb18030"))
    report = import_all(engine, file, "stock")
    assert report.findings == ()
    assert any("GB18030" in note for note in report.notes)
    with read(engine) as connection:
        question = sa.select(schema.balance.c.place_name).where(
            schema.balance.c.store == "S02", schema.balance.c.place_kind == "bin"
        )
        assert connection.execute(question).scalars().all() == ["一号架"]


def test_a_fault_is_told_under_the_heading_the_file_has(engine: sa.Engine, tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_text("门店,备件编码,数量,单价\nS01,00195040,-1,3\n", "utf-8-sig")
    columns = {finding.column for finding in import_all(engine, file, "stock").findings}
    assert columns == {"备件编码", "数量"}


def test_every_column_has_a_chinese_heading_of_its_own() -> None:
    for rule in TABLES.values():
        for column in rule.columns:
            assert SYNONYMS[column.name], f"{rule.kind}.{column.name} has no Chinese heading"


def test_a_workbook_is_read_and_its_text_stays_text(engine: sa.Engine, tmp_path: Path) -> None:
    import_parts(engine, tmp_path)
    file = tmp_path / "appointments.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        book.add_worksheet("about").write(0, 0, "not a table")
        sheet = book.add_worksheet("appointments")
        sheet.write_row(0, 0, ["appointment_no", "due_on", "store", "part_no", "quantity"])
        sheet.write_row(1, 0, ["A7", "", "S01", "00195040", 0.1 + 0.2])
        sheet.write_datetime(1, 1, AS_OF, book.add_format({"num_format": "yyyy-mm-dd"}))
    report = import_all(engine, file, "appointments")
    assert report.findings == ()
    row = read_snapshot(engine, AS_OF).appointments.set_index("appointment_no").loc["A7"]
    assert (row["part_no"], row["quantity_milli"], str(row["due_on"])[:10]) == ("00195040", 300, "2026-06-30")
    assert any("about" in note for note in report.notes)


def test_a_part_number_stored_as_a_number_is_told_by_its_cell(engine: sa.Engine, tmp_path: Path) -> None:
    import_parts(engine, tmp_path)
    file = tmp_path / "fitments.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["model", "part_no"])
        sheet.write_row(1, 0, ["M1", 195040])
    findings = import_all(engine, file, "fitments").findings
    assert "cell B2" in findings[0].reason
    assert (findings[0].sheet, findings[0].row, findings[0].value) == ("Sheet1", 2, "195040")


def test_a_folder_without_tables_is_told(engine: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (finding,) = import_all(engine, tmp_path / "empty").findings
    assert "parts" in finding.reason


def test_other_tables_of_a_folder_are_named_and_left(engine: sa.Engine, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "tables")
    (folder / "customers.csv").write_text("a,b\n", "utf-8")
    (folder / "README.md").write_text("About these files.", "utf-8")
    report = import_all(engine, folder)
    assert report.findings == ()
    assert report.notes == (f"{folder}: not taken: customers.csv",)
