"""Where the shipped sample dealership lives, and the date its history ends."""

from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

AS_OF = date(2026, 6, 30)
FOLDER = "dealership_small"


def sample_folder() -> Traversable:
    """Give the folder of the shipped CSV files, one file per import kind.

    Returns
    -------
    Traversable
        Folder that holds ``parts.csv``, ``vehicles.csv``, ``service_history.csv`` and the others.
    """
    return files("data_samples") / FOLDER
