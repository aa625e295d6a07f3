"""Finding help: the catalogue in memory, search, matching, and free places as they change."""
