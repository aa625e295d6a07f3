"""That the institutions of the past confirmed each month; one is behind, as the regions know it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from app.demo.history.book import Book
from app.demo.history.institutions import INSTITUTIONS, Institution
from app.demo.rows import dice
from app.demo.working_hours import moment_on, past_opening
from app.domain.dates import YearMonth, add_months
from app.dossiers.deliveries.tables import DeliveryRow

_MONTHS: Final = 24
_BEHIND: Final = ("Demo Lokaal Team De Kop", 2)
"""Who has not confirmed the last so many months."""


def tell_deliveries(book: Book, today: date) -> None:
    """Adds the confirmations of two years, each in the first days of the month after it."""
    for institution in INSTITUTIONS:
        for month, at in _confirmed(institution, today):
            book.add(
                DeliveryRow,
                organisation_id=institution.organisation.id,
                institution=institution.organisation.name,
                kind="confirmed",
                month=str(month),
                reference_day=month.last_day,
                **dict.fromkeys(("lines", "accepted", "unchanged", "rejected", "closed"), 0),
                at=at,
                client_id=institution.client_id,
            )


def _confirmed(institution: Institution, today: date) -> Iterator[tuple[YearMonth, datetime]]:
    """The months that it has confirmed, with the moment at which."""
    name, behind = _BEHIND
    months = range(_MONTHS, behind if institution.organisation.name == name else 0, -1)
    for back in () if institution.only_past else months:
        month = YearMonth.of(add_months(today, -back))
        rng = dice("confirmed", str(institution.organisation.id), str(month))
        day = month.last_day + timedelta(days=rng.randint(1, 9))
        if day < today:
            yield month, moment_on(day, past_opening(rng))
