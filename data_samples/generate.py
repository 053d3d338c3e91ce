"""Make a dealership and write its files: ``python -m data_samples.generate --out DIR``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from data_samples.settings import WorldSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Instead of those of the process.

    Returns
    -------
    int
        Exit code.
    """
    usual = WorldSettings()
    parser = argparse.ArgumentParser(prog="python -m data_samples.generate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    for name, meaning in (
        ("parts", "part numbers"),
        ("vehicles", "vehicles sold by the group"),
        ("years", "years of service history"),
        ("stores", "stores of the group"),
        ("seed", "seed of the world"),
    ):
        default = getattr(usual, name)
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{meaning} (default {default})")
    chosen = parser.parse_args(arguments)
    try:
        settings = WorldSettings(chosen.parts, chosen.vehicles, chosen.years, chosen.stores, chosen.seed)
    except ValueError as error:
        parser.error(str(error))
    from data_samples.world import make_world
    from data_samples.writer import write_world

    for kind, rows in write_world(make_world(settings), chosen.out).items():
        sys.stdout.write(f"{kind}.csv {rows}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
