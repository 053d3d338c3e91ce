"""The documentation is checked by the same run as the code."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_list_of_rooms_is_true_of_the_tree() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "rooms.py"))["page"]()
    assert page == (ROOT / "docs" / "architecture.md").read_text("utf-8"), "run: python docs/rooms.py"


def test_every_required_package_has_its_reason_and_its_pin() -> None:
    import configparser
    import re

    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", "utf-8")
    extras = "\n".join(text for _, text in settings.items("options.extras_require", raw=True))
    wanted = re.findall(r"^\s*([A-Za-z][\w.-]*)", settings["options"]["install_requires"] + "\n" + extras, re.MULTILINE)
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    pins = {
        line.split("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    for package in {name.lower() for name in wanted} - {"postgres", "test", "dev"}:
        assert package in reasons, f"docs/dependencies.md gives no reason for {package}"
        assert package in pins, f"constraints.txt does not pin {package}"
    assert not [
        line for line in (ROOT / "constraints.txt").read_text().splitlines() if line.startswith("-") or "://" in line
    ]
