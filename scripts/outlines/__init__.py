"""Makes the outlines of the map from the borders of municipalities: scripts/vendor-map."""
