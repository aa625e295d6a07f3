"""A dossier as it was known at a moment: the rows of it, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

Facts = Mapping[str, Any]
"""The columns of a row as JSON has them: days and ids are text."""


class Reopening(NamedTuple):
    """That help was needed again after help that began on `helped_on`."""

    needed_again_on: date
    helped_on: date


class Judgement(NamedTuple):
    """Whether the help fitted, as somebody judged it on a day."""

    by: str
    fits: str
    on: date


class Explained(NamedTuple):
    """Why a clock passed its norm, said on a day."""

    clock: str
    cause: str
    on: date


class Answered(NamedTuple):
    """What a provider answered to a referral at a moment: accept, waitlist or decline."""

    at: datetime
    decision: str


class Place(NamedTuple):
    """Where an offer is (of help at home that is not known), and whether it is secure care."""

    region: str | None = None
    province: str | None = None
    is_secure: bool = False


NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class Stay:
    """A child in a referral.

    `answers` are those that were not taken back, the first first; `despite` the reasons that something was said
    against; `place` is that of the offer.
    """

    child: Facts
    referral: Facts
    answers: tuple[Answered, ...] = ()
    despite: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Dossier:
    """One request with all that belongs to it; what happened in the order in which it did.

    `referrer` is the code of who refers (reference/referrers): what kind of organisation keeps it.
    """

    request_id: UUID
    request: Facts
    referrer: str
    stays: Sequence[Stay]
    escalations: Sequence[Facts]
    reopenings: Sequence[Reopening]
    judgements: Sequence[Judgement]
    explained: Sequence[Explained]


def day_of(facts: Facts, name: str) -> date | None:
    """A day among the facts; None where it is not known."""
    value = facts.get(name)
    return None if value is None else date.fromisoformat(value)
