"""Part numbers and vehicle identification numbers of a brand that does not exist.

Part numbers come in the shapes dealers meet, zeros in front and numbers that a spreadsheet takes for an exponent
included. Vehicle numbers have 17 characters and a valid check digit in place nine (ISO 3779 lay-out, weights of 49
CFR 565). The maker's code LH0 is made up.
"""

from typing import Final

import numpy as np

EXPONENT_NUMBERS: Final = ("1E5032", "2E4107")
MAKER_CODE: Final = "LH0"
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES: Final = (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10))
_LETTER_VALUES: Final = dict(zip(_LETTERS, _VALUES, strict=True))


def check_digit(vin: str) -> str:
    """Give the check digit of a vehicle identification number.

    Parameters
    ----------
    vin : str
        Seventeen characters; the ninth is ignored.

    Returns
    -------
    str
        ``0`` to ``9`` or ``X``.

    Examples
    --------
    >>> check_digit("1M8GDM9AXKP042788")
    'X'
    """
    values = (int(c) if c.isdigit() else _LETTER_VALUES[c] for c in vin)
    remainder = sum(value * weight for value, weight in zip(values, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def make_vin(model_place: int, year: int, store_place: int, serial: int) -> str:
    """Make the vehicle identification number of one vehicle.

    Parameters
    ----------
    model_place, store_place : int
        Place of the model and of the store in their lists; they choose letters.
    year : int
        Year of registration, 1980 or later.
    serial : int
        Below one million per year.

    Returns
    -------
    str

    Examples
    --------
    >>> make_vin(0, 2020, 0, 7)
    'LH0AM1A2XLA000007'
    """
    kind = _LETTERS[model_place % len(_LETTERS)]
    year_code = _YEAR_CODES[(year - 1980) % len(_YEAR_CODES)]
    plant = "AB"[(model_place + store_place) % 2]
    body = f"{MAKER_CODE}{kind}M1{kind}2?{year_code}{plant}{serial:06d}"
    return body.replace("?", check_digit(body.replace("?", "0")))


def make_part_number(category: str, rng: np.random.Generator) -> str:
    """Draw a part number in the shape of its category.

    Parameters
    ----------
    category : str
        Category of the import tables.
    rng : Generator

    Returns
    -------
    str
    """
    digits = "".join(str(int(d)) for d in rng.integers(0, 10, size=10))
    letters = "".join(_LETTERS[int(place)] for place in rng.integers(0, len(_LETTERS), size=3))
    if category in ("maintenance", "fluid"):
        return f"00{digits[:6]}"
    if category == "wear":
        return f"{1 + int(digits[0]) % 9}{digits[1:5]}-{digits[5]}{letters[0]}{digits[6:9]}"
    if category == "repair":
        return f"{letters[0]}{digits[0]}H-{digits[1:4]}-{digits[4:7]}{letters[1]}"
    if category == "collision":
        return f"{digits[0]}H{digits[1]}{digits[2:5]}{digits[5:8]}{letters[0]}"
    return {"tyre": "TL", "battery": "JC-"}.get(category, "ACC0") + digits[:5]
