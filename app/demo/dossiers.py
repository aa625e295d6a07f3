"""The demo requests: made-up children, and what happened to them until the day that the data set is made.

They are told in days ago, so that their clocks stand as they do on any such day; each is what its comment says.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from app.domain.dates import add_months

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did so many days ago; `fields` are those of the interface.

    `what` is a milestone, `refer`, a decision on the referral that was sent last, `call`, `answer` to the call that was
    published last, `escalate`, `explain` or `close`; `by` is the demo client of a provider that answers a call.
    """

    days_ago: int
    what: str
    fields: Json = field(default_factory=dict)
    by: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A request of a demo client, asked so many days ago, and what happened since, the first first.

    `age` is in years and months, `measure` in days ago; `more` are fields of the request.
    """

    client_id: str
    reference: str
    asked: int
    age: tuple[int, int]
    gender: str
    lives_in: str
    care_types: tuple[str, ...]
    measure: int | None = None
    events: tuple[Event, ...] = ()
    more: Json = field(default_factory=dict)


_PLACES: Final = {
    "Den Helder": ("GM0400", "1781"),
    "Schagen": ("GM0441", "1741"),
    "Hollands Kroon": ("GM1911", "1761"),
    "Alkmaar": ("GM0361", "1811"),
    "Hoorn": ("GM0405", "1621"),
}


def request_of(dossier: Dossier, today: date) -> Json:
    """The body of the request, with the dates that it has on `today` (measure 11: a supervision order)."""
    years, months = dossier.age
    municipality, postcode = _PLACES[dossier.lives_in]
    child: Json = {
        "birthMonth": f"{add_months(today.replace(day=1), -(12 * years + months)):%Y-%m}",
        "gender": dossier.gender,
        "municipality": municipality,
        "postcode": postcode,
    }
    if dossier.measure is not None:
        child["measure"] = {"type": "11", "imposedOn": _ago(today, dossier.measure)}
    return {
        "childReference": dossier.reference,
        "child": child,
        "choices": [{"careType": care_type} for care_type in dossier.care_types],
        "requestedOn": _ago(today, dossier.asked),
        **dossier.more,
    }


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


def _refer(offer: str, stands_for: int = 1, urgency: str = "regular", **despite: str) -> Json:
    """A referral to the offer with this demo key; `despite` says why, by reason, where the match leaves it out."""
    words = [{"reason": reason.replace("_", "-"), "because": because} for reason, because in despite.items()]
    return {"offerId": offer, "standsFor": stands_for, "summary": {"urgency": urgency}, "despite": words}


def _outside(description: str) -> Json:
    care = {"kind": "tailored", "description": description, "providerName": "Demo Zorgboerderij De Es"}
    return {"standsFor": "outside", "outsideCare": care, "summary": {"urgency": "urgent"}}


def _ask(step: str, reason: str, **more: str) -> Json:
    return {"step": step, "reason": reason, "asked": "Wie heeft een plek, of weet er een?", **more}


def _explain(clock: str, cause: str) -> Json:
    return {"clock": clock, "cause": cause, "text": "Alle aanbieders in de regio zijn gevraagd (voorbeeld)."}


DOSSIERS: Final = (
    # just asked for: every clock is green
    Dossier("demo-gi", "demo-01", 2, (12, 5), "female", "Den Helder", ("gezinshuis",), measure=3),
    # a referral without an answer in time; the course has to be agreed soon
    Dossier(
        *("demo-gi", "demo-02", 30, (9, 2), "male", "Schagen", ("gezinshuis",)),
        measure=36,
        events=(
            Event(33, "protection-worker"),
            Event(14, "refer", _refer("demo-provider/1", urgency="urgent")),
        ),
    ),
    # over the norm: refused twice, before the expert team, explained
    Dossier(
        *("demo-gi", "demo-03", 105, (14, 8), "male", "Den Helder"),
        care_types=("pleegzorg-behandeling", "verblijf-behandelgroep"),
        measure=110,
        events=(
            Event(106, "protection-worker"),
            Event(95, "refer", _refer("demo-provider-2/3", urgency="urgent")),
            Event(91, "decline", {"reason": "contra-indication", "criteria": ["brandstichting"]}),
            Event(80, "refer", _refer("demo-provider/4", 2, "urgent", age="De groep kent hem al.")),
            Event(79, "see"),
            Event(76, "decline", {"reason": "no-place"}),
            Event(75, "course"),
            Event(70, "escalate", _ask("local-team", "contra-indication")),
            Event(60, "escalate", _ask("expert-team", "no-suitable-offer")),
            Event(10, "explain", _explain("help", "no-suitable-offer")),
        ),
        more={"characteristics": ["brandstichting"]},
    ),
    # in a region with agreements of its own: its expert team should have been asked
    Dossier(
        *("demo-gi", "demo-04", 45, (7, 1), "female", "Hoorn", ("pleegzorg-voltijd",)),
        measure=50,
        events=(
            Event(46, "protection-worker"),
            Event(40, "refer", _refer("demo-provider-2/1", not_contracted="De gemeente regelt een licht contract.")),
            Event(37, "waitlist"),
            Event(32, "escalate", _ask("local-team", "waiting-list")),
            Event(20, "course"),
        ),
    ),
    # siblings who want one place together, and their one referral
    Dossier(
        *("demo-gi", "demo-05", 15, (6, 3), "female", "Alkmaar", ("gezinshuis",)),
        measure=20,
        events=(Event(17, "protection-worker"),),
        more={"siblingGroup": "gezin-1", "wishes": ["broers-zussen"]},
    ),
    Dossier(
        *("demo-gi", "demo-06", 15, (8, 7), "male", "Alkmaar", ("gezinshuis",)),
        measure=20,
        events=(
            Event(17, "protection-worker"),
            Event(5, "refer", _refer("demo-provider-2/5")),
            Event(4, "see"),
        ),
        more={"siblingGroup": "gezin-1", "wishes": ["broers-zussen"]},
    ),
    # helped in time
    Dossier(
        *("demo-gi", "demo-07", 75, (13, 0), "male", "Hollands Kroon", ("ambulante-begeleiding",)),
        measure=80,
        events=(
            Event(76, "protection-worker"),
            Event(70, "refer", _refer("demo-provider/7")),
            Event(68, "accept"),
            Event(60, "start"),
            Event(50, "course"),
        ),
    ),
    # closed before any help
    Dossier(
        *("demo-gi", "demo-08", 60, (16, 4), "female", "Den Helder", ("begeleid-wonen-16plus",)),
        events=(Event(20, "close", {"closedReason": "help-not-needed"}),),
    ),
    # the longest over the norm: no course, refused, above the region; all contracted providers have been called upon
    Dossier(
        *("demo-gi-2", "demo-09", 130, (15, 6), "other", "Alkmaar", ("gezinshuis",)),
        measure=140,
        events=(
            Event(120, "protection-worker"),
            Event(120, "refer", _refer("demo-provider-2/5", urgency="urgent")),
            Event(116, "decline", {"reason": "group-composition", "specialisations": ["trauma"]}),
            Event(90, "escalate", _ask("expert-team", "no-suitable-offer", skipReason="Het lokale team zoekt mee.")),
            Event(60, "explain", _explain("course", "family-cooperation")),
            Event(30, "escalate", _ask("supraregional-network", "no-suitable-offer")),
            Event(3, "call", {"remark": "Ook een deel van de week is welkom."}),
            Event(
                2,
                "answer",
                {"answer": "decline", "reason": "group-composition", "specialisations": ["trauma"]},
                by="demo-provider-2",
            ),
            Event(
                1, "answer", {"answer": "can", "conditions": "Na een kennismaking in het weekend."}, by="demo-provider"
            ),
        ),
        more={"needs": ["trauma"]},
    ),
    # over the norm and nearly 18: care outside the contracts has been asked
    Dossier(
        *("demo-gi-2", "demo-10", 90, (17, 9), "male", "Schagen", ("begeleid-wonen-16plus",)),
        measure=96,
        events=(
            Event(92, "protection-worker"),
            Event(60, "course"),
            Event(12, "refer", _outside("Kamertraining op een zorgboerderij, met een mentor.")),
        ),
    ),
    # without a measure, so without clocks; a place from which help has yet to start
    Dossier(
        *("demo-local-team", "demo-11", 12, (10, 10), "female", "Den Helder", ("ambulante-begeleiding",)),
        events=(
            Event(10, "refer", _refer("demo-provider/7")),
            Event(8, "accept"),
        ),
    ),
    # without a measure; sent yesterday
    Dossier(
        *("demo-local-team", "demo-12", 4, (5, 11), "male", "Schagen", ("intensieve-ambulante-gezinsbehandeling",)),
        events=(Event(1, "refer", _refer("demo-provider-2/8")),),
    ),
)
