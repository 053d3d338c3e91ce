"""The books: parts, vehicles, demand log, ledger, snapshots; the only room that speaks SQL."""
