"""From the law of demand and the terms of supply to levels and order quantities."""
