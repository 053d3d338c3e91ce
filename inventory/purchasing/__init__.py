"""From purchase order to shelf: what is on its way, what came, and how it differs from what was ordered."""
