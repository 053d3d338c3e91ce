"""The proof on the user's own machine: races, crashes, power cuts, random sequences, re-imports."""
