"""The breakthrough list of a region: the children over a norm, what is possible for each, and the decision."""
