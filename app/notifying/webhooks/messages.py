"""Events as they go out: CloudEvents 1.0 in JSON, by the NL GOV profile for CloudEvents.

`id` is a random UUID that stays the same in every attempt. `type` is our word for it in reverse domain name notation.
`subject` is the id of what it happened to, mostly an offer's. `time` is when the event was written (not when the world
changed: that is in `data`). `sequence` grows with the events of a subject, in the order in which they were written.
"""

from typing import Any, Final

from app import VERSION
from app.kit.json_bytes import to_json
from app.kit.schemas import write_time
from app.notifying.outbox.tables import OutboxEventRow

TYPE_PREFIX: Final = "nl.beschikbaarheidswijzer."
CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
USER_AGENT: Final = f"beschikbaarheidswijzer/{VERSION}"


def body_of(event: OutboxEventRow, source: str) -> bytes:
    """The bytes that are sent and signed, the same in every attempt."""
    content: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": source,
        "type": TYPE_PREFIX + event.type,
        "subject": event.subject,
        "time": write_time(event.time),
        "datacontenttype": "application/json",
        "sequence": f"{event.id:019}",
        "data": event.data,
    }
    return to_json(content)
