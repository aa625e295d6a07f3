"""The ranking itself: a pure function of the request, the offers and today's date."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from operator import itemgetter
from typing import Final

from app.matching.ranking.derived import Norm, candidate_of
from app.matching.ranking.factors import ORDERS, PICKERS, factors_of
from app.matching.ranking.filters import need_of, reasons_of
from app.matching.ranking.model import (
    Alternative,
    Candidate,
    Decider,
    Exclusion,
    Offer,
    Outcome,
    Policy,
    Request,
    Result,
)

DEFAULT_POLICY: Final[Policy] = "timely-first"

Key = tuple[int | str, ...]
"""A candidate's factors in the order of the policy, and the offer's id: smaller is better."""
Keyed = tuple[Key, Candidate, tuple[int, ...]]

_BY_KEY: Final = itemgetter(0)


def rank(request: Request, offers: Iterable[Offer], *, today: date, policy: Policy = DEFAULT_POLICY) -> Outcome:
    """Rank the offers for the request: the same outcome whatever the order of the offers.

    Offers are told apart by their id, which must be unique. An offer of none of the choices is left out.
    Raises OverflowError or ValueError where a norm or a start falls outside the calendar.
    """
    norm = Norm.of(request, today)
    pick = PICKERS[policy]
    fitting: list[Keyed] = []
    excluded: list[Exclusion] = []
    possible: list[tuple[Key, Alternative]] = []
    for offer in offers:
        candidate = candidate_of(offer, request, today)
        if candidate is None:
            continue
        factors = factors_of(candidate, request, norm)
        key: Key = (*pick(factors), offer.id)
        reasons = reasons_of(candidate, request, today)
        if not reasons:
            fitting.append((key, candidate, factors))
            continue
        excluded.append(Exclusion(*candidate[:6], factors, not factors[0], reasons))
        need = need_of(candidate, request, reasons)
        if need is not None:
            possible.append((key, Alternative(*candidate[:6], factors, not factors[0], reasons[0], need)))
    fitting.sort(key=_BY_KEY)
    excluded.sort(key=lambda exclusion: exclusion.offer.id)
    possible.sort(key=_BY_KEY)
    results = _results(fitting, policy)
    alternatives = tuple([alternative for _, alternative in possible])
    return Outcome(today, policy, norm.deadline, norm.limit, results, tuple(excluded), alternatives)


def _results(fitting: list[Keyed], policy: Policy) -> tuple[Result, ...]:
    deciders: list[Decider | None] = [
        _decider(better, worse, policy) for (better, _, _), (worse, _, _) in pairwise(fitting)
    ]
    deciders.append(None)
    return tuple(
        [
            Result(*candidate[:6], factors, not factors[0], decider)
            for (_, candidate, factors), decider in zip(fitting, deciders, strict=False)
        ]
    )


def _decider(better: Key, worse: Key, policy: Policy) -> Decider:
    for factor, mine, theirs in zip(ORDERS[policy], better, worse, strict=False):
        if mine != theirs:
            return factor
    return "id"
