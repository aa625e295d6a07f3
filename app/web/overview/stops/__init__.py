"""Placement stops that bind children of a region, and those that it imposes itself."""
