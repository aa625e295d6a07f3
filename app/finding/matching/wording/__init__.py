"""The outcome of a ranking in words, in Dutch and in English."""
