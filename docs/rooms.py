"""Write the list of rooms and files at the end of `docs/architecture.md` from the first line of each file.

Run ``python docs/rooms.py`` after adding, renaming or removing a file; a test fails while the page is out of date.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
ROOMS = (
    "demand",
    "forecasting",
    "forecasting/backtest",
    "forecasting/baselines",
    "forecasting/heads",
    "optimisation",
    "optimisation/policies",
    "optimisation/purse",
    "optimisation/cases",
    "inventory",
    "inventory/books",
    "inventory/proof",
    "inventory/purchasing",
    "inventory/counter",
    "inventory/claims",
    "inventory/counting",
    "inventory/figures",
    "inventory/intake",
    "planning",
    "planning/preparing",
    "planning/levels",
    "planning/orders",
    "planning/explaining",
    "planning/simulation",
    "planning/surplus",
    "planning/scorecard",
    "reporting",
    "reporting/charts",
    "reporting/pack",
    "selftest",
    "commands",
    "data_samples",
    "benchmarks",
    "benchmarks/rivals",
)
HEADING = "## Rooms\n"


def first_line(file: Path) -> str:
    """Return what a file says it is, in one line."""
    docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return docstring.split("\n")[0].removesuffix(".")


def rooms() -> str:
    """Return the list: a heading per room, a row per file."""
    parts = [HEADING]
    for room in ROOMS:
        face = ROOT / room / "__init__.py"
        parts += [f"\n### `{room}/`\n\n{first_line(face)}.\n\n| file | what it is |\n|---|---|\n"]
        parts += [
            f"| `{file.name}` | {first_line(file).replace('|', chr(92) + '|')} |\n"
            for file in sorted((ROOT / room).glob("*.py"))
            if file != face
        ]
    return "".join(parts)


def page() -> str:
    """Return the whole page as it should be."""
    return PAGE.read_text("utf-8").split(HEADING)[0] + rooms()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
