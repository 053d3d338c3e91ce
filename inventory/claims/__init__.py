"""Claims and what waits outside the stock: suppliers' answers, returns to the maker, core deposits, warranty parts."""
