"""How fresh what providers report is."""
