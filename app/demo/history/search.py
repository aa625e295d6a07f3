"""How help is found for one need: to whom the child is referred, who declines it, and where it begins."""

from datetime import date
from functools import partial
from random import Random
from typing import Final, Literal

from app.demo.history.agenda import days, working_day
from app.demo.history.arranging import OBSTACLES, arrange
from app.demo.history.life import Helped, Life, Need, chance
from app.demo.history.sent import StandsFor
from app.demo.rows import Offer
from app.dossiers.referrals.obstacle_codes import Obstacle

_HELP_AS: Final[tuple[tuple[StandsFor | None, int], ...]] = (
    (1, 50),
    (2, 21),
    (3, 10),
    ("alternative", 11),
    ("outside", 5),
    (None, 6),
)
"""What the help becomes in the end, of about a hundred children; None: the institution says so itself."""

_REASONS: Final = {
    "no-place": 30,
    "contra-indication": 18,
    "group-composition": 12,
    "staff-shortage": 10,
    "need-too-heavy": 9,
    "other-care-needed": 8,
    "insufficient-information": 5,
    "outside-age": 3,
    "no-contract": 3,
    "family-declined": 2,
}
"""Why providers decline, of a hundred times."""
_NAMING: Final = ("group-composition", "need-too-heavy", "other-care-needed")
_CRITERIA: Final = ("agressie-ernstig", "brandstichting", "weglopen", "verslaving-actief", "suicidaliteit-acuut")
_ANSWER_DAYS: Final = (1, 2, 2, 3, 4, 5, 6, 7, 9, 12)
_SHORT: Final = 15
"""Whoever is helped within so many days gets the first choice."""
_LONG: Final = 40
"""A wait of more days is bridged by something now and then, and mostly spent on a waiting list."""
_CHOICES: Final[tuple[Literal[1, 2, 3], ...]] = (1, 2, 3)
_MOST: Final = 4
"""At most so many referrals come to nothing."""
_LATE: Final = 0.06
"""How often the start of help is recorded a month or more too late."""
_INTAKE: Final = 0.07
"""How often the intake is taken for the start of help, which is put right later."""


def search(life: Life, need: Need) -> Helped:
    """Tells how help is sought and found."""
    rng = life.child.dice(f"search-{need.number}")
    help_as = 1 if need.wait < _SHORT else _help_as(life, rng)
    tried = _attempts(life, need, help_as, rng)
    if need.wait > _LONG and chance(rng, 0.35):
        _bridge(life, need, rng)
    if help_as is None:
        return _said(life, need, rng)
    return _found(life, need, help_as, tried, rng)


def seek_in_vain(life: Life, need: Need) -> None:
    """Tells how help is sought until it is needed no more."""
    _attempts(life, need, 2, life.child.dice(f"search-{need.number}"))


def _help_as(life: Life, rng: Random) -> StandsFor | None:
    possible = [each for each in _HELP_AS if each[0] != 3 or len(life.child.kind.choices) > 2]
    if life.child.kind.is_secure:  # no other help is what a judge authorised
        possible = [each for each in possible if each[0] not in {"outside", None}]
    return rng.choices([each for each, _ in possible], [share for _, share in possible])[0]


def _attempts(life: Life, need: Need, help_as: StandsFor | None, rng: Random) -> list[Offer]:
    """Tells the referrals that came to nothing, choice by choice; the offers that were tried."""
    choices = _CHOICES[: help_as - 1 if isinstance(help_as, int) else len(life.child.kind.choices)]
    again = [rng.choice(choices or _CHOICES[:1])] * (need.wait // 70)
    tries = [] if need.wait < _SHORT else sorted([*choices, *again])[:_MOST]
    tried: list[Offer] = []
    for index, choice in enumerate(tries):
        care_type = life.child.kind.choices[choice - 1]
        offer = life.supply.offer_for(life.child, care_type, rng, {each.id for each in tried})
        if offer is None:
            continue
        tried.append(offer)
        sent_on = need.since + days(2 + index * need.wait * 0.65 / len(tries) + rng.randint(0, 3))
        sent = partial(life.referrals.send, f"{need.number}/try-{index}", choice, offer, need.urgency, None)
        _refuse(life, f"{need.number}/try-{index}", offer, life.agenda.put(sent_on, sent), rng)
    return tried


def _refuse(life: Life, name: str, offer: Offer, sent_on: date, rng: Random) -> None:
    """Tells how the provider declines, or that the institution takes the referral back."""
    agenda, referrals = life.agenda, life.referrals
    answered_on = sent_on + days(rng.choice(_ANSWER_DAYS))
    if chance(rng, 0.06):
        agenda.put(answered_on + days(6), partial(referrals.withdraw, name, "by-institution", None))
        return
    reason = rng.choices(list(_REASONS), list(_REASONS.values()))[0]
    criteria = rng.sample(_CRITERIA, rng.choice((1, 1, 2))) if reason == "contra-indication" else []
    named = [rng.choice(offer.specialisations)] if reason in _NAMING else []
    if chance(rng, 0.03):  # on the wrong referral, so it is answered anew
        mistaken = agenda.put(answered_on, partial(referrals.decline, name, "no-place", [], []))
        answered_on = agenda.put(mistaken + days(1), partial(referrals.take_back_decline, name)) + days(1)
    agenda.put(answered_on, partial(referrals.decline, name, reason, sorted(criteria), named))


def _bridge(life: Life, need: Need, rng: Random) -> None:
    """Tells of help that bridges the wait, until the help itself begins."""
    bridges = life.child.kind.bridges
    offer = life.supply.offer_for(life.child, rng.choice(bridges), rng) if bridges else None
    if offer is None:
        return
    name, agenda, referrals = f"{need.number}/bridge", life.agenda, life.referrals
    sent_on = agenda.put(
        need.since + days(rng.randint(4, 16)), partial(referrals.send, name, "bridging", offer, "urgent", None)
    )
    start_on = working_day(sent_on + days(rng.randint(3, 8)))
    agenda.put(sent_on + days(rng.randint(1, 2)), partial(referrals.accept, name, start_on))
    agenda.put(start_on, partial(referrals.start, name, start_on))
    agenda.put(need.help_on, partial(referrals.end, name, need.help_on, "other-provider"))


def _said(life: Life, need: Need, rng: Random) -> Helped:
    """Help that no referral shows: from the family's own network, or arranged outside this service."""
    told = partial(life.dossier.set_milestone, "help", need.help_on)
    recorded_on = life.agenda.put(need.help_on + days(rng.randint(0, 9)), told)
    return Helped(None, life.child.kind.choices[0], need.help_on, recorded_on, fits_badly=False)


def _found(life: Life, need: Need, help_as: StandsFor, tried: list[Offer], rng: Random) -> Helped:
    """Tells where help is found, how that comes about, and that it begins."""
    name, agenda, referrals, wait = f"{need.number}/help", life.agenda, life.referrals, need.wait
    offer, despite = _place(life, help_as, tried, rng)
    stands_for: StandsFor = "outside" if offer is None else help_as
    lead = rng.randint(3, 21) if wait > _SHORT else min(wait, 3) // 2
    accepted_on = need.help_on - days(min(lead, wait // 3))
    is_listed = offer is not None and wait > _LONG and chance(rng, 0.75)
    sent_on = accepted_on - days(wait * 0.55 if is_listed else min(wait // 3, rng.choice(_ANSWER_DAYS)))
    if offer is not None and despite is not None and help_as == "alternative":
        arrange(life, f"{need.number}/arrange", offer, despite, sent_on - days(1), rng)
    sent_on = agenda.put(sent_on, partial(referrals.send, name, stands_for, offer, need.urgency, despite))
    if is_listed:
        agenda.put(sent_on + days(rng.randint(1, 6)), partial(referrals.waitlist, name, need.help_on))
    accepted_on = agenda.put(max(accepted_on, sent_on), partial(referrals.accept, name, need.help_on))
    if wait > _SHORT and chance(rng, 0.25):
        _rival(life, need, sent_on, [*tried, *([offer] if offer else [])], rng)
    recorded_on = _start(life, name, accepted_on, need.help_on, rng)
    care_type = offer.care_type if offer else life.child.kind.choices[0]
    return Helped(name, care_type, need.help_on, recorded_on, stands_for in {"alternative", "outside"})


def _place(life: Life, help_as: StandsFor, tried: list[Offer], rng: Random) -> tuple[Offer | None, Obstacle | None]:
    """The offer where help is found, and what stands in its way: that of another region, where its own has no other,
    and mostly of an alternative something does."""
    child, without = life.child, {each.id for each in tried}
    if help_as == "outside":
        return None, None
    if isinstance(help_as, int):
        care_type = child.kind.choices[help_as - 1]
        bought = life.supply.offer_for(child, care_type, rng, without)
        return (bought, None) if bought else (life.supply.other_for(child, care_type, rng), "not-contracted")
    despite = rng.choice(OBSTACLES)
    if despite == "not-contracted":
        return life.supply.other_for(child, child.kind.choices[0], rng), despite
    return life.supply.offer_for(child, rng.choice(child.kind.stand_ins), rng, without), despite


def _rival(life: Life, need: Need, sent_on: date, tried: list[Offer], rng: Random) -> None:
    """Tells of a referral that is still open when help begins elsewhere."""
    offer = life.supply.offer_for(life.child, life.child.kind.choices[0], rng, {each.id for each in tried})
    if offer is not None:
        name = f"{need.number}/rival"
        life.agenda.put(sent_on, partial(life.referrals.send, name, 1, offer, "regular", None))


def _start(life: Life, name: str, accepted_on: date, help_on: date, rng: Random) -> date:
    """Tells that help began; when it was recorded last."""
    agenda, referrals = life.agenda, life.referrals
    throw = rng.random()
    if throw < _INTAKE:
        intake_on = max(accepted_on, help_on - days(rng.randint(7, 21)))
        agenda.put(intake_on, partial(referrals.start, name, intake_on))
        return agenda.put(help_on + days(rng.randint(12, 50)), partial(referrals.correct_start, name, help_on))
    lag = rng.randint(25, 60) if throw < _INTAKE + _LATE else rng.choice((0, 0, 0, 1, 1, 2, 4, 7))
    return agenda.put(help_on + days(lag), partial(referrals.start, name, help_on))
