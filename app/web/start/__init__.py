"""Where everybody begins."""
