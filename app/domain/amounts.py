"""Amounts that may have a half: places are whole, hours a week may be halves."""


def amount(number: float) -> float:
    """The number as people write it, a whole one without decimals: 1 for 1.0, and 2.5 as it is."""
    return int(number) if number.is_integer() else number
