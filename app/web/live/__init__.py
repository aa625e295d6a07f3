"""Pages that follow what others do: one stream of events a page, private to whose page it is."""
