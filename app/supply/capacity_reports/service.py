"""Taking in many reports at once, by the rules of a single one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.domain.dates import dutch_day, dutch_midnight
from app.domain.language import Text
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import (
    ApiError,
    InputError,
    InvalidInputError,
    NotAllAcceptedError,
    OthersRejectedError,
)
from app.kit.files.lines import says_totals
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import COUNTED_OVERRULED, log
from app.kit.schemas import Change as Difference
from app.kit.schemas import plain_number
from app.kit.security.callers import Caller
from app.kit.turns import in_turns
from app.supply.capacity.figures import UNKNOWN, HintCode, hints
from app.supply.capacity.repository import Reporter
from app.supply.capacity.service import (
    check_reporter,
    in_future,
    name_outside,
    observed_at,
)
from app.supply.capacity_reports import repository
from app.supply.capacity_reports.lines import TOTALS_ROW, ReportLine
from app.supply.capacity_reports.merge import Change, Completed, Decided, complete, decide
from app.supply.capacity_reports.repository import OwnKey, Report, Standing
from app.supply.capacity_reports.schemas import Reported, StandingOut, Status
from app.supply.providers.repository import get_provider


class Outcome(NamedTuple):
    """What came of a line."""

    line: int
    status: Status
    offer_id: UUID | None = None
    stands: bool = False
    changes: Sequence[Difference] = ()
    hints: Sequence[tuple[HintCode, Text]] = ()
    error: ApiError | None = None


async def take_in(
    session: WriteSession,
    caller: Caller,
    lines: Sequence[ReportLine],
    now: datetime,
    *,
    atomic: bool,
    dry_run: bool = False,
) -> list[Outcome]:
    """What came of each line, in order; `NotAllAcceptedError` where one is rejected and `atomic` was asked.

    With `dry_run` nothing is taken in: the outcomes say what would come of the lines, and what they would change.
    """
    checked = await _check(session, caller, lines, now)
    standing, completed = await _complete(session, [each for each in checked if isinstance(each, Said)], now)
    made = iter(completed)
    reports = [
        each if isinstance(each, ApiError) else _report_or_error(line, next(made))
        for line, each in zip(lines, checked, strict=True)
    ]
    if atomic and any(isinstance(each, ApiError) for each in reports):
        raise _none_accepted(lines, reports)
    taken = [each for each in reports if isinstance(each, Report)]
    decided = await _decide(session, taken, standing)
    if not dry_run:
        await _add(session, caller, decided, now)
    added = iter(decided.added)
    outcomes = []
    async for line, said, report in in_turns(zip(lines, checked, reports, strict=True)):
        number = line.position.number
        if isinstance(report, Report):
            new = next(added)
            came_to: Status = "unchanged" if new is None or new.confirmation else "accepted"
            stands = decided.stands(report)
            changes = _changes(standing.get(report.offer_id), report) if dry_run and stands else ()
            outcomes.append(Outcome(number, came_to, report.offer_id, stands, changes, _hints(report)))
        elif isinstance(said, Said) and report is None:
            outcomes.append(Outcome(number, "unchanged", said.reporter.offer_id))
        else:
            outcomes.append(Outcome(number, "rejected", error=report))
    if not dry_run:
        for status, many in Counter(outcome.status for outcome in outcomes).items():
            metrics.CAPACITY_REPORTS.labels(status).inc(many)
    return outcomes


def _changes(standing: Standing | None, report: Report) -> list[Difference]:
    """Each figure that a report makes another of what stands."""
    before = (None,) * len(UNKNOWN) if standing is None else standing.figures
    return [
        Difference.model_construct(field=name_outside(name), old=_shown(old), new=_shown(new))
        for name, old, new in zip(UNKNOWN, before, report.figures, strict=True)
        if old != new
    ]


def _shown(figure: Any) -> Any:
    return plain_number(figure) if isinstance(figure, float) else figure


def _hints(report: Report) -> list[tuple[HintCode, Text]]:
    return hints(dict(zip(UNKNOWN, report.figures, strict=True)), dutch_day(report.observed_at))


def _report_or_error(line: ReportLine, completed: Completed) -> Report | InvalidInputError | None:
    if not isinstance(completed, list):
        return completed
    pointers = [line.position.pointer(name_outside(each.name)) for each in completed]
    errors = [InputError(pointer, each.code, each.detail) for pointer, each in zip(pointers, completed, strict=True)]
    return InvalidInputError(*errors)


class Said(NamedTuple):
    """A line that may be taken in: of whose offer, when it was so (None: now), and what it says."""

    reporter: Reporter
    observed_at: datetime | None
    content: Reported
    blank: frozenset[str]


async def _check(
    session: WriteSession, caller: Caller, lines: Sequence[ReportLine], now: datetime
) -> list[Said | ApiError]:
    """Each line as what it says, or why it is refused."""
    valid = [line.content for line in lines if isinstance(line.content, Reported)]
    keys = {key for each in valid if (key := _own_key(each)) is not None}
    ids = {each.offer_id for each in valid if each.offer_id is not None}
    by_key = await repository.find_reporters_by_key(session, keys) if keys else {}
    by_id = await repository.find_reporters(session, ids) if ids else {}
    return [_checked(line, caller, by_key, by_id, now) async for line in in_turns(lines)]


def _own_key(report: Reported) -> OwnKey | None:
    if report.provider_id is None or report.offer_key is None:
        return None
    return report.provider_id, report.offer_key


_NOBODYS = UUID(int=0)
_FIGURES: Final = {name_outside(name): name for name in UNKNOWN}


def _checked(
    line: ReportLine,
    caller: Caller,
    by_key: Mapping[OwnKey, Reporter],
    by_id: Mapping[UUID, Reporter],
    now: datetime,
) -> Said | ApiError:
    content = line.content
    if isinstance(content, InvalidInputError):
        return content
    try:
        observed = None if content.observed_at is None else _observed_at(content.observed_at, now)
        key = _own_key(content)
        reporter = by_key.get(key) if key is not None else by_id.get(content.offer_id or _NOBODYS)
        if reporter is None and says_totals(content.offer_key or ""):
            return InvalidInputError(InputError(line.position.pointer(), *TOTALS_ROW))
        blank = frozenset(_FIGURES[name] for name in line.blank)
        return Said(check_reporter(caller, reporter), observed, content, blank)
    except InvalidInputError as error:
        return InvalidInputError(*(replace(each, pointer=line.position.pointer("observedAt")) for each in error.errors))
    except ApiError as error:
        return error


def _observed_at(said: date, now: datetime) -> datetime | None:
    """When it was so, None where that is now; of a Dutch day that is now or, of an earlier one, its end."""
    if isinstance(said, datetime):
        return observed_at(said, now)
    today = dutch_day(now)
    if said > today:
        raise in_future()
    return None if said == today else dutch_midnight(said + timedelta(days=1)) - timedelta(seconds=1)


async def _complete(
    session: WriteSession, lines: Sequence[Said], now: datetime
) -> tuple[Mapping[UUID, Standing], list[Completed]]:
    """What stands of their offers, held until the transaction ends, and each line with what it keeps."""
    if not lines:
        return {}, []
    standing = await repository.lock_standing(session, {each.reporter.offer_id for each in lines})
    changes = [_change(each, standing.get(each.reporter.offer_id), now) async for each in in_turns(lines)]
    late = [index for index, each in enumerate(changes) if _is_late(each, standing)]
    moments = [(changes[index].offer_id, changes[index].observed_at) for index in late]
    found = await repository.find_stood(session, moments) if late else {}
    stood = {index: found[number] for number, index in enumerate(late) if number in found}
    return standing, await complete(changes, standing, stood)


def _change(line: Said, standing: Standing | None, now: datetime) -> Change:
    """One of now is never older than what stands: whoever came in between had a later moment."""
    observed = line.observed_at or (now if standing is None else max(now, standing.since))
    return Change(line.reporter.offer_id, observed, line.content.named, line.blank, line.reporter.in_hours)


def _is_late(change: Change, standing: Mapping[UUID, Standing]) -> bool:
    return change.offer_id in standing and change.observed_at < standing[change.offer_id].since


async def _decide(session: WriteSession, reports: Sequence[Report], standing: Mapping[UUID, Standing]) -> Decided:
    """What is new of the reports."""
    late = [each for each in reports if each.offer_id in standing and each.observed_at <= standing[each.offer_id].since]
    known = await repository.find_known(session, late) if late else set()
    return decide(reports, standing, known)


async def _add(session: WriteSession, caller: Caller, decided: Decided, now: datetime) -> None:
    """Adds what is new."""
    new = [each for each in decided.added if each is not None]
    differences = await repository.add_reports(session, new, caller.client_id, now) if new else {}
    for offer_id, difference in differences.items():
        if difference:
            log(COUNTED_OVERRULED, offer=str(offer_id), difference=difference)


def _none_accepted(lines: Sequence[ReportLine], checked: Sequence[Report | ApiError | None]) -> NotAllAcceptedError:
    """All lines as rejected: those that are wrong for their own reason, the others because of those."""
    others = OthersRejectedError()
    errors, outcomes = list[InputError](), list[Outcome]()
    for line, each in zip(lines, checked, strict=True):
        error = each if isinstance(each, ApiError) else others
        outcomes.append(Outcome(line.position.number, "rejected", error=error))
        if isinstance(each, InvalidInputError):
            errors += each.errors
        elif isinstance(each, ApiError):
            errors.append(InputError(line.position.pointer(), each.slug, each.detail))
    return NotAllAcceptedError(errors, outcomes)


async def list_standing(
    session: ReadSession, provider_id: UUID, *, limit: int | None, key: list[Any] | None
) -> list[StandingOut]:
    """What stands of each offer that a provider gives now, by its own keys; at most `limit`, after the one with `key`.

    `NotFoundError` where there is no such provider.
    """
    await get_provider(session, provider_id)
    rows = await repository.list_standing(session, provider_id, limit=limit, key=key)
    return [StandingOut.model_validate(row) for row in rows]
