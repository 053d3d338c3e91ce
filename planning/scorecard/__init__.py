"""The balanced scorecard: which figures count how much, what they are held against, and what came of it."""
