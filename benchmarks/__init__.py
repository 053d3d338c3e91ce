"""Measured claims: each figure in the README is printed by a script here."""
