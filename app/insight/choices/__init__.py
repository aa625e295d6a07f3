"""Whether children get their first choice, and how long that takes."""
