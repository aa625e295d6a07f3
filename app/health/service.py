"""Whether the service can do its work, and if not, what to do about it."""

from app.access.repository import has_demo_clients
from app.domain.language import Text
from app.finding.catalogue.follower import Follower
from app.health import repository
from app.kit.database.sessions import ReadSession
from app.kit.errors import UnavailableError
from app.kit.stopping import STOPPING


class NotReadyError(UnavailableError):
    """The database is there, but not as the service needs it."""

    slug = "not-ready"
    title = Text(nl="Niet gereed", en="Not ready")


async def check_ready(session: ReadSession, follower: Follower, head: str, *, demo: bool) -> None:
    """`NotReadyError` with what is missing.

    That is a process that is not about to stop, a migration, the reference data, a production without demo clients, or
    a catalogue that is loaded and follows the database.
    """
    if STOPPING.has_begun:
        raise NotReadyError(
            Text(nl="Dit proces stopt; een ander neemt het over.", en="This process stops; another takes over."),
            check="stopping",
        )
    revision = await repository.find_revision(session)
    if revision != head and not await repository.goes_on(session, head):
        raise NotReadyError(
            Text(
                nl=f"De database staat op migratie {revision or 'geen'}, nodig is {head}: draai `wijzer migrate`.",
                en=f"The database is at migration {revision or 'none'}, needed is {head}: run `wijzer migrate`.",
            ),
            check="migration",
        )
    if not await repository.has_reference_data(session):
        raise NotReadyError(
            Text(
                nl="De referentiegegevens ontbreken: draai `wijzer migrate`.",
                en="The reference data is missing: run `wijzer migrate`.",
            ),
            check="reference-data",
        )
    if not demo and await has_demo_clients(session):
        raise NotReadyError(
            Text(
                nl="Er zijn demo-clients; trek die in of zet DEMO=true.",
                en="There are demo clients; revoke them or set DEMO=true.",
            ),
            check="demo-clients",
        )
    follower.check()
