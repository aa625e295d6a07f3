"""The benchmark behind scripts/bench: data sets, load, limits, and a report. No part of the product.

It reaches the product by its command line, over HTTP, and by loading rows into its database.
"""


class BenchmarkError(RuntimeError):
    """Why nothing could be measured, in words for whoever started it."""
