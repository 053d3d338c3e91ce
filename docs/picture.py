"""Draw the README's picture: what `sparewise demo` really prints, as a scalable drawing of a terminal.

Run by `make picture`. The program is run as a user runs it, told that it speaks to a terminal; its output is taken as
it comes and drawn by rich, which prints the program's tables as well.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 150
PICTURE = Path(__file__).parent / "images" / "demo.svg"


def output_of_the_demonstration() -> str:
    """Return all that the demonstration prints, with its colours."""
    environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "cli", "demo", "sparewise-demo"],
            cwd=folder,
            env=environment | {"PYTHONPATH": str(Path(__file__).parent.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
        return done.stdout.replace(str(Path(folder).resolve()) + os.sep, "")


def main() -> None:
    """Draw the picture."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text.from_ansi(output_of_the_demonstration()))
    PICTURE.parent.mkdir(exist_ok=True)
    drawing = console.export_svg(title="sparewise demo")
    # The drawing would fetch its typeface from a server; the reader's own monospaced one serves.
    while (start := drawing.find("@font-face")) >= 0:
        drawing = drawing[:start] + drawing[drawing.index("}", start) + 1 :]
    PICTURE.write_text(drawing.replace("Fira Code", "DejaVu Sans Mono, WenQuanYi Micro Hei Mono"), "utf-8")


if __name__ == "__main__":
    main()
