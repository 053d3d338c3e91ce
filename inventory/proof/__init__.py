"""The proof of the books: every row sealed as it is written, everything derived derived again."""
