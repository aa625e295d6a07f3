"""What every answer and question over HTTP has in common."""
