"""The rules in plain typed Python, one candidate at a time; compiled where there is a compiler."""
