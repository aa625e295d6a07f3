"""How many places there are, over time."""
