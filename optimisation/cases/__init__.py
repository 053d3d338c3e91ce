"""Inventory models by name: cases with named inputs in, a result or a sentence for each out."""
