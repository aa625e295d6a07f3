"""A provider's locations and offers in bulk: its system mirrors the whole catalogue in one call."""
