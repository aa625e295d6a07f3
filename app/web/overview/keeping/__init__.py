"""What the pages of all that is kept under a version have in common: contracts, stops, actions and target lines."""
