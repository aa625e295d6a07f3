"""How many referrals there are of a region's own children: in whole, and by one thing at a time."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.language import Text
from app.dossiers.referrals import concern_repository, history_repository
from app.dossiers.referrals.count_schemas import DespiteCount, ReferralCount, ReferralCounts, StatusCount
from app.dossiers.referrals.history_repository import Counted
from app.dossiers.referrals.obstacle_codes import OBSTACLES, Obstacle
from app.dossiers.referrals.states import STATUSES, Status
from app.kit.database.sessions import ReadSession
from app.kit.errors import ForbiddenError
from app.kit.security.callers import Caller
from app.reference.lists import reference


async def count_referrals(session: ReadSession, caller: Caller, region: str | None, now: datetime) -> ReferralCounts:
    """How many referrals there are of the region's own children; `ForbiddenError` for another region than its own."""
    own = _counted_region(caller, region)
    despite = await concern_repository.count_despite(session, own)
    return _counts(own, await history_repository.count_referrals(session, own, now), despite)


def _counted_region(caller: Caller, asked: str | None) -> str:
    """The region whose referrals are counted; `ForbiddenError` where it is not the caller's own."""
    if asked not in {None, caller.region}:
        text = Text(
            nl=f"Een regio ziet de aantallen van haar eigen jeugdigen ({caller.region}).",
            en=f"A region sees the counts of its own children ({caller.region}).",
        )
        raise ForbiddenError(text)
    return str(caller.region)


def _counts(region: str, rows: Sequence[Counted], despite: Sequence[tuple[Obstacle, int]]) -> ReferralCounts:
    """The counts of a region, in whole and by one thing at a time."""
    municipalities = reference().municipalities
    return ReferralCounts.model_construct(
        region=region,
        total=_total(rows),
        overdue=_overdue(rows),
        by_status=_by_status(rows),
        by_municipality=_by(rows, lambda row: (row.municipality, municipalities[row.municipality].name)),
        by_provider=_by(rows, lambda row: (str(row.provider_id) if row.provider_id else None, row.provider)),
        by_institution=_by(rows, lambda row: (str(row.institution_id), row.institution)),
        despite=[
            DespiteCount.model_construct(reason=reason, count=count)
            for reason, count in sorted(despite, key=lambda each: OBSTACLES.index(each[0]))
        ],
    )


def _by(rows: Sequence[Counted], key: Callable[[Counted], tuple[str | None, str | None]]) -> list[ReferralCount]:
    groups: dict[tuple[str | None, str | None], list[Counted]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return [
        ReferralCount.model_construct(
            code=code, name=name, total=_total(group), overdue=_overdue(group), by_status=_by_status(group)
        )
        for (code, name), group in sorted(groups.items(), key=lambda item: (item[0][1] or "", item[0][0] or ""))
    ]


def _total(rows: Sequence[Counted]) -> int:
    return sum(row.total for row in rows)


def _overdue(rows: Sequence[Counted]) -> int:
    return sum(row.overdue for row in rows)


def _by_status(rows: Sequence[Counted]) -> list[StatusCount]:
    counted: dict[Status, int] = defaultdict(int)
    for row in rows:
        counted[row.status] += row.total
    return [StatusCount.model_construct(status=each, count=counted[each]) for each in STATUSES if counted[each]]
