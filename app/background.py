"""What a worker does besides answering: it follows changes, tells of them, and takes its turn at the jobs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from app import VERSION
from app.access import revocations
from app.access.authentication import refuse_demo_clients
from app.dossiers.audit.job import sealing
from app.dossiers.deliveries.job import reminding as reminding_institutions
from app.dossiers.erasure.job import erasing
from app.dossiers.notifications.job import mailing
from app.dossiers.proposals import repository as proposals_repository
from app.dossiers.proposals.making import Maker
from app.dossiers.rankings import repository as rankings_repository
from app.dossiers.referrals.concern_teller import ConcernTeller
from app.dossiers.watches import repository as watches_repository
from app.dossiers.watches.evaluator import Evaluator
from app.finding.catalogue import follower as catalogue_following
from app.finding.showings import repository as showings_repository
from app.finding.showings.service import ShowingWriter
from app.insight.history.job import bringing_up_to_date
from app.insight.settling.job import settling
from app.insight.supply_history.job import keeping_supply
from app.kit.database.jobs import Jobs
from app.kit.database.limits import job_limits
from app.kit.database.lock_waits import LockWatch
from app.kit.database.sessions import UNREACHABLE, Database
from app.kit.http import idempotency
from app.kit.http.parts import parts_of
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import RULES_INTERPRETED, SERVICE_STARTED, SERVICE_STOPPED, log
from app.notifying.mails import sender as mails_sending
from app.notifying.mails.mailer import Mailer
from app.notifying.mails.sender import Sender
from app.notifying.webhooks import delivery_repository
from app.notifying.webhooks.courier import Courier
from app.parts import Parts
from app.ranking import WHY_INTERPRETED
from app.supply.reminders.job import reminding
from app.web.sign_in import repository as web_sessions_repository

BACKGROUND_CONNECTIONS = 3
"""Of one worker, besides those for requests: a job, a look at the schedule, and the courier or the sender of mail."""
JOBS = (
    idempotency.PRUNING,
    catalogue_following.PRUNING,
    rankings_repository.PRUNING,
    proposals_repository.PRUNING,
    mails_sending.PRUNING,
    watches_repository.PRUNING,
    showings_repository.PRUNING,
    delivery_repository.PRUNING,
    web_sessions_repository.PRUNING,
)


def _tell_of_rules() -> None:
    """The answers are the same where the rules are not compiled; a match takes a few milliseconds more."""
    metrics.RULES_COMPILED.set(WHY_INTERPRETED is None)
    if WHY_INTERPRETED is not None:
        log(RULES_INTERPRETED, reason=WHY_INTERPRETED)


@asynccontextmanager
async def working(app: FastAPI) -> AsyncIterator[None]:
    """Runs all that for as long as the block lasts, and closes what it used; the lifespan of an application."""
    parts = parts_of(app, Parts)
    settings, database, follower, clock = parts.settings, parts.database, parts.follower, parts.clock
    if not settings.demo:
        await refuse_demo_clients(database)
    mailer = Mailer.of(settings)
    log(
        SERVICE_STARTED,
        version=VERSION,
        demo=settings.demo,
        public_access=settings.public_access,
        mail=mailer is not None,
    )
    _tell_of_rules()
    showings = ShowingWriter(Database(database.engine), follower, clock)
    running = [follower.follow(), parts.publisher.run(), parts.watch_publisher.run(), showings.run()]
    running.append(revocations.follow(Database(database.engine), parts.callers.revocations))
    tasks = [asyncio.create_task(each) for each in running]
    evaluator = Evaluator(follower, clock, settings.public_url)
    behind = database.beside(pool_size=BACKGROUND_CONNECTIONS, limits=job_limits(settings))
    sender = Sender(behind, mailer, clock)
    concerns = ConcernTeller(follower, clock)
    reminders = (reminding(settings, clock), reminding_institutions(clock))
    jobs = [*JOBS, sender.job(), *reminders, mailing(settings, clock), evaluator.job(), concerns.job()]
    jobs.append(Maker(follower, clock, Database(behind.engine)).job())
    jobs += [bringing_up_to_date(clock), keeping_supply(clock), settling(clock), sealing(clock)]
    jobs += erasing(clock, settings.dossier_retention_months)
    background = Jobs(behind, jobs, parts.recorder, clock)
    async with LockWatch(database).running(), background.running(), _courier(parts, behind).running():
        yield
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    with suppress(*UNREACHABLE):
        await showings.write()
    await follower.close()
    await behind.close()
    await database.close()
    if parts.tracing is not None:
        await asyncio.to_thread(parts.tracing.close)
    log(SERVICE_STOPPED, version=VERSION)


def _courier(parts: Parts, behind: Database) -> Courier:
    database = Database(behind.engine)  # what it writes is no part of the catalogue, so none looks after it
    return Courier(database, parts.vault, parts.targets, source=parts.settings.event_source, clock=parts.clock)
