"""The ledger itself: documents become movements, movements become balances and values, months are closed."""
