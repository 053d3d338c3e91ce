"""Reading the user's files: strict on what it takes, and every fault told at once with its place and its remedy."""
