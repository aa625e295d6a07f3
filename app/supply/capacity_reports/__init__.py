"""Capacity reports in bulk: many at once, from a provider's own systems or a spreadsheet."""
