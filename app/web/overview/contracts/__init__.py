"""The contracts of a region, with their ceilings."""
