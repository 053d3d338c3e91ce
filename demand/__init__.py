"""The ground floor: what demand is. Periods, histories and probability laws; it knows nothing of vehicles or stock."""

__version__ = "0.1.0"
