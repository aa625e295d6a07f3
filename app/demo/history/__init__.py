"""Two years of children before the demo dossiers: made-up lives, told as rows, so that insight shows something."""
