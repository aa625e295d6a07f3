"""What can be asked for an offer that is not contracted as it has to be, of whom, and how it goes on.

Pure: no clock, no database. What has been granted, refused, withdrawn or has ended stays so; it is asked anew.
"""

from datetime import date
from typing import Final, Literal, get_args

Kind = Literal["light-contract", "ceiling-exception", "longer-distance", "provider-consent"]
"""What an alternative needs (`ranking.model.Need`), as far as somebody else has to agree to it."""
Status = Literal["asked", "granted", "refused", "withdrawn", "ended"]
DecisionCode = Literal["grant", "refuse", "withdraw"]
EventCode = Literal["ask", DecisionCode, "end"]
Party = Literal["region", "provider"]
Side = Literal["institution", Party]
EndedBecause = Literal["request-closed", "help-started"]
Light = Literal["green", "amber", "red", "done"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)

PUT_TO: Final[dict[Kind, Party]] = {
    "light-contract": "region",
    "ceiling-exception": "region",
    "longer-distance": "region",
    "provider-consent": "provider",
}
"""Whom it is asked of: who has the contracts, or who gives the help."""
AFTER: Final[dict[DecisionCode, Status]] = {"grant": "granted", "refuse": "refused", "withdraw": "withdrawn"}


def decisions_of(side: Side) -> list[DecisionCode]:
    """What a side decides, as long as nothing has been."""
    return ["withdraw"] if side == "institution" else ["grant", "refuse"]


def light_of(status: Status, amber_from: date, due_on: date, today: date) -> Light:
    """How the term stands in which an answer is due; on its last day it is not over."""
    if status != "asked":
        return "done"
    if today > due_on:
        return "red"
    return "amber" if today >= amber_from else "green"
