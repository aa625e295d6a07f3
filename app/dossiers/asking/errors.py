"""What can keep something from being asked."""

from collections.abc import Sequence
from typing import Final, Literal

from app.domain.language import Text, listed, same
from app.dossiers.arrangements.states import Kind
from app.kit.errors import ConflictError
from app.ranking.model import Need, Reason
from app.ranking.reason_labels import REASON_LABELS

Stands = Literal["fits", "alternative", "excluded", "no-candidate"]

_SAID: Final[dict[Stands, Text]] = {
    "fits": Text(
        nl="Dit aanbod past nu al; er valt niets te regelen: meld aan (POST /v1/requests/…/referrals).",
        en="This offer fits now; there is nothing to arrange: refer (POST /v1/requests/…/referrals).",
    ),
    "alternative": Text(
        nl="Voor dit aanbod is nu iets anders nodig dan {kind}: {needs} ({reasons}).",
        en="What this offer needs now is not {kind}: it is {needs} ({reasons}).",
    ),
    "excluded": Text(
        nl="Dit aanbod valt nu af om meer, of om iets waarover niet te praten valt: {reasons}.",
        en="This offer is out now for more than that, or for what cannot be talked about: {reasons}.",
    ),
    "no-candidate": Text(
        nl="Dit aanbod is nu geen kandidaat: het hoort bij geen van de keuzen, is te ver weg om het te tonen of is "
        "beëindigd; noem het in een keuze (offerId) als het om dit aanbod gaat.",
        en="This offer is no candidate now: it is of none of the choices, too far away to be shown, or has ended; name "
        "it in a choice (offerId) where it is this offer that is meant.",
    ),
}


class NoSuchAlternativeError(ConflictError):
    """The offer is no alternative of the request that needs exactly this; `stands` says what it is now."""

    slug = "no-such-alternative"
    title = Text(nl="Geen alternatief dat dit vraagt", en="No alternative that needs this")

    def __init__(self, kind: Kind, stands: Stands, reasons: Sequence[Reason], needs: Need | None) -> None:
        names = listed([REASON_LABELS[reason] for reason in reasons]) if reasons else same("")
        said = _SAID[stands].format(kind=same(kind), needs=same(needs or ""), reasons=names)
        super().__init__(said, stands=stands, reasons=list(reasons), needs=needs)


class HelpedError(ConflictError):
    """Help has started, so nothing has to be arranged; where it is needed again, that is said first."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Voor deze hulpvraag is de hulp gestart; meld eerst dat opnieuw hulp nodig is (reopenings).",
                en="Help has started for this request; say first that help is needed again (reopenings).",
            )
        )
