"""Taking in many reports at once, by the rules of a single one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.capacity.repository import Reporter
from app.capacity.service import check_reporter, observed_at
from app.capacity_reports import repository
from app.capacity_reports.deciding import Decided, decide
from app.capacity_reports.lines import Line
from app.capacity_reports.repository import OwnKey, Report, figures_of
from app.capacity_reports.schemas import CapacityReportIn, Status
from app.kit import metrics
from app.kit.auth import Caller
from app.kit.db import WriteSession
from app.kit.errors import ApiError, InputError, InvalidInputError, NotAllAcceptedError, OthersRejectedError
from app.kit.log_events import COUNTED_OVERRULED, log


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
    ids = await repository.find_offer_ids(session, keys) if keys else {}
    named = {each.offer_id for each in valid if each.offer_id is not None} | set(ids.values())
    reporters = await repository.find_reporters(session, named) if named else {}
    return [_checked(line, caller, ids, reporters, now) for line in lines]


def _own_key(report: CapacityReportIn) -> OwnKey | None:
    if report.provider_id is None or report.offer_key is None:
        return None
    return report.provider_id, report.offer_key


def _checked(
    line: Line, caller: Caller, ids: Mapping[OwnKey, UUID], reporters: Mapping[UUID, Reporter], now: datetime
) -> Report | ApiError:
    content = line.content
    if isinstance(content, InvalidInputError):
        return content
    offer_id = content.offer_id
    if offer_id is None and (key := _own_key(content)) is not None:
        offer_id = ids.get(key)
    try:
        observed = observed_at(content, now)
        reporter = None if offer_id is None else reporters.get(offer_id)
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
