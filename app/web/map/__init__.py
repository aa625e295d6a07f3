"""The Netherlands drawn: outlines of regions and municipalities, and what is offered there as clustered links."""
