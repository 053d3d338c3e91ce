"""A made dealership: a seeded world of vehicles, visits and shelves, and the small files it was asked to ship."""
