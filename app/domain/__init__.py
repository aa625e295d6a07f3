"""The words of the trade: identifiers, dates, distances and languages. Standard library only."""
