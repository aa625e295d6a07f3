"""What every page has: its layout, its errors, its headers, and the files that it loads."""
