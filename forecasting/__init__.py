"""From vehicles on the road and their service history to the law of demand."""
