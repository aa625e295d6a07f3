"""Dossiers that are handed over: to the caller, which decides, and by it."""
