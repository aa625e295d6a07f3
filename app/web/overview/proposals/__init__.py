"""Proposals: many children and few places on one table."""
