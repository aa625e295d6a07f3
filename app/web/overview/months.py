"""Months to choose from."""

from datetime import date

from app.domain.dates import add_months
from app.domain.language import month_in_words
from app.web.overview.areas import Option


def months_back(today: date, number: int) -> list[Option]:
    """So many months, the last of which is that of today, the last first: as in an address, and in words."""
    months = [add_months(today.replace(day=1), -each) for each in range(number)]
    return [Option(f"{each:%Y-%m}", month_in_words(each).nl) for each in months]
