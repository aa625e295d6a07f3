"""What stands before the own step of the ladder, and the decision on it."""
