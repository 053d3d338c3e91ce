"""Pooled heads beside the filter: regressions over the whole panel, fitted on the very demand that is to be forecast."""
