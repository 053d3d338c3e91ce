"""Stock that nobody needs: the chance that it is never asked for again, and what to do with it."""
