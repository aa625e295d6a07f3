"""What the figures of referrals say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Flow, Measure, Resource, count, share

PLACES: Final = {
    "OwnRegion": ("in de eigen jeugdregio", "in the child's own region"),
    "OtherRegion": ("in een andere jeugdregio", "in another region"),
    "PlaceUnknown": ("plaats niet bekend", "place not known"),
}
"""The endings of the figures that say where the offer of a referral is."""


def _placed(name: str, title: tuple[str, str]) -> tuple[Measure, ...]:
    """Where the offers are of what is counted under this name."""
    return (
        *(
            count(
                f"{name}{ending}",
                (f"{title[0]} {nl}", f"{title[1]} {en}"),
                (
                    f"Daarvan: de locatie van het aanbod ligt {nl}."
                    if ending != "PlaceUnknown"
                    else "Daarvan: hulp thuis of buiten de contracten, zonder locatie.",
                    f"Of those: the location of the offer lies {en}."
                    if ending != "PlaceUnknown"
                    else "Of those: help at home or outside the contracts, without a location.",
                ),
            )
            for ending, (nl, en) in PLACES.items()
        ),
        count(
            f"{name}OutsideProvince",
            (f"{title[0]} buiten de provincie", f"{title[1]} outside the province"),
            (
                "Daarvan: de locatie van het aanbod ligt in een andere provincie dan de gemeente van het kind.",
                "Of those: the location of the offer lies in another province than the child's municipality.",
            ),
        ),
    )


REFERRALS: Final = Resource(
    name="referrals",
    title=Text(nl="Aanmeldingen", en="Referrals"),
    question=Text(
        nl="Wie meldt kinderen waar aan, wat komt ervan, en tussen welke regio's gaan zij?",
        en="Who refers children where, what comes of it, and between which regions do they go?",
    ),
    source="dossiers",
    flow=Flow("open", comes="sent", goes=("started", "withdrawn", "declined")),
    within=(
        ("sent", ("sentPlaceUnknown", "sentOutsideProvince")),
        ("sent", ("sentCrisis",)),
        ("started", ("startedPlaceUnknown", "startedOutsideProvince")),
    ),
    by=(
        *("region", "provider", "municipality", "institution", "referrer", "care-type"),
        *("from-region", "to-region"),
    ),
    overlapping=frozenset({"from-region"}),
    of_others=frozenset({"from-region"}),
    measures=(
        count(
            "sent",
            ("verstuurd", "sent"),
            (
                "Aanmeldingen die in de periode zijn verstuurd, ook voor hulp buiten de contracten; van een aanmelding "
                "voor broers en zussen telt elk kind.",
                "Referrals that were sent in the period, for help outside the contracts too; of one for siblings each "
                "child counts.",
            ),
            parts=tuple(f"sent{ending}" for ending in PLACES),
        ),
        *_placed("sent", ("verstuurd", "sent")),
        count(
            "sentCrisis",
            ("verstuurd bij crisis", "sent in a crisis"),
            ("Van de verstuurde: met spoed crisis.", "Of those sent: with the urgency crisis."),
        ),
        count(
            "answered",
            ("beantwoord", "answered"),
            (
                "Aanmeldingen waarop de aanbieder in de periode voor het eerst antwoordde.",
                "Referrals that the provider first answered in the period.",
            ),
            parts=("answeredInTime", "answeredLate"),
        ),
        count(
            "answeredInTime",
            ("op tijd beantwoord", "answered in time"),
            (
                "Daarvan: binnen de termijn die de regio van het kind afsprak.",
                "Of those: within the term that the child's region agreed.",
            ),
        ),
        count("answeredLate", ("te laat beantwoord", "answered late"), ("Daarvan: later.", "Of those: later.")),
        share("answeredInTimeShare", ("deel op tijd", "share in time"), "answeredInTime", "answered"),
        count(
            "accepted",
            ("aangenomen", "accepted"),
            (
                "Aanmeldingen die de aanbieder (bij hulp buiten de contracten de instelling) in de periode het laatst "
                "aannam.",
                "Referrals that the provider (of help outside the contracts the institution) last accepted in the "
                "period.",
            ),
        ),
        count(
            "declined",
            ("afgewezen", "declined"),
            (
                "Aanmeldingen die de aanbieder in de periode het laatst afwees.",
                "Referrals that the provider last declined in the period.",
            ),
        ),
        count(
            "withdrawn",
            ("ingetrokken", "withdrawn"),
            (
                "Aanmeldingen die in de periode zijn ingetrokken, ook omdat de hulp elders begon of de hulpvraag "
                "sloot.",
                "Referrals that were withdrawn in the period, also since help began elsewhere or the request was "
                "closed.",
            ),
        ),
        count(
            "started",
            ("gestart", "started"),
            (
                "Aanmeldingen waarvan de hulp in de periode begon, overbrugging inbegrepen.",
                "Referrals of which the help began in the period, bridging included.",
            ),
            parts=tuple(f"started{ending}" for ending in PLACES),
        ),
        *_placed("started", ("gestart", "started")),
        count(
            "open",
            ("open", "open"),
            (
                "Aanmeldingen die op de laatste dag van de periode verstuurd waren, en nog niet gestart, afgewezen of "
                "ingetrokken.",
                "Referrals that had been sent on the last day of the period, and not yet started, declined or "
                "withdrawn.",
            ),
        ),
        count(
            "openCrisis",
            ("open bij crisis", "open in a crisis"),
            ("Daarvan: met spoed crisis.", "Of those: with the urgency crisis."),
        ),
        count(
            "openOverdue",
            ("open, antwoord te laat", "open, answer overdue"),
            (
                "Daarvan: waarop de aanbieder nog niet antwoordde terwijl de termijn voorbij was.",
                "Of those: which the provider had not answered while the term was over.",
            ),
        ),
    ),
)
