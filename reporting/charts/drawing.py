"""Marks on a page, each as one element of a scalable drawing (SVG 1.1), and the page they make.

No library: an element is a line of text, and the same marks are the same bytes. Lengths are pixels from the upper left
corner; numbers are written with two decimals at most. Colours are so far apart in lightness that a copier keeps them
apart, and whatever a colour says a dash or a hatch says as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from unicodedata import east_asian_width

from demand.history import Float64Array1D

INK, SOFT, RULE, FAINT, PAPER = "#1a1a1a", "#5f5f5f", "#b8b8b8", "#e6e6e6", "#ffffff"
ACCENT = "#0b4f8a"
FONTS = (
    "'Noto Sans','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',"
    "'Helvetica Neue',Arial,sans-serif"
)
_HATCHES = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="5" height="5" fill="{PAPER}"/><line x1="0" y1="0" x2="0" y2="5" stroke="{INK}" stroke-width="2"/>'
    '</pattern><pattern id="thin" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    f'<rect width="6" height="6" fill="{PAPER}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{RULE}" stroke-width="1"/>'
    "</pattern></defs>"
)
HATCH, THIN_HATCH = "url(#hatch)", "url(#thin)"


def page(width: float, height: float, marks: Iterable[str], title: str, told: str) -> str:
    """Return the drawing that some marks make, the later above the earlier.

    Parameters
    ----------
    width, height
        Of the page.
    title, told
        What it shows, in a line and in a sentence, for readers who hear it.
    """
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" role="img"'
        f' width="{number(width)}" height="{number(height)}" font-family="{FONTS}" font-size="13" fill="{INK}">'
    )
    paper = box(0, 0, width, height, PAPER)
    names = f"<title>{escape(title)}</title><desc>{escape(told)}</desc>"
    return "\n".join([head, names, _HATCHES, paper, *marks, "</svg>"]) + "\n"


def inline(width: float, height: float, marks: Iterable[str], title: str, told: str) -> str:
    """Return a drawing that stands within a page among others; the page holds `hatches` once for all of them."""
    names = f"<title>{escape(title)}</title>" + (f"<desc>{escape(told)}</desc>" if told else "")
    head = (
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="img" width="{number(width)}"'
        f' height="{number(height)}" font-size="13" fill="{INK}">'
    )
    return "".join([head, names, *marks, "</svg>"])


def hatches() -> str:
    """Return the hatches of the drawings of a page; it takes no room, and must stand before them."""
    return f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">{_HATCHES}</svg>'


def number(value: float) -> str:
    """Return a length as it is written.

    >>> number(12.0), number(1 / 3)
    ('12', '0.33')
    """
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def text(
    x: float,
    y: float,
    words: str,
    size: float = 13,
    anchor: str = "start",
    colour: str = INK,
    weight: str = "",
    halo: bool = False,
) -> str:
    """Return words on a base line; the anchor is ``start``, ``middle`` or ``end``; a halo keeps lines off the words."""
    bold = f' font-weight="{weight}"' if weight else ""
    edge = f' stroke="{PAPER}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    place = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{number(size)}"'
    return f'<text {place} fill="{colour}"{bold}{edge}>{escape(words)}</text>'


def text_width(words: str, size: float = 13) -> float:
    """Return about how wide words are: a Chinese character takes a square, others a little more than half of one."""
    return size * sum(1.0 if east_asian_width(sign) in "WF" else 0.53 for sign in words)


def line(x1: float, y1: float, x2: float, y2: float, colour: str = INK, width: float = 1, dash: str = "") -> str:
    """Return a straight line."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f"<line {ends}{_stroke(colour, width, dash)}/>"


def path(
    x: Float64Array1D | Sequence[float],
    y: Float64Array1D | Sequence[float],
    colour: str = INK,
    width: float = 1.5,
    dash: str = "",
) -> str:
    """Return a line through points."""
    return f'<polyline points="{_points(x, y)}" fill="none"{_stroke(colour, width, dash)} stroke-linejoin="round"/>'


def area(x: Float64Array1D | Sequence[float], y: Float64Array1D | Sequence[float], fill: str) -> str:
    """Return a filled shape with corners at points."""
    return f'<polygon points="{_points(x, y)}" fill="{fill}"/>'


def box(x: float, y: float, width: float, height: float, fill: str, edge: str = "") -> str:
    """Return a filled rectangle, with an edge where its colour is given."""
    border = f' stroke="{edge}" stroke-width="1"' if edge else ""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {place} fill="{fill}"{border}/>'


def dot(x: float, y: float, radius: float = 3.5, fill: str = INK, edge: str = PAPER) -> str:
    """Return a round mark."""
    place = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
    return f'<circle {place} fill="{fill}" stroke="{edge}" stroke-width="1.2"/>'


def _points(x: Float64Array1D | Sequence[float], y: Float64Array1D | Sequence[float]) -> str:
    return " ".join(f"{number(a)},{number(b)}" for a, b in zip(x, y, strict=True))


def _stroke(colour: str, width: float, dash: str) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{colour}" stroke-width="{number(width)}"{dashed}'
