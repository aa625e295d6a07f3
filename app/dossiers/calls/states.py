"""How a call stands on a day.

Pure: no clock, no database. Nobody has to end a call: after its last day it has expired.
"""

from datetime import date
from typing import Final, Literal, get_args

Status = Literal["open", "expired", "closed"]
ClosedBecause = Literal["answered", "withdrawn", "request-closed", "help-started"]
CallerBecause = Literal["answered", "withdrawn"]
"""What an institution closes a call for; for the others the service does."""
AnswerCode = Literal["can", "decline"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)


def status_of(closed_because: ClosedBecause | None, respond_by: date, today: date) -> Status:
    """The status of a call; on its last day itself it is still open."""
    if closed_because is not None:
        return "closed"
    return "open" if today <= respond_by else "expired"
