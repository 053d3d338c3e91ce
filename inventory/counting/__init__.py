"""Stocktakes while trading goes on: what is due, the sheets, the counts, and what the books make of them."""
