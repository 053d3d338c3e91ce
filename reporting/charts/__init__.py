"""Charts as scalable drawings: for the screen and for paper, in black and white too, in both languages."""
