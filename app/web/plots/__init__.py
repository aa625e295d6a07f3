"""Plots of the figures of insight: scales and ticks, drawn as inline SVG, with the same values as a table."""
