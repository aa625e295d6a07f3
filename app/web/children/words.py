"""What the pages of children call statuses, clocks and happenings, in Dutch."""

from datetime import date
from typing import Any, Final

from app.domain.dates import YearMonth, whole_years
from app.dossiers.agreements.steps import STEP_NAMES, Step
from app.reference.lists import reference
from app.web.shell.words import count

STATUSES: Final = {
    "open": ("○", "zoekt hulp"),
    "placed": ("◐", "plek gevonden"),
    "helped": ("●", "hulp gestart"),
    "closed": ("✕", "gesloten"),
}
"""A sign and a word for how far a request is."""

LIGHTS: Final = {
    "done": ("✓", "gedaan"),
    "green": ("●", "op tijd"),
    "amber": ("◷", "bijna te laat"),
    "red": ("!", "te laat"),
}
"""A sign and a word for each light of a clock."""

CLOCKS: Final = {
    "protection-worker": "Vaste jeugdbeschermer",
    "course": "Gedragen koers",
    "help": "Passende hulp",
    "local-team": "Lokaal team benaderd",
    "expert-team": "Expertteam gevraagd",
    "court-authorisation": "Machtiging gesloten jeugdhulp",
    "secure-stay": "Verblijf in gesloten jeugdhulp",
    "next-place": "Vervolgplek bekend",
}
NORMS: Final = {
    "inspectorates": "norm van de inspecties",
    "regional-agreement": "afspraak van de regio",
    "secure-care": "gesloten jeugdhulp",
}
MILESTONES: Final = {
    "protection-worker": "Vaste jeugdbeschermer toegewezen",
    "course": "Gedragen koers afgesproken",
    "help": "Hulp begonnen",
    "next-place": "Vervolgplek bekend",
    "bridging": "Overbrugging begonnen",
}
REFERRALS: Final = {
    "sent": ("○", "verstuurd, nog niet gezien"),
    "seen": ("○", "gezien, wacht op antwoord"),
    "accepted": ("●", "aangenomen"),
    "waitlisted": ("◷", "op de wachtlijst"),
    "declined": ("✕", "afgewezen"),
    "withdrawn": ("✕", "ingetrokken"),
    "started": ("●", "hulp gestart"),
    "ended": ("✓", "hulp beëindigd"),
}
UNREFERRED: Final = ("○", "nog niet aangemeld")
"""How a proposed place stands where nobody was referred."""
ANSWERS: Final = {
    "see": "heeft de aanmelding gezien",
    "accept": "neemt aan",
    "waitlist": "zet op de wachtlijst",
    "decline": "wijst af",
    "delay": "stelt de start uit",
    "left": "meldt dat de jeugdige is vertrokken",
    "withdraw": "aanmelding ingetrokken",
    "concern": "er staat iets in de weg",
    "correct": "besluit gecorrigeerd",
    "restore": "aanmelding staat weer open",
    "move": "aanmelding volgt de verhuizing",
    "transfer": "aanmelding ging mee met de overdracht",
    "amend": "aanmelding geldt voor andere kinderen",
    "start": "hulp gestart",
    "end": "hulp beëindigd",
    "send": "aanmelding verstuurd",
    "change": "aanmelding gewijzigd",
}
"""What others did to a referral."""

CALLS: Final = {"open": "open", "expired": "verlopen", "closed": "gesloten"}
ARRANGEMENTS: Final = {
    "asked": "gevraagd",
    "granted": "toegekend",
    "refused": "geweigerd",
    "withdrawn": "ingetrokken",
    "ended": "niet meer nodig",
}
KINDS: Final = {
    "light-contract": "Licht contract",
    "ceiling-exception": "Uitzondering op het budgetplafond",
    "longer-distance": "Verder weg dan gewenst",
    "provider-consent": "Toestemming van de aanbieder",
}
"""What can be asked for to make an alternative possible."""

JUDGES: Final = {"professional": "Professional", "family": "Gezin"}
FITS: Final = {"yes": ("✓", "past"), "partly": ("◐", "past deels"), "no": ("✕", "past niet")}
OUTCOMES: Final = {"help": "hulp geregeld", "explanation": "uitgelegd waarom niet", "question": "vraag terug"}
MAY: Final = {"read": "mag lezen", "escalate": "mag lezen en opschalen"}
POLICIES: Final = {
    "timely-first": "eerst op tijd",
    "choice-first": "eerst de keuze",
    "soonest-first": "eerst het snelst",
    "nearest-first": "eerst dichtbij",
}

_HAPPENED: Final = {
    "created": "Hulpvraag vastgelegd",
    "changed": "Gegevens gewijzigd",
    "closed": "Hulpvraag gesloten",
    "reopened": "Hulpvraag heropend",
    "needed-again": "Opnieuw hulp nodig",
    "milestone-set": "Datum vastgelegd",
    "milestone-cleared": "Datum gewist",
    "explained": "Vertraging verklaard",
    "judged": "Beoordeeld of de hulp past",
    "followed-referral": "Bijgewerkt vanuit een aanmelding",
    "escalated": "Opgeschaald",
    "escalation-changed": "Opschaling bijgewerkt",
    "escalation-ended": "Opschaling afgerond",
    "escalation-reopened": "Opschaling weer open",
    "call-published": "Oproep geplaatst",
    "call-closed": "Oproep gesloten",
    "call-reopened": "Oproep heropend",
    "shared": "Gedeeld met een lokaal team",
    "share-ended": "Delen beëindigd",
    "proposal-dismissed": "Voorgesteld kenmerk afgewezen",
    "transferred": "Dossier overgedragen",
    "transfer-proposed": "Overdracht voorgesteld",
}
_OF_REFERRAL: Final = "referral-"
_OF_ARRANGEMENT: Final = "arrangement-"


def happened(what: str) -> str:
    """An event of a request's history in words."""
    if what.startswith(_OF_REFERRAL):
        return f"Aanmelding: {REFERRALS[what.removeprefix(_OF_REFERRAL)][1]}"
    if what.startswith(_OF_ARRANGEMENT):
        return f"Regeling: {ARRANGEMENTS[what.removeprefix(_OF_ARRANGEMENT)]}"
    return _HAPPENED.get(what, "Overdracht bijgewerkt" if what.startswith("transfer-") else "Bijgewerkt")


def days_left(days: int | None) -> str:
    """How long there is until a deadline, or how long ago it was."""
    if days is None:
        return ""
    if days == 0:
        return "vandaag is de laatste dag"
    if days > 0:
        return f"nog {count(days, 'dag', 'dagen')}"
    return f"{count(-days, 'dag', 'dagen')} over de termijn"


def care_type(code: str) -> str:
    """The name of a care type."""
    return reference().care_types[code].name.nl


def municipality(code: str) -> str:
    """The name of a municipality; its code where that is no more."""
    known = reference().municipalities.get(code)
    return known.name if known else code


def measure(child: Any) -> str | None:
    """The measure of a child as `RequestOut` has it, by its name."""
    return None if child.measure is None else reference().measures[child.measure.type].name.nl


def age(birth_month: str, today: date) -> str:
    """Whole years, "12 jaar"."""
    return f"{whole_years(YearMonth.parse(birth_month), today)} jaar"


def step(code: Step) -> str:
    """The name of a step of the ladder."""
    return STEP_NAMES[code].nl


def codes(values: list[str]) -> str:
    """Needs, wishes or characteristics by their names."""
    lists = reference()
    known = {**lists.specialisations, **lists.exclusion_criteria}
    return ", ".join(known[each].name.nl if each in known else each for each in values)
