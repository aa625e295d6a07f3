"""How children come up the ladder of escalation, and what comes out of each step."""
