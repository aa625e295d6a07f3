"""Making the proposals that were asked for: one process at a time makes each, and a next one where it dies.

Who makes it holds it until it is done, and what comes out is written in that same transaction. How far it is, is
written meanwhile by transactions of their own, so that whoever asked sees it.
"""

from asyncio import to_thread
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.allocation.model import Case, CaseError, Line, Proposal
from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.arrangements.service import exceptions_of
from app.dossiers.proposals import repository
from app.dossiers.proposals.beside import Run, Solved, run_beside, solved
from app.dossiers.proposals.case_outcome import write_proposal
from app.dossiers.proposals.gathering import Asked, Known, gather
from app.dossiers.proposals.report import report_of
from app.dossiers.proposals.tables import RegionalProposalRow
from app.dossiers.referrals.refusals import list_refusals
from app.dossiers.requests.repository import list_siblings
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.follower import Follower
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import Database, WriteSession
from app.kit.json_bytes import to_json
from app.kit.security.callers import Caller, Role

EVERY: Final = "* * * * * */2"
MOST_ATTEMPTS: Final = 3
"""After so many times that it was begun and not finished, a proposal is given up."""
_LOOKED_AT: Final = 10


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes proposals by the catalogue of this process; `database` is where it says how far it is, and `run` has done
    what takes long."""

    follower: Follower
    clock: Clock
    database: Database
    run: Run = run_beside

    def job(self) -> Job:
        """The job that makes one, every two seconds in one of the processes."""

        async def make(session: WriteSession) -> None:
            await self.make(session)

        return Job("make-proposals", EVERY, make)

    async def make(self, session: WriteSession) -> bool:
        """Makes the proposal that was asked first of those that nobody makes; whether there was any."""
        for proposal_id in await repository.list_unfinished(session, _LOOKED_AT):
            row = await repository.hold_proposal(session, proposal_id)
            if row is not None:
                await repository.finish(session, row.id, await self._outcome(session, row))
                return True
        return False

    async def _outcome(self, session: WriteSession, row: RegionalProposalRow) -> dict[str, Any]:
        """What is to be written of a proposal; its lines are written already."""
        now = self.clock()
        if row.attempts >= MOST_ATTEMPTS:
            return {"status": "failed", "failure": "given-up", "made_at": now}
        async with self.database.aside() as connection:
            await repository.note_begin(connection, row.id)
        await self.follower.catch_up()
        known = await known_of(session, row, dutch_day(now))
        try:
            case = await self._gathered(row, known, dutch_day(now))
            outcome = await self.run(solved, case)
        except (CaseError, OverflowError):  # it would be so each time
            return {"status": "failed", "failure": "no-solution", "made_at": now}
        lines, values = await to_thread(written, case, known, outcome)
        await repository.put_lines(session, row.id, lines)
        return {"made_at": now, **values}

    async def _gathered(self, row: RegionalProposalRow, known: Known, today: date) -> Case:
        asked = Asked(today, row.horizon_days, row.places, row.method, row.seed, row.changes)
        total = len(known.rows)

        async def progress(done: int) -> None:
            async with self.database.aside() as connection:
                await repository.note_progress(connection, row.id, done, total)

        return await gather(self.follower.catalogue, known, asked, self.run, progress)


def written(case: Case, known: Known, outcome: Solved) -> tuple[bytes, dict[str, Any]]:
    """The lines of a proposal as JSON, and what else is written of it."""
    return to_json(lines_of(known, outcome.proposal)), _values(case, known, outcome)


def _values(case: Case, known: Known, outcome: Solved) -> dict[str, Any]:
    written = write_proposal(outcome.proposal)
    return {
        "status": "done",
        "today": case.today,
        "done": len(case.children),
        "total": len(case.children),
        "result": {name: value for name, value in written.items() if name != "lines"},
        "report": report_of(case, outcome.proposal.lines, known.rows),
        "case_file": outcome.case_file,
    }


def asker_of(row: RegionalProposalRow) -> Caller:
    """Whoever asked for a proposal, as it asks what children it may see."""
    role = Role.REGION if row.region_code is not None else Role.SUPRAREGION
    return Caller(row.client_id, row.organisation_id, role, region=row.region_code, supraregion=row.supraregion)


async def known_of(session: WriteSession, row: RegionalProposalRow, today: date) -> Known:
    """The children of a proposal and what is known of them, those longest over the norm first; in a handful of
    statements, however many they are.

    Siblings go together, so those of a child that was chosen are there too.
    """
    caller = asker_of(row)
    listed = await repository.list_listed(session, row.id) if row.children == "listed" else ()
    rows = await repository.list_children(session, caller, row.children, today, listed)
    siblings = await list_siblings(session, rows)
    others = {each.id for each in siblings} - {each.id for each in rows}
    if others:
        rows += await repository.list_children(session, caller, "listed", today, others)
    rows.sort(key=_longest_first)
    ids = [each.id for each in rows]
    urgencies = await repository.list_urgencies(session, ids)
    return Known(
        rows,
        siblings,
        await list_refusals(session, ids),
        await exceptions_of(session, ids, today),
        frozenset(each for each, urgency in urgencies.items() if urgency == "crisis"),
    )


def _longest_first(row: RequestRow) -> tuple[date, date, UUID]:
    return row.norm_red_from or date.max, row.requested_on, row.id


def lines_of(known: Known, proposal: Proposal) -> list[dict[str, Any]]:
    """The lines as their rows have them."""
    by_child: dict[str, Line] = {line.child: line for line in proposal.lines}
    return [
        _line(number, row, by_child[f"k{number}"], in_crisis=row.id in known.in_crisis)
        for number, row in enumerate(known.rows, start=1)
    ]


def _line(number: int, row: RequestRow, line: Line, *, in_crisis: bool) -> dict[str, Any]:
    helps = line.helps
    return {
        "request_id": row.id,
        "number": number,
        "in_crisis": in_crisis,
        "offer_id": line.offer,
        "choice": line.choice,
        "starts_on": line.starts_on,
        "days_late": line.days_late,
        "rank": line.rank,
        "reason": _words(line.reason),
        "helps": helps and {**helps._asdict(), "text": _words(helps.text)},
    }


def _words(text: Text) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}
