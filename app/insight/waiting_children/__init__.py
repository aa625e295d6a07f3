"""The uniform monthly statement: who waits for help on a day, for what, how long, and why."""
