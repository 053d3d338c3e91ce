"""Draw the README's picture: what `sparewise demo` really prints from the plan on, as a scalable drawing of a terminal.

Run by `make picture`. The program is run as a user runs it and its output is taken as it comes; only the commands are
set off in colour and the text is drawn by rich, which prints the program's tables as well.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "demo.svg"
WIDTH = 160
CHINESE = r"[\u4e00-\u9fff]+"
FIRST_COMMAND_SHOWN = "$ sparewise plan run"


def output_of_the_demonstration() -> str:
    """Return what the demonstration prints from the plan on."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "cli", "demo"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
        text = done.stdout.replace(str(Path(folder).resolve()) + os.sep, "")
    return text[text.index(FIRST_COMMAND_SHOWN) :].rstrip()


def with_chinese_two_columns_wide(drawing: str) -> str:
    """Return the drawing with each run of Chinese as wide as a terminal shows it; rich allows it half of that."""
    run = re.compile(rf'textLength="([\d.]+)"([^>]*>{CHINESE}<)')
    return run.sub(lambda found: f'textLength="{2 * float(found[1]):g}"{found[2]}', drawing)


def main() -> None:
    """Draw the picture."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, highlight=False)
        for line in output_of_the_demonstration().splitlines():
            text = Text(line, style="bold #7fd962" if line.startswith("$ ") else "")
            text.highlight_regex(CHINESE, "#c8c8d8")  # a run of its own, so that each run starts in its own column
            console.print(text, soft_wrap=True)
    PICTURE.parent.mkdir(exist_ok=True)
    drawing = console.export_svg(title="sparewise demo")
    # The drawing would fetch its typeface from a server; the reader's own monospaced one serves.
    while (start := drawing.find("@font-face")) >= 0:
        drawing = drawing[:start] + drawing[drawing.index("}", start) + 1 :]
    drawing = with_chinese_two_columns_wide(drawing)
    PICTURE.write_text(drawing.replace("Fira Code", "DejaVu Sans Mono, WenQuanYi Micro Hei Mono"), "utf-8")


if __name__ == "__main__":
    main()
