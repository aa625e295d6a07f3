"""What a region has agreed: terms of its own, and the ladder of escalation."""
