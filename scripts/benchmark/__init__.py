"""The benchmark behind scripts/bench: data sets, load, limits, a peer, and a report. No part of the product.

It reaches the product by its command line, over HTTP, and by loading rows into its database.
"""
