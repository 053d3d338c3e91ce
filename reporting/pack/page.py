"""The report as one HTML file that needs nothing else: style and drawings stand in it, and it prints on A4.

Whatever comes from the books goes through the template's escaping; only the drawings, which are made here, do not.
"""

from __future__ import annotations

from pathlib import Path

from reporting.charts.drawing import FONTS, hatches
from reporting.pack import amounts, attention
from reporting.pack.contents import PAGES, STOCKED, Pack
from reporting.pack.idle import risk_told
from reporting.pack.lists import lists_of
from reporting.pack.pictures import charts
from reporting.pack.views import (
    MOST_STORES,
    SHOWN_ROWS,
    SIDE_BY_SIDE,
    card_view,
    definitions,
    figure_rows,
    list_views,
    store_rows,
    with_note,
)
from reporting.words import word

TEMPLATES = Path(__file__).parent / "templates"


def html_report(pack: Pack, language: str) -> str:
    """Return the report as a page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    lists = lists_of(pack, language, SHOWN_ROWS)
    risk = risk_told(pack.stocked_parts, language)
    overview = pack.overview
    is_compared = 1 < len(overview.stores) <= MOST_STORES
    pages = [
        {
            "name": page.name,
            "charts": charts(pack, page.name, language),
            "figures": figure_rows(pack, page.name, language),
            "lists": with_note(list_views(lists, page.name, language), STOCKED, risk),
        }
        for page in PAGES
    ]
    return environment.get_template("pack.html").render(
        language=language,
        say=lambda key: word(key, language),
        fonts=FONTS,
        hatches=hatches(),
        title=title(pack, language),
        foot=css_string(f"{title(pack, language)} · {stores_told(pack, language)}"),
        stores=stores_told(pack, language),
        told=known_told(pack, language),
        verdict=attention.verdict(pack, language),
        score=attention.score(pack, language),
        gaps=attention.gaps(pack, language),
        tiles=attention.tiles(pack, language),
        card=card_view(pack, language),
        every=pack.every,
        compared=overview.stores if is_compared else (),
        pages=pages,
        proposals=list_views(lists, "proposals", language),
        store_heads=[word(f"figure_{name.lower()}", language) for name in SIDE_BY_SIDE],
        store_rows=store_rows(pack, language) if len(overview.stores) > MOST_STORES else [],
        definitions=definitions(pack, call_of(pack), language),
    )


def css_string(text: str) -> str:
    r"""Return text as a string of a style sheet that nothing in it can end, nor the style sheet's element.

    >>> print(css_string('S01</style>"'))
    "S01\3c \2f style\3e \22 "
    """
    return '"' + "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text) + '"'


def title(pack: Pack, language: str) -> str:
    """Return the name of the report with its period."""
    name, when = word(f"pack_title_{pack.every}", language), amounts.period(pack.overview.scope, language)
    return f"{name} · {when}"


def stores_told(pack: Pack, language: str) -> str:
    """Return which stores it is of."""
    stores = pack.overview.stores
    key = "pack_store" if len(stores) == 1 else "pack_stores"
    return word(key, language).format(stores=("、" if language == "zh" else ", ").join(stores))


def known_told(pack: Pack, language: str) -> str:
    """Return by what knowledge it was made, and whether its period is over."""
    scope = pack.overview.scope
    until = amounts.day(scope.until, language)
    known = word("pack_known", language).format(day=until, known_at=pack.known_at)
    return known if pack.is_over else f"{word('pack_open', language).format(day=until)} {known}"


def call_of(pack: Pack) -> str:
    """Return the options under which `kpi lines` prints the lines of this period."""
    scope = pack.overview.scope
    span = f"--span {pack.every} " if pack.every != "month" else f"--month {scope.months[-1]} "
    store = f"--store {scope.store} " if scope.store else ""
    return f"{span}{store}--as-of {scope.until.isoformat()} --known-at {pack.known_at}"
