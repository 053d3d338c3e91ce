"""The doors: one file of commands per noun; arguments, clock and environment enter here only."""
