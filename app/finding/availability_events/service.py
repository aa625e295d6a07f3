"""Opening a stream of what changes in the free places, from where its reader left off."""

from app.finding.availability_events.event_id import EventId
from app.finding.availability_events.publisher import Publisher
from app.finding.availability_events.topics import Narrowing
from app.finding.catalogue.follower import Follower
from app.finding.search.fitting_offers import filter_errors
from app.finding.search.schemas import AvailabilityFilter
from app.kit.errors import InvalidInputError
from app.kit.streams import Stream, invalid_event_id


async def open_stream(
    publisher: Publisher,
    follower: Follower,
    query: AvailabilityFilter,
    last_event_id: str | None,
    narrowing: Narrowing | None = None,
    *,
    public: bool,
) -> Stream:
    """A stream of what fits the question and changes; for the public without counts.

    After a `last_event_id` that nothing can be told of any more, it begins with `reset`.
    """
    errors = filter_errors(query, "#/query")
    seen = None
    if last_event_id:
        try:
            seen = EventId.parse(last_event_id)
        except ValueError:
            errors.append(invalid_event_id())
    if errors:
        raise InvalidInputError(*errors)
    if seen is None:
        return publisher.open(query, None, narrowing, public=public)
    if not follower.catalogue.position.covers(seen.position) and not await follower.try_to_catch_up():
        follower.check()  # another worker, which told of it, has seen more
    if not follower.catalogue.position.covers(seen.position):
        return publisher.start_again(query, narrowing, public=public)  # another database, or an older copy of it
    return publisher.open(query, seen, narrowing, public=public)
