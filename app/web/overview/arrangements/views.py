"""Arrangements as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.dates import dutch_day
from app.dossiers.arrangements.schemas import ArrangementOut
from app.dossiers.arrangements.states import Kind, Status
from app.ranking.reason_labels import REASON_LABELS
from app.reference.lists import reference
from app.web.overview.areas import Option
from app.web.overview.children import needs_in_words, who
from app.web.overview.lights import LightShown, light_shown
from app.web.shell.words import day

KINDS: Final[dict[Kind, str]] = {
    "light-contract": "licht contract",
    "ceiling-exception": "uitzondering op het budgetplafond",
    "longer-distance": "grotere afstand",
    "provider-consent": "instemming van de aanbieder",
}
STATUSES: Final[dict[Status, str]] = {
    "asked": "te beslissen",
    "granted": "toegestaan",
    "refused": "geweigerd",
    "withdrawn": "ingetrokken",
    "ended": "niet meer nodig",
}
STATUS_OPTIONS: Final = [Option(code, name) for code, name in STATUSES.items()]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Something that was asked for a child; `decision` is what was decided on it."""

    id: str
    kind: str
    who: str
    institution: str
    offer: str
    address: str
    provider: str
    care_type: str
    reason: str
    needs: str
    why: str
    asked: str
    due: str
    light: LightShown | None
    open: bool
    decision: Sequence[str]


def arrangement_of(out: ArrangementOut) -> Arrangement:
    """An arrangement as the region sees it."""
    care_type = reference().care_types.get(out.care_type)
    return Arrangement(
        id=str(out.id),
        kind=KINDS[out.kind],
        who=who(out.child.age, out.child.municipality, out.child.gender),
        institution=out.institution or "instelling onbekend",
        offer=out.offer_name,
        address=f"/aanbod/{out.offer_id}",
        provider=out.provider_name,
        care_type=care_type.name.nl if care_type else out.care_type,
        reason=REASON_LABELS[out.reason].nl,
        needs=needs_in_words(out.needs),
        why=out.why,
        asked=day(dutch_day(out.asked_at)),
        due=day(out.due_on),
        light=None if out.light == "done" else light_shown(out.light),
        open=out.status == "asked",
        decision=_decision(out),
    )


def _decision(out: ArrangementOut) -> list[str]:
    if out.decision is None:
        return []
    said = [f"{STATUSES[out.status]} op {day(dutch_day(out.decision.at))}"]
    if out.decision.valid_to:
        said.append(f"tot en met {day(out.decision.valid_to)}")
    return [*said, out.decision.why] if out.decision.why else said
