"""Other programs, in environments of their own: the scripts that ask them, and what they answered."""
