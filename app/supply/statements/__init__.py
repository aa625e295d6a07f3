"""The quarterly statement of waiting that a provider owes the Nederlandse Zorgautoriteit."""
