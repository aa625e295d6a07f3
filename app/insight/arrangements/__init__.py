"""What is asked to make an alternative possible for a child, and what comes of it."""
