"""Taking in many reports at once, by the rules of a single one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.kit.database.sessions import WriteSession
from app.kit.errors import (
    ApiError,
    InputError,
    InvalidInputError,
    NotAllAcceptedError,
    OthersRejectedError,
)
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import COUNTED_OVERRULED, log
from app.kit.security.callers import Caller
from app.supply.capacity.repository import Reporter
from app.supply.capacity.service import check_reporter, observed_at
from app.supply.capacity_reports import repository
from app.supply.capacity_reports.lines import Line
from app.supply.capacity_reports.merge import Decided, decide
from app.supply.capacity_reports.repository import OwnKey, Report, figures_of
from app.supply.capacity_reports.schemas import CapacityReportIn, Status


class Outcome(NamedTuple):
    """What came of a line."""

    line: int
    status: Status
    offer_id: UUID | None = None
    stands: bool = False
    error: ApiError | None = None


async def take_in(
    session: WriteSession, caller: Caller, lines: Sequence[Line], now: datetime, *, atomic: bool
) -> list[Outcome]:
    """What came of each line, in order; `NotAllAcceptedError` where one is rejected and `atomic` was asked."""
    checked = await _check(session, caller, lines, now)
    if atomic and any(isinstance(each, ApiError) for each in checked):
        raise _none_accepted(lines, checked)
    decided = await _add(session, caller, [each for each in checked if isinstance(each, Report)])
    outcomes = []
    added = iter(decided.added)
    for line, each in zip(lines, checked, strict=True):
        if isinstance(each, ApiError):
            outcomes.append(Outcome(line.place.number, "rejected", error=each))
            continue
        new = next(added)
        came_to: Status = "unchanged" if new is None or new.confirmation else "accepted"
        outcomes.append(Outcome(line.place.number, came_to, each.offer_id, decided.stands(each)))
    for status, many in Counter(outcome.status for outcome in outcomes).items():
        metrics.CAPACITY_REPORTS.labels(status).inc(many)
    return outcomes


async def _check(
    session: WriteSession, caller: Caller, lines: Sequence[Line], now: datetime
) -> list[Report | ApiError]:
    """Each line as the report that it is, or why it is refused."""
    valid = [line.content for line in lines if isinstance(line.content, CapacityReportIn)]
    keys = {key for each in valid if (key := _own_key(each)) is not None}
    ids = {each.offer_id for each in valid if each.offer_id is not None}
    by_key = await repository.find_reporters_by_key(session, keys) if keys else {}
    by_id = await repository.find_reporters(session, ids) if ids else {}
    return [_checked(line, caller, by_key, by_id, now) for line in lines]


def _own_key(report: CapacityReportIn) -> OwnKey | None:
    if report.provider_id is None or report.offer_key is None:
        return None
    return report.provider_id, report.offer_key


_NOBODYS = UUID(int=0)


def _checked(
    line: Line, caller: Caller, by_key: Mapping[OwnKey, Reporter], by_id: Mapping[UUID, Reporter], now: datetime
) -> Report | ApiError:
    content = line.content
    if isinstance(content, InvalidInputError):
        return content
    try:
        observed = observed_at(content, now)
        key = _own_key(content)
        reporter = by_key.get(key) if key is not None else by_id.get(content.offer_id or _NOBODYS)
        return Report(check_reporter(caller, reporter).offer_id, observed, figures_of(content))
    except InvalidInputError as error:
        return InvalidInputError(*(replace(each, pointer=line.place.pointer("observedAt")) for each in error.errors))
    except ApiError as error:
        return error


async def _add(session: WriteSession, caller: Caller, reports: Sequence[Report]) -> Decided:
    """Adds what is new of the reports."""
    if not reports:
        return Decided([], {})
    standing = await repository.lock_standing(session, {each.offer_id for each in reports})
    late = [each for each in reports if each.offer_id in standing and each.observed_at <= standing[each.offer_id].since]
    known = await repository.find_known(session, late) if late else set()
    decided = decide(reports, standing, known)
    new = [each for each in decided.added if each is not None]
    differences = await repository.add_reports(session, new, caller.client_id) if new else {}
    for offer_id, difference in differences.items():
        if difference:
            log(COUNTED_OVERRULED, offer=str(offer_id), difference=difference)
    return decided


def _none_accepted(lines: Sequence[Line], checked: Sequence[Report | ApiError]) -> NotAllAcceptedError:
    """All lines as rejected: those that are wrong for their own reason, the others because of those."""
    others = OthersRejectedError()
    errors, outcomes = list[InputError](), list[Outcome]()
    for line, each in zip(lines, checked, strict=True):
        error = each if isinstance(each, ApiError) else others
        outcomes.append(Outcome(line.place.number, "rejected", error=error))
        if isinstance(each, InvalidInputError):
            errors += each.errors
        elif isinstance(each, ApiError):
            errors.append(InputError(line.place.pointer(), each.slug, each.detail))
    return NotAllAcceptedError(errors, outcomes)
