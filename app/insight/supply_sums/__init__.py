"""The places of all days of a month added up: what an average day of it is made of."""
