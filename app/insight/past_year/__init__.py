"""What happened in the last year, in sums and counts: what a simulation takes from an installation's own history."""
