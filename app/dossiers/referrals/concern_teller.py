"""Judging the referrals again when the ground under them may have moved: one process at a time, each concern once.

How far that has come is a row with a position in the log of changes, which whoever goes on with it holds, as for the
watches. Which referrals have been judged, and for which day, is kept apart from them, so that the job never keeps a
decision waiting: a referral whose requests somebody holds is left for the next turn.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.referrals import concern_repository
from app.dossiers.referrals.concerns import concerns_of, record_concerns
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.follower import Follower
from app.finding.catalogue.position import Position
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession
from app.kit.turns import in_turns

EVERY: Final = "* * * * * */10"
AT_ONCE: Final = 1000
"""Referrals that are judged in one turn; the others wait for the next."""


@dataclass(frozen=True, slots=True)
class ConcernTeller:
    """Judges open referrals by the catalogue of this process."""

    follower: Follower
    clock: Clock

    def job(self) -> Job:
        """The job that does it, every ten seconds in one of the processes."""

        async def run(session: WriteSession) -> None:
            await self.tell(session)

        return Job("tell-concerns", EVERY, run)

    async def tell(self, session: WriteSession) -> int:
        """Judges what was sent, or whose offer changed, since the last time, and on a new day all; how many were told.

        A referral is told of in the transaction that notes its concern, so no other turn tells it again.
        """
        progress = await concern_repository.claim_progress(session)
        if progress is None:
            return 0
        await self.follower.catch_up()  # to what the one before had seen, at the least
        catalogue, now = self.follower.catalogue, self.clock()
        position = catalogue.position
        await concern_repository.judge_anew(session, _touched(catalogue, progress.position))
        told, judged = 0, []
        async for full in in_turns(await concern_repository.list_to_judge(session, dutch_day(now), AT_ONCE)):
            row = full.referral
            if {each.reason for each in full.concerns} != set(concerns_of(catalogue, full, dutch_day(now))):
                held = await concern_repository.hold_if_free(session, row.id)
                if held is None:
                    continue  # it is being decided on: at the next turn
                told += await record_concerns(session, catalogue, held, now)
            judged.append(row.id)
        await concern_repository.note_judged(session, judged, dutch_day(now))
        await concern_repository.save_progress(session, str(position))
        return told


def _touched(catalogue: Catalogue, position: str | None) -> list[UUID] | None:
    """The offers that changed since; None where it could be any."""
    if position is None:
        return None
    seen = Position.parse(position)
    touched = catalogue.touched_since(seen) if catalogue.position.covers(seen) else None
    return None if touched is None else [UUID(each) for each in touched]
