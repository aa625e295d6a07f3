"""The plan of a region or supraregion: its actions, what they were, and the report of a month."""
