"""Insight: does every child get fitting help in time, and what is missing; for regions, institutions, inspectorates."""
