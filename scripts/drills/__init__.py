"""Drills: what goes wrong on purpose, a module each; `scripts/drill` runs them."""
