"""Why, what has changed, what if, and how good it was: a plan and its forecast in words and sums that add up."""
