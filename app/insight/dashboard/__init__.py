"""A region on one page: what is in time and what is not, as lights."""
