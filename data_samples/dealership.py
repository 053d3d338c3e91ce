"""Where the shipped sample dealership lives, and the date its history ends."""

from datetime import date
from pathlib import Path

AS_OF = date(2026, 6, 30)
FOLDER = "dealership_small"


def sample_folder() -> Path:
    """Give the folder of the shipped CSV files, one file per import kind.

    Returns
    -------
    Path
        Folder that holds ``parts.csv``, ``vehicles.csv``, ``service_history.csv`` and the others.
    """
    return Path(__file__).parent / FOLDER
