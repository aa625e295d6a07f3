"""Statements on choices: what the help is that began in a period, and who waits when it ends."""

from collections.abc import Iterable

from sqlalchemy import and_, not_

from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Condition, Counting, PeriodColumns, count_needs, is_bridged_on, waits_on
from app.insight.choices.definition import FITS, HELP_AS, JUDGES
from app.insight.history.tables import NeedRow
from app.kit.database.sessions import ReadSession


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about choices."""
    return await count_needs(session, question, _counting)


def _counting(period: PeriodColumns) -> Counting:
    helped, waits = period.has(NeedRow.help_on), waits_on(period.last)
    bridged = is_bridged_on(period.last)
    counts: dict[str, Condition] = {"helped": helped}
    for name, (code, _, _) in HELP_AS.items():
        counts[name] = and_(helped, NeedRow.help_as == code)
    for judge in JUDGES:
        judged = getattr(NeedRow, f"judged_{judge}")
        counts |= {f"{judge}{fits.capitalize()}": and_(helped, judged == fits) for fits in FITS}
    counts |= {"bridgingOnly": and_(waits, bridged), "nothing": and_(waits, not_(bridged))}
    days = NeedRow.help_on - NeedRow.since
    return Counting(helped | waits, counts, dict.fromkeys(HELP_AS, days))
