"""What the figures of places say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Resource, count, number, of_no_child

_LATEST: Final = (
    "op de laatste dag, volgens het laatste bericht van elk aanbod, als dat ten hoogste 30 dagen oud is. Aanbod in "
    "uren per week telt hier niet mee, en wat een aanbieder niet meldt ook niet.",
    "on the last day, by the last report of each offer, where that is at most 30 days old. Offers in hours a week do "
    "not count here, nor does what a provider does not say.",
)

STANDING: Final = {
    "offers": "offers",
    "offersCounted": "counted",
    "offersClosed": "closed",
    "placesTotal": "places_total",
    "placesOccupied": "places_occupied",
    "placesReserved": "places_reserved",
    "placesFree": "places_free",
    "placesOpen": "places_open",
    "waitingReported": "waiting_count",
}
"""The figures of the last day of a period, with the column that each adds up."""

AVERAGES: Final = {
    "placesTotalAverage": "places_total",
    "placesOccupiedAverage": "places_occupied",
    "placesFreeAverage": "places_free",
}
"""The figures of an average day, with the column that each adds up."""

TARGET: Final = "target"
"""The figure of what a region aims at."""

_PLACES: Final = (
    ("placesTotal", "plekken", "places"),
    ("placesOccupied", "bezette plekken", "occupied places"),
    ("placesReserved", "toegezegde plekken", "reserved places"),
    ("placesFree", "vrije plekken", "free places"),
)
_AVERAGED: Final = {"placesTotal", "placesOccupied", "placesFree"}

CAPACITY: Final = Resource(
    name="capacity",
    title=Text(nl="Capaciteit", en="Capacity"),
    question=Text(
        nl="Hoeveel plekken zijn er, hoeveel daarvan zijn vrij, en hoe verloopt dat?",
        en="How many places are there, how many of them are free, and how does that go?",
    ),
    source="supply",
    by=("region", "care-type", "provider", "supraregion"),
    overlapping=frozenset({"supraregion"}),
    measures=(
        *of_no_child(
            count(
                "offers",
                ("aanbod", "offers"),
                (
                    "Aanbod dat op de laatste dag werd gegeven. Het telt in de jeugdregio van zijn locatie; hulp thuis "
                    "zonder locatie in die van haar werkgebied, als dat in één jeugdregio ligt.",
                    "Offers that were given on the last day. One counts in the region of its location; help at home "
                    "without a location in that of its service area, where that is in one region.",
                ),
            ),
            count(
                "offersCounted",
                ("aanbod met getelde plekken", "offers whose places are counted"),
                (
                    "Daarvan: aanbod in plekken of trajecten met een bericht van ten hoogste 30 dagen oud.",
                    "Of those: offers in places or trajectories with a report that is at most 30 days old.",
                ),
            ),
            count(
                "offersClosed",
                ("aanbod dat geen aanmeldingen aanneemt", "offers that take no referrals"),
                (
                    "Aanbod dat volgens zo'n bericht geen aanmeldingen aanneemt; plaatsingsstops tellen hier niet mee.",
                    "Offers that take no referrals by such a report; placement stops do not count here.",
                ),
            ),
        ),
        *(
            number(name, (nl, en), (f"{nl.capitalize()} {_LATEST[0]}", f"{en.capitalize()} {_LATEST[1]}"))
            for name, nl, en in _PLACES
        ),
        number(
            "placesOpen",
            ("vrije plekken na wie al wacht", "free places after who waits already"),
            (
                "Van de vrije plekken van aanbod dat aanmeldingen aanneemt: die overblijven als eerst wie bij dat "
                "aanbod wacht er een krijgt. Een aanbod met 2 vrije plekken en 5 wachtenden heeft er geen.",
                "Of the free places of offers that take referrals: those left when whoever waits for that offer gets "
                "one first. An offer with 2 free places and 5 waiting has none.",
            ),
        ),
        number(
            "waitingReported",
            ("wachtenden volgens aanbieders", "waiting, as providers report"),
            (
                "Wie op de laatste dag wachtte volgens zulke berichten; één kind kan bij meer aanbod wachten. "
                "Aanbieders maken dit zelf openbaar.",
                "Who waited on the last day by such reports; one child may wait for several offers. Providers publish "
                "this themselves.",
            ),
        ),
        *(
            number(
                f"{name}Average",
                (f"{nl}, gemiddeld", f"{en}, on average"),
                (
                    f"{nl.capitalize()} gemiddeld over de dagen van de periode; leeg waar naar aanbieder is gevraagd.",
                    f"{en.capitalize()}, the average over the days of the period; empty where providers are asked for.",
                ),
            )
            for name, nl, en in _PLACES
            if name in _AVERAGED
        ),
        number(
            TARGET,
            ("streefaantal plekken", "places aimed at"),
            (
                "Hoeveel plekken de regio of het bovenregionale verband op de laatste dag nastreeft; leeg waar dat "
                "niet is vastgelegd.",
                "How many places the region or supraregion aims at on the last day; empty where none is set.",
            ),
        ),
    ),
)
