"""What to know of a request, in words: ends of youth law, and what secure care asks for."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from app.domain.language import Language, Text, date_in_words
from app.dossiers.requests.clock_model import Clock, ClockName
from app.dossiers.requests.schemas import RequestWarning, RequestWarningCode
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.youth_law import YouthLawEnd
from app.reference.lists import reference

_LAW_ENDS: Final = Text(
    nl="De Jeugdwet eindigt voor deze jeugdige op {day} ({age} jaar); regel wat daarna komt.",
    en="Youth law ends for this child on {day} (at the age of {age}); arrange what comes after it.",
)
_LAW_ENDED: Final = Text(
    nl="De Jeugdwet is voor deze jeugdige geëindigd op {day} ({age} jaar).",
    en="Youth law ended for this child on {day} (at the age of {age}).",
)
_PRESSING: Final[dict[ClockName, tuple[RequestWarningCode, Text]]] = {
    "court-authorisation": (
        "court-authorisation-ends",
        Text(
            nl="De machtiging gesloten jeugdhulp geldt tot en met {day}; vraag verlenging of regel de plek daarna.",
            en="The court's authorisation of secure care holds until {day}; ask to extend it or arrange what is next.",
        ),
    ),
    "secure-stay": (
        "secure-stay-long",
        Text(
            nl="Het gesloten verblijf duurt op {day} zes maanden; werk toe naar een plek buiten de geslotenheid.",
            en="The stay in secure care will have lasted six months on {day}; work towards a place outside it.",
        ),
    ),
    "next-place": (
        "next-place-unknown",
        Text(
            nl="De plek na het gesloten verblijf moet uiterlijk {day} bekend zijn.",
            en="The place after secure care has to be known by {day}.",
        ),
    ),
}
_PASSED: Final[dict[ClockName, tuple[RequestWarningCode, Text]]] = {
    "court-authorisation": (
        "court-authorisation-ended",
        Text(
            nl="De machtiging gesloten jeugdhulp is na {day} verlopen; zonder mag het kind niet gesloten zitten.",
            en="The court's authorisation ran out after {day}; without it the child may not be in secure care.",
        ),
    ),
    "secure-stay": (
        "secure-stay-long",
        Text(
            nl="Het gesloten verblijf duurt langer dan zes maanden (sinds {day}).",
            en="The stay in secure care has lasted more than six months (since {day}).",
        ),
    ),
    "next-place": (
        "next-place-unknown",
        Text(
            nl="De plek na het gesloten verblijf had op {day} bekend moeten zijn.",
            en="The place after secure care should have been known by {day}.",
        ),
    ),
}
_UNDATED: Final = Text(
    nl="Dit kind zit in gesloten jeugdhulp; tot wanneer de machtiging geldt is niet bekend (courtAuthorisationUntil).",
    en="This child is in secure care; until when that is authorised is not known (courtAuthorisationUntil).",
)
_ELSEWHERE: Final = Text(
    nl="De gesloten plek is in {there}, niet in de eigen provincie ({own}).",
    en="The secure place is in {there}, not in the child's own province ({own}).",
)


def youth_law_warnings(ends: Sequence[YouthLawEnd], today: date, language: Language) -> list[RequestWarning]:
    """The ends of youth law that are near; of those that have passed only the last one."""
    return [
        _warning(
            "youth-law-ended" if today >= end.on else "youth-law-ends",
            (_LAW_ENDED if today >= end.on else _LAW_ENDS).format(day=date_in_words(end.on), age=end.age),
            language,
        )
        for end in ends
        if end.is_near(today) and (today < end.on or end is ends[-1])
    ]


def secure_care_warnings(
    row: RequestRow, shown: Sequence[Clock], place: str | None, language: Language
) -> Iterator[RequestWarning]:
    """What secure care asks for: of its clocks that are amber or red, and where the secure place is.

    `place` is the municipality of the secure place that the child has or has been promised; None where not known.
    Nothing of a closed request.
    """
    if row.closed_on is not None:
        return
    for clock in shown:
        said = {"amber": _PRESSING, "red": _PASSED}.get(clock.light, {}).get(clock.name)
        if said is not None:
            yield _warning(said[0], said[1].format(day=date_in_words(clock.due_on)), language)
    if row.secure_since is not None and row.secure_left_on is None and row.court_authorisation_until is None:
        yield _warning("court-authorisation-undated", _UNDATED, language)
    municipalities = reference().municipalities
    there, own = municipalities.get(place or ""), municipalities.get(row.municipality_code)
    if there is not None and own is not None and there.province_code != own.province_code:
        text = _ELSEWHERE.format(there=there.province_name, own=own.province_name)
        yield _warning("secure-care-outside-province", text, language)


def _warning(code: RequestWarningCode, text: Text, language: Language) -> RequestWarning:
    return RequestWarning.model_construct(code=code, detail=text.in_(language))
