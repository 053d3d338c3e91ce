"""Pooled heads beside the filter: regressions over the panel, fitted on the very demand to be forecast."""
