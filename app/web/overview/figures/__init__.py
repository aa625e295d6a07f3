"""The figures of a region on one page, and each of them over time."""
