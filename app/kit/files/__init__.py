"""Files of many lines, as they come: JSON, NDJSON, or tables of spreadsheets in whatever form these were saved."""
