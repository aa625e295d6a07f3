"""How long tests wait."""

PATIENCE = 60.0
"""Seconds until a test that waits in vain fails: no busy machine takes that long."""
