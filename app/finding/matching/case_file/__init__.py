"""A case as a JSON file: the question of a ranking with its offers, and the outcome."""
