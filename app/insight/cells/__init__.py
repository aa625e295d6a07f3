"""The one statement by which figures of dossiers are gathered: what was known of each period, counted by region and
code."""
