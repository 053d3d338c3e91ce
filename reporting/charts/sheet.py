"""A drawing as a file: .svg by itself, or an .html page that prints on one sheet of A4."""

from __future__ import annotations

from html import escape
from pathlib import Path


def write_drawing(svg: str, path: Path, title: str, language: str, notes: tuple[str, ...] = ()) -> None:
    """Write a drawing.

    Parameters
    ----------
    svg
        As `drawing.page` makes it.
    path
        Ends in .svg or .html; the drawing alone, or a page with the notes below it.
    title, language, notes
        Of the page; the language is ``en`` or ``zh``.
    """
    path.write_text(svg if path.suffix.lower() == ".svg" else html_page(svg, title, language, notes), "utf-8")


def html_page(svg: str, title: str, language: str, notes: tuple[str, ...]) -> str:
    """Return a page that holds the drawing and asks no server for anything."""
    told = "".join(f"<p>{escape(note)}</p>\n" for note in notes)
    style = (
        "@page{size:A4 landscape;margin:12mm}body{margin:16px auto;max-width:1080px;font:13px/1.5 'Noto Sans',"
        "'Noto Sans SC','Microsoft YaHei','WenQuanYi Micro Hei',Arial,sans-serif;color:#1a1a1a;background:#fff}"
        "svg{width:100%;height:auto}p{margin:4px 0;color:#444;max-width:100ch}"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>\n{svg}{told}</body></html>\n"
    )
