"""Ranking offers for a child, and saying in words why."""
