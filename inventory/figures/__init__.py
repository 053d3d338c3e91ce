"""Managers' figures: each with an id, a version and its definition, exact sums over the books and the demand log."""
