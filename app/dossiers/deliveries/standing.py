"""What stands of the children of a file, and what each of its lines comes to by that."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.agreements.repository import list_agreements
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.deliveries import repository
from app.dossiers.deliveries.errors import HandedOverError
from app.dossiers.deliveries.handed_over import list_handed_over
from app.dossiers.deliveries.lines import ChildLine
from app.dossiers.deliveries.plan import HELP, Wanted, at_line, in_its_words, new_request, unsaid, wanted
from app.dossiers.deliveries.schemas import WaitingChildIn
from app.dossiers.requests.creation import new_values
from app.dossiers.requests.entries_repository import list_explanations
from app.dossiers.requests.entry_schemas import ExplanationIn
from app.dossiers.requests.errors import ClosedError
from app.dossiers.requests.repository import WHAT
from app.dossiers.requests.service import passed_norm
from app.dossiers.requests.tables import ExplanationRow, RequestRow
from app.dossiers.requests.teams import known_teams, unknown_team
from app.kit.database.sessions import WriteSession
from app.kit.errors import ApiError, InvalidInputError, NotFoundError
from app.kit.security.callers import Caller
from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line comes to: an error, the columns of a `new` request, or what is to become different of one.

    `unsaid` are explanations that it would add; of a request that is there `passed` says whether its clock of help has
    passed the norm, so that they can be kept.
    """

    line: ChildLine
    error: ApiError | None = None
    new: Mapping[str, Any] | None = None
    request_id: UUID | None = None
    wanted: Wanted = field(default_factory=Wanted)
    unsaid: Sequence[ExplanationIn] = ()
    passed: bool = False

    @property
    def changes(self) -> bool:
        """Whether it changes a request that is there."""
        return self.wanted.is_anything or (self.request_id is not None and bool(self.unsaid) and self.passed)


@dataclass(frozen=True, slots=True)
class Standing:
    """The requests that the lines are about, by the institution's own references, and what else they are judged by."""

    caller: Caller
    reference_day: date
    now: datetime
    rows: Mapping[str, RequestRow]
    handed_over: Mapping[str, HandedOverError]
    teams: Sequence[str]
    agreements: Mapping[str, RegionalAgreementsRow]
    explanations: Mapping[UUID, Sequence[ExplanationRow]]

    @classmethod
    async def of(
        cls,
        session: WriteSession,
        caller: Caller,
        children: Sequence[WaitingChildIn],
        reference_day: date,
        now: datetime,
    ) -> Self:
        """What stands of these children, in a few statements however many there are."""
        rows = await repository.list_by_reference(session, caller, {each.child_reference for each in children})
        new = [each for each in children if each.child_reference not in rows]
        explained = [each for each in children if each.causes is not None]
        ids = {rows[each.child_reference].id for each in explained if each.child_reference in rows}
        return cls(
            *(caller, reference_day, now, rows),
            handed_over=await list_handed_over(session, caller) if new else {},
            teams=await known_teams(session, caller) if any(each.team for each in new) else (),
            agreements=await list_agreements(session, _regions(explained, rows)) if explained else {},
            explanations=await _explanations(session, ids),
        )

    async def anew(self, session: WriteSession, request_ids: Collection[UUID]) -> Self:
        """The same, once these requests are held: what was explained of them may have changed meanwhile."""
        known = {id_: each for id_, each in self.explanations.items() if id_ not in request_ids}
        again = set(request_ids) & self.explanations.keys()
        return replace(self, explanations={**known, **await _explanations(session, again)})

    def judge(self, line: ChildLine) -> Verdict:
        """What a line comes to."""
        child = line.content
        if isinstance(child, InvalidInputError):
            return Verdict(line, child)
        row = self.rows.get(child.child_reference)
        try:
            return self._of_new(line, child) if row is None else self._of_known(line, child, row)
        except InvalidInputError as error:
            return Verdict(line, in_its_words(line.position, error))

    def _of_new(self, line: ChildLine, child: WaitingChildIn) -> Verdict:
        gone = self.handed_over.get(child.child_reference)
        if gone is not None:
            return Verdict(line, gone)
        new = new_request(line.position, child, self.reference_day)
        if child.team is not None and child.team not in self.teams:
            return Verdict(line, at_line(line.position, InvalidInputError(unknown_team(self.teams))))
        try:
            values = new_values(self.caller, new, self.now)
        except InvalidInputError as error:
            return Verdict(line, at_line(line.position, error))
        return Verdict(line, new=values, unsaid=unsaid(child, ()))

    def _of_known(self, line: ChildLine, child: WaitingChildIn, row: RequestRow) -> Verdict:
        if row.organisation_id != self.caller.organisation_id:  # it was handed over while it was waited for
            return Verdict(line, NotFoundError(WHAT))
        if row.closed_on is not None and child.closed_reason is None:
            return Verdict(line, ClosedError())
        adds = unsaid(child, self.explanations.get(row.id, ()))
        return Verdict(
            line,
            request_id=row.id,
            wanted=wanted(line.position, child, row, self.reference_day),
            unsaid=adds,
            passed=bool(adds) and self.has_passed(row),
        )

    def has_passed(self, row: RequestRow) -> bool:
        """Whether the clock of help of a request has passed its norm."""
        return passed_norm(row, self.agreements[row.region_code], HELP, dutch_day(self.now))


def _regions(children: Sequence[WaitingChildIn], rows: Mapping[str, RequestRow]) -> set[str]:
    """The regions of these children, as they were and as they are said to be."""
    municipalities = {each.municipality for each in children if each.municipality is not None}
    here = {rows[each.child_reference].region_code for each in children if each.child_reference in rows}
    return here | {reference().municipalities[code].region for code in municipalities}


async def _explanations(session: WriteSession, request_ids: Collection[UUID]) -> dict[UUID, list[ExplanationRow]]:
    """What was said of the clock of help of these requests, oldest first."""
    found = defaultdict[UUID, list[ExplanationRow]](list, {id_: [] for id_ in request_ids})
    if request_ids:
        for row in await list_explanations(session, request_ids):
            if row.clock == HELP:
                found[row.request_id].append(row)
    return dict(found)
