"""Taking in a file of waiting children: each line by the rules of a single request, all in one transaction.

Nothing is written for what says nothing new, so that a file that comes again costs a few statements. What is to change
is held first, all in one order, as whoever changes one dossier holds its family.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.closing.service import change_request, hold_places, list_with_more
from app.dossiers.deliveries import repository
from app.dossiers.deliveries.errors import repeated, unreadable_key
from app.dossiers.deliveries.lines import TOTALS_ROW, ChildLine
from app.dossiers.deliveries.outcomes import Closed, Delivered, Outcome, none_accepted
from app.dossiers.deliveries.plan import at_line
from app.dossiers.deliveries.schemas import HintCode, WaitingChildIn, WaitingChildrenQuery
from app.dossiers.deliveries.standing import Standing, Verdict
from app.dossiers.referrals.family_repository import lock_family
from app.dossiers.requests.creation import add_all
from app.dossiers.requests.entry_schemas import ExplanationIn
from app.dossiers.requests.errors import ReferenceTakenError
from app.dossiers.requests.schemas import RequestPatch
from app.dossiers.requests.service import add_explanations
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.errors import in_future
from app.kit.database.sessions import WriteSession
from app.kit.errors import ApiError, InvalidInputError
from app.kit.security.callers import Caller
from app.kit.turns import in_turns
from app.kit.validation import input_errors

_NOT_KEPT: Final[tuple[HintCode, Text]] = (
    "norm-not-passed",
    Text(
        nl="De klok van de hulp is niet over de norm, of is er niet; de oorzaak van het wachten is niet bewaard.",
        en="The clock of help has not passed its norm, or there is none; the cause of waiting was not kept.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Intake:
    """What everything that is written is written with."""

    session: WriteSession
    catalogue: Catalogue
    caller: Caller
    reference_day: date
    now: datetime
    with_more: Collection[UUID] = ()
    """The requests that are held and have more in their dossiers; those of a file mostly have not."""


async def take_in(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    lines: Sequence[ChildLine],
    query: WaitingChildrenQuery,
    now: datetime,
) -> Delivered:
    """What came of each line, in order, and what was closed; the delivery is recorded.

    `NotAllAcceptedError` where a line is rejected and `atomic` was asked, `InvalidInputError` where it cannot be read
    which children are in the file and what is missing was to be closed. In a dry run nothing is kept.
    """
    reference_day = query.reference_day or dutch_day(now)
    if reference_day > dutch_day(now):
        raise InvalidInputError(in_future("#/query/referenceDay"))
    if query.end_missing:
        _check_keys(lines)
    await repository.take_turn(session, caller)
    async with session.begin_nested() as attempt:
        intake = _Intake(session, catalogue, caller, reference_day, now)
        delivered = await _take(intake, _told_apart(lines), query)
        if query.atomic and delivered.has_errors:
            raise none_accepted(lines, delivered)
        if query.dry_run:
            await attempt.rollback()
    if not query.dry_run:
        await _record(session, caller, delivered, now)
    return delivered


def _check_keys(lines: Sequence[ChildLine]) -> None:
    """`InvalidInputError` with every line that does not say which child it is about; rows of totals are about none."""
    errors = [
        unreadable_key(line.position.pointer())
        for line in lines
        if not line.key
        and not (isinstance(line.content, InvalidInputError) and line.content.errors[0].code == TOTALS_ROW[0])
    ]
    if errors:
        raise InvalidInputError(*errors)


def _told_apart(lines: Sequence[ChildLine]) -> list[ChildLine]:
    """The lines, of which those about one child refuse each other."""
    places = defaultdict[str, list[int]](list)
    for line in lines:
        places[line.key].append(line.position.number)
    return [
        line._replace(content=InvalidInputError(repeated(line.position.pointer("childReference"), places[line.key])))
        if line.key and len(places[line.key]) > 1
        else line
        for line in lines
    ]


async def _take(intake: _Intake, lines: Sequence[ChildLine], query: WaitingChildrenQuery) -> Delivered:
    session, caller = intake.session, intake.caller
    children = [line.content for line in lines if isinstance(line.content, WaitingChildIn)]
    standing = await Standing.of(session, caller, children, intake.reference_day, intake.now)
    verdicts = await _judged(standing, lines)
    keys = {line.key for line in lines if line.key}
    missing = await repository.list_missing(session, caller, keys) if query.end_missing else []
    changing = {each.request_id for each in verdicts if each.changes and each.request_id is not None}
    if changing or missing:
        await lock_family(session, *changing, *(row.id for row in missing))
        standing = await standing.anew(session, changing)
        verdicts = [standing.judge(each.line) if each.request_id in changing else each for each in verdicts]
        with_more = await list_with_more(session, [*changing, *(row.id for row in missing)])
        intake = replace(intake, with_more=with_more)
        closing = [each.request_id for each in verdicts if each.wanted.closes and each.request_id is not None]
        await hold_places(session, with_more.intersection([*closing, *(row.id for row in missing)]))
    to_close = [(row.id, row.child_reference, row.requested_on) for row in missing if row.status in {"open", "placed"}]
    outcomes = await _written(intake, standing, verdicts)
    closed = [await _close(intake, *each, query.reason) for each in to_close]
    ids = [each.request_id for each in outcomes if each.request_id is not None]
    await repository.mark_delivered(session, caller, ids)
    return Delivered(intake.reference_day, outcomes, closed)


async def _judged(standing: Standing, lines: Sequence[ChildLine]) -> list[Verdict]:
    return [standing.judge(line) async for line in in_turns(lines)]


async def _written(intake: _Intake, standing: Standing, verdicts: Sequence[Verdict]) -> list[Outcome]:
    """What came of each line, once it is written: what is new and what is only explained in a few statements."""
    new = [each.new for each in verdicts if each.new is not None]
    made = await add_all(intake.session, intake.caller, new, intake.now) if new else []
    rows = {row.child_reference: row for row in made}
    outcomes, said = list[Outcome](), list[tuple[UUID, ExplanationIn]]()
    for each in verdicts:
        outcome = _of_new(each, rows, standing) if each.new is not None else _of_standing(each)
        outcomes.append(outcome)
        if outcome.request_id is not None and not outcome.hints and not each.wanted.is_anything:
            said += [(outcome.request_id, explanation) for explanation in each.unsaid]
    if said:
        await add_explanations(intake.session, intake.caller, said, intake.now)
    for index, each in enumerate(verdicts):
        if each.error is None and each.request_id is not None and each.wanted.is_anything:
            outcomes[index] = await _change(intake, standing, each, each.request_id)
    return outcomes


def _of_new(verdict: Verdict, made: Mapping[str, RequestRow], standing: Standing) -> Outcome:
    number, row = verdict.line.position.number, made.get(verdict.line.key)
    if row is None:
        return Outcome(number, "rejected", error=ReferenceTakenError())
    hints = [_NOT_KEPT] if verdict.unsaid and not standing.has_passed(row) else []
    return Outcome(number, "accepted", row.id, created=True, hints=hints)


def _of_standing(verdict: Verdict) -> Outcome:
    """Of a line that changes nothing but what is explained."""
    number = verdict.line.position.number
    if verdict.error is not None:
        return Outcome(number, "rejected", error=verdict.error)
    hints = [_NOT_KEPT] if verdict.unsaid and not verdict.passed else []
    return Outcome(number, "accepted" if verdict.changes else "unchanged", verdict.request_id, hints=hints)


async def _change(intake: _Intake, standing: Standing, verdict: Verdict, request_id: UUID) -> Outcome:
    """Changes a request that is held, or leaves it as it is where a part of that is refused."""
    position, hints = verdict.line.position, []
    try:
        async with intake.session.begin_nested():
            row = await _patch(intake, request_id, verdict.wanted.patch, verdict.wanted.milestones)
            if verdict.unsaid and standing.has_passed(row):
                said = [(request_id, each) for each in verdict.unsaid]
                await add_explanations(intake.session, intake.caller, said, intake.now)
            elif verdict.unsaid:
                hints = [_NOT_KEPT]
    except InvalidInputError as error:
        return Outcome(position.number, "rejected", error=at_line(position, error))
    except ApiError as error:
        return Outcome(position.number, "rejected", error=error)
    return Outcome(position.number, "accepted", request_id, hints=hints)


async def _patch(
    intake: _Intake, request_id: UUID, patch: Mapping[str, Any], milestones: Mapping[Any, date | None]
) -> RequestRow:
    try:
        body = RequestPatch.model_validate(patch)
    except ValidationError as error:  # a choice that stands has a code that is no more
        found = error.errors(include_url=False)
        raise InvalidInputError(*input_errors({**each, "loc": ("body", *each["loc"])} for each in found)) from error
    return await change_request(
        *(intake.session, intake.catalogue, intake.caller, request_id, body, "*", intake.now, milestones),
        is_alone=request_id not in intake.with_more,
    )


async def _close(
    intake: _Intake, request_id: UUID, child_reference: str, requested_on: date, reason: str | None
) -> Closed:
    """Closes a request that the file did not have; it stays as it is where that is refused."""
    closing = {
        "status": "closed",
        "closedReason": reason,
        "closedOn": max(intake.reference_day, requested_on),
    }
    try:
        async with intake.session.begin_nested():
            await _patch(intake, request_id, closing, {})
    except ApiError as error:
        return Closed(request_id, child_reference, error)
    return Closed(request_id, child_reference)


async def _record(session: WriteSession, caller: Caller, delivered: Delivered, now: datetime) -> None:
    values = {
        "organisation_id": caller.organisation_id,
        "institution": caller.institution,
        "kind": "delivered",
        "month": delivered.month,
        "reference_day": delivered.reference_day,
        "lines": len(delivered.outcomes),
        **delivered.counts(),
        "at": now,
        "client_id": caller.client_id,
    }
    await repository.add_delivery(session, values)
