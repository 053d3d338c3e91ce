"""The sentences that definitions share: which lines or parts are counted, and which days; in English."""

from __future__ import annotations

STOCK = "what lies in bins, the reserved included, at moving average cost; not quarantine, claims, cores or transit"

POPULATIONS = {
    "lines": "every line asked for, filled or not, but cancelled ones; a part-filled line counts as not filled",
    "classed": "every line asked for but cancelled ones, of the parts that were of this class on the day: common is "
    "what was on 12 lines or more in the 12 months before the month, general the rest",
    "orders": "repair and customer orders with at least one line that was not cancelled",
    "visits": "orders that name a vehicle or a kind of job, with at least one line that was not cancelled",
    "issues": "what left the shelf for a customer or the workshop less what came back, at the price of the request's "
    "first line and the ledger's cost; imported history at quantity supplied",
    "priced": "as REVENUE_NET; issues whose request has a price",
    "stock": f"parts of a store; stock is {STOCK}",
    "turnover": f"issues at the ledger's cost less what came back; imported history at quantity supplied × the part's "
    f"unit cost; stock is {STOCK}",
    "layers": "what is left of each receipt, first in, first out, at what was paid for it; in bins, the reserved "
    "included",
    "outside": "what stands outside the stock value, each kind of place for itself",
    "wanted": "part numbers of a store asked for in at least 3 of the 12 months",
    "held": "reservations for repair orders that still hold something, made more than 30 days before",
    "receipts": "goods received from suppliers onto the shelf, by the type of their purchase order",
    "ordered": "lines of purchase orders",
    "due": "lines of purchase orders promised for a day that is over",
    "counted": "lines of posted counts; plus and minus are never netted",
    "claims": "claims of the period's deliveries, whatever their cause",
    "deliveries": "lines received, and the claims opened with them",
    "told": "the settings' [outside] for every store and month; – where one is not told",
}
DATE_RULES = {
    "asked": "lines asked for in the period",
    "period": "documents of the period, by their effective day",
    "year": "the 12 months that end with the period",
    "mean": "the 12 months that end with the period; mean of the last 13 month-ends the ledger knows, "
    "the value at the end where it knows no more",
    "end": "the end of the period",
    "months": "the end of the period; calendar months that end with it",
    "ordered": "lines ordered in the period",
    "promised": "lines promised for the period",
    "counted": "lines counted in the period",
    "delivered": "deliveries of the period; what came of their claims by its end",
}
