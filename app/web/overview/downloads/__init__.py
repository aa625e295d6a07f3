"""The tables behind the pages of the overview, as CSV: the same as the API's."""
