"""The id of an event: all that whoever has it has been told, whichever worker told it."""

import base64
import binascii
from datetime import date
from typing import Final, NamedTuple, Self

from app.finding.catalogue.position import Position

_LONGEST: Final = 600


class EventId(NamedTuple):
    """A day, and the changes that were known on it."""

    day: date
    position: Position

    @classmethod
    def parse(cls, event_id: str) -> Self:
        """Read an id; raises ValueError."""
        try:
            text = base64.urlsafe_b64decode(event_id + "=" * (-len(event_id) % 4)).decode("ascii")
        except binascii.Error as error:
            raise ValueError("an id is base64url") from error
        day, _, position = text.partition(" ")
        return cls(date.fromisoformat(day), Position.parse(position))

    def __str__(self) -> str:
        text = f"{self.day.isoformat()} {self.position.brief(_LONGEST)}"
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
