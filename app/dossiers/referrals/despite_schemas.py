"""Comply or explain: what is said for a referral that is made although the match would leave its offer out."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.language import Text
from app.dossiers.referrals.obstacle_codes import Obstacle
from app.dossiers.referrals.states import Side
from app.kit.schemas import Answer, FreeText, Schema, described, invalid


class DespiteIn(Schema):
    """A reason for which the match would leave the offer out, and why it is done all the same."""

    reason: Obstacle = described("The reason, as the 409 names it.", "not-contracted")
    because: Annotated[FreeText, Field(min_length=1)] = described(
        "Why all the same, without anything about who the child is.", "De gemeente regelt een licht contract."
    )


def _each_once(given: list[DespiteIn]) -> list[DespiteIn]:
    if len({each.reason for each in given}) != len(given):
        text = Text(nl="Een reden staat er meer dan eens in.", en="A reason is named more than once.")
        raise invalid("repeated", text)
    return given


EachOnce = Annotated[list[DespiteIn], AfterValidator(_each_once)]
"""At most one word for each reason."""
EXAMPLE = [{"reason": "not-contracted", "because": "De gemeente regelt een licht contract."}]


class DespiteOut(Answer):
    """Why a referral was made, accepted or started all the same."""

    reason: Obstacle = described("The reason for which the match left the offer out.", "not-contracted")
    because: str = described("Why all the same.", "De gemeente regelt een licht contract.")
    by: Side = described("Which side said so.", "institution")
    on: date = described("When.", "2026-11-22")


class ConcernOut(Answer):
    """What has come to stand in the way of a referral, because the ground has moved."""

    reason: Obstacle = described("The reason for which the match would leave the offer out now.", "placement-stop")
    since: date = described("Since when that is known.", "2026-11-22")
