"""Which institutions have delivered their months, as cells: what `GET /deliveries` says of one month, added up."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.dates import YearMonth
from app.dossiers.deliveries.months import list_months
from app.dossiers.deliveries.repository import last_delivery
from app.insight.answers.kept import state_of
from app.insight.answers.periods import periods_between
from app.insight.answers.questions import Cell, Question
from app.kit.database.sessions import ReadSession


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Gathers them; `state` tells apart what they are made of, so that what was answered before is known for that."""

    state: tuple[object, ...]

    @classmethod
    async def now(cls, session: ReadSession) -> "Deliveries":
        """As they stand in this session."""
        return cls((*await state_of(session, ("dossiers",)), await last_delivery(session)))

    async def __call__(self, session: ReadSession, question: Question) -> Iterable[Cell]:
        """The cells of a question by institution: the months that each is to deliver, and whether it did."""
        scope, asked = question.scope, question.filters.get("institution")
        of_month = {
            str(YearMonth.of(month.first)): period.name
            for period in question.periods
            for month in periods_between(period.first, period.end(question.today), "month")
        }
        months = [YearMonth.parse(each) for each in of_month]
        found = await list_months(session, months, scope.regions, scope.organisation_id)
        return [
            Cell(of_month[month], "", institution, _counts(delivered=delivered))
            for month, institution, delivered in found
            if asked in {None, institution}
        ]


def _counts(*, delivered: bool) -> dict[str, float]:
    return {"monthsDue": 1, "monthsDelivered": int(delivered), "monthsMissing": int(not delivered)}
