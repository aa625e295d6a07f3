"""How long children wait: as providers say beforehand, and as it turned out."""
