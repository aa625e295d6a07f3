"""What is said of a result, built plainly: from the parts of sentences to one, without anything kept or compiled."""

from collections.abc import Callable
from datetime import date
from typing import cast

from app.domain.language import Language, Text
from app.finding.matching.wording.explanation import (
    ABOVE,
    ABOVE_BY_NORM,
    CHOICES_SAID,
    CONTRACTS_SAID,
    EQUAL,
    lacking_in_words,
    last_in_list,
)
from app.finding.matching.wording.factor_phrases import (
    age_in_words,
    delay_in_words,
    distance_in_words,
    start_in_words,
    wait_in_words,
)
from app.finding.matching.wording.phrases import norm_in_words
from app.finding.matching.wording.warnings import (
    WARNINGS,
    WarningCode,
    distance_unknown,
    figures_old,
    start_after_norm,
    turns_18,
    unconfirmed_place,
    watched_from,
)
from app.ranking.derived_dates import Norm
from app.ranking.model import FACTORS, Request, Result
from app.reference.lists import reference

_AGE = FACTORS.index("age-of-report")
_DISTANCE = FACTORS.index("distance")
_UNKNOWN = 9999


def explain(
    result: Result, following: Result | None, rank: int, request: Request, norm: Norm, language: Language
) -> str:
    """Why the result at that rank (counting from 1) stands above the following one, in one sentence."""
    if following is None or result.decided_by is None:
        return last_in_list(result.choice, result.expected_start, norm, alone=rank == 1).in_(language)
    number = rank + 1
    if result.decided_by == "id":
        return EQUAL.in_(language) % number
    mine, theirs = (_said(result.decided_by, each, request, norm).in_(language) for each in (result, following))
    if result.decided_by == "delay":
        return ABOVE_BY_NORM.in_(language) % (number, mine, norm_in_words(norm).in_(language), number, theirs)
    return ABOVE.in_(language) % (number, mine, number, theirs)


def _said(factor: str, result: Result, request: Request, norm: Norm) -> Text:
    labels = {code: value.name for code, value in reference().specialisations.items()}
    said = {
        "delay": lambda: delay_in_words(result.expected_start, norm),
        "choice": lambda: CHOICES_SAID[result.choice - 1],
        "wishes": lambda: lacking_in_words(sorted(request.wishes - result.offer.specialisations), labels),
        "contract": lambda: CONTRACTS_SAID[result.contract],
        "wait": lambda: wait_in_words(result.expected_start, norm.today),
        "distance": lambda: distance_in_words(
            result.factors[_DISTANCE], at_home=result.offer.at_home, known=result.distance_km is not None
        ),
        "start": lambda: start_in_words(result.expected_start),
        "age-of-report": lambda: age_in_words(result.factors[_AGE]),
    }
    return said[factor]()


def warnings(result: Result, request: Request, norm: Norm, due: int) -> list[tuple[WarningCode, Text]]:
    """The warnings that an offer gives; `due` is since when it should have a place, 0 where it need not."""
    age, start, child = result.factors[_AGE], result.expected_start, request.child
    most_km = request.choices[result.choice - 1].max_distance_km
    said: list[tuple[bool, WarningCode, Callable[[], Text]]] = [
        (7 < age < _UNKNOWN, "figures-old", lambda: figures_old(age)),
        (due != 0, "unconfirmed-place", lambda: unconfirmed_place(due)),
        (start is None, "start-unknown", lambda: WARNINGS["start-unknown"]),
        (
            start is not None and start > norm.limit,
            "start-after-norm",
            lambda: start_after_norm(cast("date", start), norm),
        ),
        (
            most_km is not None and result.distance_km is None,
            "distance-unknown",
            lambda: distance_unknown(cast("float", most_km)),
        ),
        (
            result.reference_date >= watched_from(child.birth_month),
            "turns-18",
            lambda: turns_18(child.birth_month, result.reference_date, result.offer.care_type),
        ),
        (
            result.offer.needs_court_authorisation,
            "court-authorisation",
            lambda: WARNINGS["court-authorisation"],
        ),
        (result.contract == "light", "light-contract", lambda: WARNINGS["light-contract"]),
    ]
    return [(code, text()) for holds, code, text in said if holds]
