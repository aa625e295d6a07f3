"""Settling, after each day, what may be told of small counts: so that nobody who asks has to wait for it."""
