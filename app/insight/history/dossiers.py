"""A dossier as it was known at a moment: the rows of it, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
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


@dataclass(frozen=True, slots=True)
class Stay:
    """A child in a referral.

    `answered_on` is the day of the provider's first answer, `despite` the reasons that something was said against;
    `offer_region` and `offer_province` say where the offer is.
    """

    child: Facts
    referral: Facts
    answered_on: date | None = None
    despite: tuple[str, ...] = ()
    offer_region: str | None = None
    offer_province: str | None = None


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
