"""The flow of children in residential care: in, through and out, and what blocks the way out (zorglogistiek)."""
