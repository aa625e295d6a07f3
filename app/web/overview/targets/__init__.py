"""Target lines: how many places a region or supraregion aims at over time."""
