"""What to hold: how each item is bought, what is stocked at all, and the level that one price of money chooses."""
