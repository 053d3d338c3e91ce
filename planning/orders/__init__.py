"""What to order: where each item stands, what other stores give, packs within every purse, the next best choice."""
