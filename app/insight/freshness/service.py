"""The figures of freshness, for whoever asks."""

from datetime import datetime
from typing import Final

from app.domain.language import Text
from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer
from app.insight.freshness import repository
from app.insight.freshness.definition import FRESHNESS
from app.insight.freshness.deliveries import Deliveries
from app.kit.database.sessions import ReadSession
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.security.callers import Caller, Role

_NOT_ITS: Final = Text(
    nl="Welke instelling heeft geleverd, ziet een aanbieder niet.",
    en="Which institution has delivered is not shown to a provider.",
)
_APART: Final = Text(
    nl="Wat instellingen leveren en hoe vers aanbod is, zijn verschillende cijfers: beperken tot een instelling kan "
    "alleen met by=institution, en tot een aanbieder of vorm van hulp alleen zonder.",
    en="What institutions deliver and how fresh offers are, are different figures: they can be confined to an "
    "institution with by=institution only, and to a provider or care type only without.",
)


async def get_freshness(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of freshness; see `answers.scopes` for what is refused."""
    of_institutions = query.by == "institution"
    if of_institutions and caller.role is Role.PROVIDER:
        raise ForbiddenError(_NOT_ITS)
    others = {"provider": query.provider, "careType": query.care_type}
    apart = others if of_institutions else {"institution": query.institution}
    errors = [
        InputError(f"#/query/{name}", "not-applicable", _APART) for name, given in apart.items() if given is not None
    ]
    if errors:
        raise InvalidInputError(*errors)
    gather = await Deliveries.now(session) if of_institutions else repository.gather
    return await answer(session, caller, FRESHNESS, gather, query, now)
