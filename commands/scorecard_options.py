"""Which card a scorecard or a report is made from: that of the settings, which has to be lawful."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planning.scorecard.card import Card
    from planning.settings import Settings


def lawful_card(settings: Settings, store: str | None, language: str = "en") -> Card:
    """Return the card of a store, or of all together.

    Raises
    ------
    Rejected
        With every bound that the card breaks, and by how much.
    """
    from commands.failures import Rejected
    from inventory.findings import Finding
    from planning.scorecard.card import faults_of

    card = settings.scorecard.of_store(store)
    faults = faults_of(card)
    if faults:
        remedy = "sparewise scorecard suggest gives the nearest lawful weights"
        raise Rejected([Finding("settings", "", 0, key, value, rule, remedy) for key, value, rule in faults], language)
    return card
