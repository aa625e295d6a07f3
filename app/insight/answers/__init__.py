"""What every answer of insight has: definitions, periods, whose figures, and how they are written."""
