"""What the reasons that keep an offer out are called."""

from typing import Final

from app.domain.language import Text
from app.ranking.model import Reason

REASON_LABELS: Final[dict[Reason, Text]] = {
    "not-contracted": Text(
        nl="Geen geldig contract voor de gemeente of regio van het kind",
        en="No valid contract for the child's municipality or region",
    ),
    "budget-ceiling": Text(nl="Budgetplafond bereikt", en="Budget ceiling reached"),
    "placement-stop": Text(nl="Plaatsingsstop", en="Placement stop"),
    "closed-to-referrals": Text(nl="Neemt geen aanmeldingen aan", en="Takes no referrals"),
    "age": Text(nl="Leeftijd past niet", en="Age does not fit"),
    "gender": Text(nl="Geslacht past niet", en="Gender does not fit"),
    "needs": Text(nl="Heeft een nodige specialisatie niet", en="Lacks a specialisation that is needed"),
    "exclusion-criterion": Text(nl="Contra-indicatie van de aanbieder", en="Exclusion criterion of the provider"),
    "court-authorisation": Text(
        nl="Machtiging van de kinderrechter ontbreekt", en="No authorisation by the juvenile court"
    ),
    "outside-service-area": Text(
        nl="Gemeente van het kind valt buiten het werkgebied",
        en="The child's municipality lies outside the service area",
    ),
    "too-far": Text(nl="Verder weg dan gevraagd", en="Farther away than asked for"),
    "too-few-places": Text(
        nl="Te weinig plaatsen voor de kinderen samen", en="Too few places for the children together"
    ),
    "declined-earlier": Text(
        nl="Weigerde dit kind minder dan vier weken geleden", en="Refused this child less than four weeks ago"
    ),
}
