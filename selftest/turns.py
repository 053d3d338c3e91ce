"""`Turn`, `Told`, `Operation`: how a random sequence asks for documents, and how books and model answer.

Posting and model answer with the same plain tuple: ``("posted", …)`` with what can be known beforehand, or
``("refused", …)`` with the reasons, which are the names of the fields a finding is about, or of the fault raised.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from inventory.counter.slip import Signature, Slip
from inventory.findings import Finding
from selftest.goods import USER

if TYPE_CHECKING:
    import sqlalchemy as sa

    from selftest.plain_books import PlainBooks

Answer = tuple[object, ...]


class Turn(NamedTuple):
    """When an operation happens.

    Parameters
    ----------
    number
        Counts from 0; later ones are recorded later.
    day
        The business day its document bears; a back-dated one bears an earlier day than those before it.
    recorded_at
        ISO text, UTC.
    """

    number: int
    day: date
    recorded_at: str

    @property
    def key(self) -> str:
        """The idempotency key of what is asked in this turn."""
        return f"turn-{self.number}"

    @property
    def signed(self) -> Signature:
        """Who answers for it, for which day, and under which key."""
        return Signature(self.day, USER, self.key, self.recorded_at)


class Told(NamedTuple):
    """What the books answered, and the number of the document they made."""

    answer: Answer
    number: str = ""


@dataclass(frozen=True)
class Operation:
    """One kind of document.

    Parameters
    ----------
    name
        What it is.
    weight
        How often it comes, relative to the others.
    draw
        What is asked for, drawn at random with an eye on the model; None where there is nothing to ask now.
    post
        Does it to the books and answers.
    model
        Does it to the plain books, under the number the books gave it, and answers.
    is_late
        Whether it may bear an earlier day.
    is_repeatable
        Whether the same request under the same key is answered as before, and changes nothing.
    """

    name: str
    weight: float
    draw: Callable[[random.Random, PlainBooks, Turn], Any]
    post: Callable[[sa.Connection, Any, Turn], Told]
    model: Callable[[PlainBooks, Any, Turn, str], Answer]
    is_late: bool = True
    is_repeatable: bool = True


def refused(*reasons: str) -> Answer:
    """Return the answer to what is not done."""
    return ("refused", *sorted(set(reasons)))


def told_findings(findings: Sequence[Finding]) -> Told:
    """Return the answer that findings give."""
    return Told(refused(*(each.column for each in findings)))


def told_slip(slip: Slip) -> Told:
    """Return the answer that a slip gives."""
    if slip.findings:
        return told_findings(slip.findings)
    if slip.posting is None:
        return Told(("nothing",))
    return Told(("posted", slip.quantity_milli), slip.posting.number)
