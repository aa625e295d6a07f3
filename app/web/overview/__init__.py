"""What a region, and those above it, oversee: figures, the plan, what is to be decided, and what was agreed."""
