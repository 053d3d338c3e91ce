"""The report's page needs nothing else, shows nothing unescaped, and every link in it leads somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from planning.scorecard.score import Scored
from reporting.pack.attention import gaps, score, tiles, verdict
from reporting.pack.contents import PAGES
from reporting.pack.page import call_of, html_report
from tests.reporting.pack.made_pack import HOSTILE, made_pack

PACK = made_pack()


class Seen(HTMLParser):
    """What a page holds: ids, links, tags in their order of opening and closing, and its text."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert not {"src", "onclick", "onload"} & set(found), f"{tag} asks for something or does something"
        assert tag not in ("script", "link", "iframe", "img")
        if tag not in self.VOID:
            self.open.append(tag)
        if (name := found.get("id")) is not None and "svg" not in self.open:
            self.ids.append(name)
        if tag == "a":
            self.links.append(found["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module", params=["en", "zh"])
def page(request: pytest.FixtureRequest) -> str:
    return html_report(PACK, request.param)


def test_the_page_is_well_formed_and_asks_no_server_for_anything(page: str) -> None:
    seen = Seen(page)
    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert not re.search(r"https?://|url\((?!#)|@import", page)


def test_what_the_books_hold_is_shown_and_never_becomes_a_part_of_the_page(page: str) -> None:
    assert HOSTILE not in page
    assert HOSTILE in Seen(page).text
    assert "00195040" in Seen(page).text


def test_every_figure_leads_to_its_lines_and_to_its_definition_with_the_command(page: str) -> None:
    seen = Seen(page)
    assert {link.removeprefix("#") for link in seen.links} <= set(seen.ids)
    for figure_id in (figure_id for each in PAGES for figure_id, _ in each.figures):
        assert f"def-{figure_id}" in seen.ids
        assert re.search(rf"kpi lines {figure_id}:\w+ --month 2026-06 --as-of 2026-06-30 --known-at 22", seen.text)


def test_every_drawing_is_sound_and_says_what_it_shows(page: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) > 12
    for each in drawings[1:]:
        root = ElementTree.fromstring(each)  # noqa: S314 - our own drawing
        assert root.findtext("title")
        for number in re.findall(r' (?:x|y|x1|y1|cx|cy|width|height)="([^"]*)"', each):
            assert float(number) > -1


def test_months_of_a_chart_stand_over_their_years_and_per_cent_follows_a_number_as_its_language_writes_it() -> None:
    pages = {language: html_report(PACK, language).partition('id="definitions"')[0] for language in ("en", "zh")}
    charts = {language: "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL)) for language, page in pages.items()}
    assert (charts["en"].count(">2025<"), charts["en"].count(">2026<")) == (charts["en"].count(">Aug<"),) * 2
    assert re.search(r">\d+ %<", charts["en"])
    assert " %" not in Seen(pages["zh"]).text


def test_every_printed_page_says_which_report_it_is_of_whatever_a_store_is_called() -> None:
    page = html_report(made_pack(('S"01</style>',)), "en")
    assert Seen(page).open == []
    assert 'content: "Parts report of the month \\b7  June 2026 \\b7  Store S\\22 01\\3c \\2f style\\3e "' in page


def test_the_same_pack_is_the_same_page() -> None:
    assert html_report(made_pack(), "zh") == html_report(PACK, "zh")


def test_a_manager_is_told_first_what_misses_its_goal_by_how_much_and_what_to_do() -> None:
    first = {gap.figure_id: gap for gap in gaps(PACK, "en")}
    fill, turns = first["FILL_SHELF_LINE"], first["TURN_GROSS"]
    assert (fill.mark, fill.value, fill.goal, fill.gap) == ("▼", "84.0 %", "≥ 90.0 %", "−6.0 pts")
    assert (turns.mark, turns.value, turns.goal) == ("▲", "9.0 a year", "6.0 to 8.0 a year")
    assert fill.since == "Since May 2026: better"
    assert all(gap.next_step for gap in first.values())
    assert "DEAD_12" not in first, "which meets its goal"
    assert re.fullmatch(r"\d+ 项指标中 \d+ 项未达标", verdict(PACK, "zh"))
    assert "Not measurable: Inventory accuracy by line" in score(PACK, "en")


def test_what_waits_is_counted_also_where_nothing_does() -> None:
    assert [tile.count for tile in tiles(PACK, "en")] == [1, 0, 3, 1, 1, 1]
    idle = replace(PACK, awaiting=(), overdue_lines=(), claims=(), stocked_parts=(), short_lines=(), sold_parts=(),
                   suppliers=())  # fmt: skip
    assert [tile.count for tile in tiles(idle, "zh")] == [0, 0, 3, 0, 0, 0]
    assert Seen(html_report(idle, "en")).text.count("None.") >= 6


def test_a_card_of_which_nothing_can_be_measured_is_told_so() -> None:
    nothing = Scored(
        PACK.scored.card,
        tuple(
            replace(each, figure=replace(each.figure, denominator=0), reached=None, money=None, lines=None)
            for each in PACK.scored.kpis
        ),
    )
    assert verdict(replace(PACK, scored=nothing), "en") == "No figure with a goal could be measured"


@pytest.mark.parametrize(
    ("stores", "columns", "call"),
    [
        (("S01",), 0, "--month 2026-06 --store S01 --as-of 2026-06-30 --known-at 22"),
        (("S01", "S02"), 2, "--month 2026-06 --as-of 2026-06-30 --known-at 22"),
        (("S01", "S02", "S03", "S04", "S05"), 0, "--month 2026-06 --as-of 2026-06-30 --known-at 22"),
    ],
)
def test_few_stores_stand_beside_the_figures_and_many_on_a_list_of_their_own(
    stores: tuple[str, ...], columns: int, call: str
) -> None:
    pack = made_pack(stores)
    page = html_report(pack, "en")
    assert call_of(pack) == call
    assert page.count('<th class="n">S01</th>') == (len(PAGES) if columns else 0)
    assert ("The stores side by side" in page) == (len(stores) > 4)
