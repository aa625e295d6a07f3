"""What comes after help has begun: whether it fits, how it ends, and where the child goes from there."""

from datetime import date
from functools import partial
from random import Random
from typing import Final

from app.demo.history.agenda import days, working_day
from app.demo.history.kinds import NEXT_PLACES
from app.demo.history.life import Helped, Life, Need, chance
from app.dossiers.requests.tables import Fits, Judge
from app.reference.lists import reference

_BREAKS: Final = 0.1
"""How much of all help breaks down, so that it is needed again."""
_ENDS: Final = {
    "as-planned": 64,
    "stopped-by-family": 9,
    "stopped-together": 10,
    "stopped-by-provider": 5,
    "external-cause": 5,
    "other-domain": 4,
    "measure-ended": 3,
}
_BROKEN: Final = ("stopped-by-provider", "stopped-together", "stopped-by-family")
_FITS: Final[tuple[Fits, ...]] = ("yes", "partly", "no")
_AUTHORISED_DAYS: Final = 180
"""For how long a judge authorises secure care the first time."""
_EXTENDED_DAYS: Final = 120
_PAST_CARE_DAYS: Final = 120
"""How long help lasts at most, where the dossier has to be closed by now."""


def live_on(life: Life, need: Need, helped: Helped) -> date | None:
    """Tells what comes after the start of help; the day on which it is needed again, where it breaks down."""
    child, rng = life.child, life.child.dice(f"care-{need.number}")
    is_past = child.institution.only_past
    breaks = need.number == 0 and helped.name is not None and not is_past and chance(rng, _BREAKS)
    lasts = rng.randint(25, 130) if breaks else rng.randint(*child.kind.days)
    if is_past:
        lasts = min(lasts, _PAST_CARE_DAYS)
    end_on = working_day(max(helped.on + days(lasts), helped.recorded_on + days(2)))
    _judge(life, helped, end_on, breaks=breaks, rng=rng)
    if child.kind.is_secure and helped.care_type == child.kind.choices[0]:
        _stay_secure(life, helped, end_on)
    if breaks:
        return _break(life, helped, end_on, rng)
    goes_on = child.kind.is_residential and not is_past
    is_next = goes_on and chance(rng, 0.95 if child.kind.is_secure else 0.35)
    reason = "other-provider" if is_next else rng.choices(list(_ENDS), list(_ENDS.values()))[0]
    _end(life, helped, end_on, reason, rng)
    over_on = _move_on(life, need, helped, end_on, rng) if is_next else end_on
    closed_on = over_on + days(rng.randint(8, 45))
    life.agenda.put(closed_on, partial(life.referrals.close, "as-planned" if is_next else reason))
    return None


def _judge(life: Life, helped: Helped, end_on: date, *, breaks: bool, rng: Random) -> None:
    """Tells how the help is judged, by the professional in most cases and by the family in many."""
    weights = (5, 35, 60) if breaks else (60, 26, 14) if helped.fits_badly else (84, 12, 4)
    judges: tuple[tuple[Judge, float, int], ...] = (("professional", 0.85, 20), ("family", 0.65, 28))
    for by, share, first in judges:
        for after in (first, first + 140):
            on = helped.recorded_on + days(after + rng.randint(0, 20))
            if chance(rng, share) and on < end_on:
                life.agenda.put(on, partial(life.dossier.judge, by, rng.choices(_FITS, weights)[0]))


def _end(life: Life, helped: Helped, end_on: date, reason: str, rng: Random) -> None:
    if helped.name is not None:
        recorded_on = end_on + days(rng.choice((0, 0, 1, 2, 3, 6)))
        life.agenda.put(recorded_on, partial(life.referrals.end, helped.name, end_on, reason))


def _break(life: Life, helped: Helped, end_on: date, rng: Random) -> date:
    _end(life, helped, end_on, rng.choice(_BROKEN), rng)
    again_on = end_on + days(1)
    life.agenda.put(end_on + days(rng.randint(7, 12)), partial(life.dossier.reopen, again_on))
    return again_on


def _stay_secure(life: Life, helped: Helped, end_on: date) -> None:
    """Tells until when the judge authorises it, and where the stay is long that nothing follows on it."""
    until = helped.on + days(_AUTHORISED_DAYS)
    life.agenda.put(helped.recorded_on, partial(life.dossier.authorise, until))
    if end_on > until:
        life.agenda.put(until - days(35), partial(life.dossier.explain, "next-place", "outflow-blocked"))
        life.agenda.put(until - days(12), partial(life.dossier.authorise, until + days(_EXTENDED_DAYS)))


def _move_on(life: Life, need: Need, helped: Helped, end_on: date, rng: Random) -> date:
    """Tells of the next place, which is sought for weeks or months before the stay ends; when that is over."""
    known = reference().care_types[helped.care_type]
    places = [each for each in NEXT_PLACES if each != known.code]
    offer = life.supply.offer_for(life.child, rng.choice(places), rng)
    if offer is None:
        return end_on
    name, agenda, referrals = f"{need.number}/next", life.agenda, life.referrals
    sought = rng.randint(25, 110)
    sent_on = max(helped.recorded_on + days(3), end_on - days(sought))
    sent_on = agenda.put(sent_on, partial(referrals.send, name, "alternative", offer, "regular", None))
    start_on = working_day(end_on + days(rng.randint(0, 3)))
    agenda.put(sent_on + days(rng.randint(1, 8)), partial(referrals.waitlist, name, start_on))
    agenda.put(max(sent_on, end_on - days(rng.randint(2, 16))), partial(referrals.accept, name, start_on))
    agenda.put(start_on, partial(referrals.start, name, start_on))
    over_on = working_day(start_on + days(rng.randint(90, 330)))
    agenda.put(over_on, partial(referrals.end, name, over_on, "as-planned"))
    return over_on
