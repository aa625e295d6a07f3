"""The story of one child of the past, from the day on which help was asked until the dossier is closed.

Waiting grew until a year ago and has shrunk slowly since the regions began with their plan.
"""

from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Final

from app.demo.history.agenda import days, working_day
from app.demo.history.book import Book
from app.demo.history.care import live_on
from app.demo.history.children import SPAN_DAYS, Child
from app.demo.history.ladder import escalate, explain_delay
from app.demo.history.life import Life, Need, begin, chance
from app.demo.history.search import search, seek_in_vain
from app.demo.history.supply import Supply
from app.dossiers.referrals.tables import Urgency
from app.dossiers.requests.clocks import COURSE_DAYS, PROTECTION_WORKER_WORKING_DAYS
from app.kit.working_days import add_working_days
from app.reference.lists import reference

_TURNED: Final = 520
"""So many days ago, of whoever was asked for then, the wait was longest."""
_WAITS: Final = (52, 200, 52)
"""The usual wait in days for the first children, for those of the turn, and for those of today."""
_FACTORS: Final = (0.15, 0.3, 0.5, 0.65, 0.8, 0.95, 1.1, 1.3, 1.6, 1.9)
_LONGEST: Final = 330
_PAST_WAIT: Final = 60
_IN_VAIN: Final = 0.08
"""How many dossiers are closed before help begins."""
_REASONS: Final = ("help-not-needed", "help-not-needed", "measure-ended", "stopped-by-family")


def tell_child(book: Book, child: Child, supply: Supply, today: date) -> None:
    """Tells the book what is known of a child when `today` begins; nothing of one that was asked for since."""
    if working_day(child.asked_on) >= today:
        return
    life = begin(book, child, supply, today)
    rng = child.dice("story")
    _tell_start(life, rng)
    if chance(rng, 0.04):
        _move(life, rng)
    need: Need | None = _need(life, 0, child.asked_on, rng)
    while need is not None:
        need = _tell_need(life, need, rng)
    grown_up = life.agenda.put(child.adult_on, partial(life.referrals.end_all, "other-domain"))
    life.agenda.tell(before=today, until=grown_up)


def _tell_need(life: Life, need: Need, rng: Random) -> Need | None:
    """Tells one need of help; the next, where help breaks down."""
    explain_delay(life, need)
    escalate(life, need)
    if need.number == 0 and chance(rng, _IN_VAIN):
        reason = rng.choice([each for each in _REASONS if life.child.measure or each != "measure-ended"])
        seek_in_vain(life, need)
        life.agenda.put(need.help_on, partial(life.referrals.close, reason))
        return None
    again_on = live_on(life, need, search(life, need))
    return _need(life, need.number + 1, again_on, rng) if again_on else None


def _need(life: Life, number: int, since: date, rng: Random) -> Need:
    """A need of help; in a crisis it takes days, whatever is usual."""
    urgency: Urgency = rng.choices(("crisis", "urgent", "regular"), (6, 20, 74))[0]
    return Need(number, since, urgency, rng.randint(1, 4) if urgency == "crisis" else _wait(life, since, rng))


def _wait(life: Life, since: date, rng: Random) -> int:
    """How long a child waits that needs help since a day: what was usual then, for its kind of need."""
    ago = (life.today - since).days
    first, turn, now = _WAITS
    if ago > _TURNED:
        usual = turn - (turn - first) * (ago - _TURNED) / (SPAN_DAYS - _TURNED)
    else:
        usual = now + (turn - now) * ago / _TURNED
    number = life.child.number  # the factors come in turn, so that no month has the long waits alone
    factor = _FACTORS[(3 * number + number // len(_FACTORS)) % len(_FACTORS)]
    longest = _PAST_WAIT if life.child.institution.only_past else _LONGEST
    return max(4, min(longest, int(usual * life.child.kind.wait * factor * rng.uniform(0.8, 1.2))))


def _tell_start(life: Life, rng: Random) -> None:
    """Tells of the protection worker and the course, of a child with a measure: mostly in time, and late explained."""
    imposed_on = life.child.imposed_on
    if imposed_on is None or life.help_due() is None:
        return
    worker_due = add_working_days(imposed_on, PROTECTION_WORKER_WORKING_DAYS)
    worker_on = working_day(imposed_on + timedelta(days=rng.choice((1, 1, 2, 3, 4, 5))))
    if chance(rng, 0.16):
        worker_on = working_day(worker_due + days(rng.randint(1, 18)))
    recorded_on = max(worker_on, life.child.asked_on) + days(rng.choice((0, 0, 1, 3)))
    life.agenda.put(recorded_on, partial(life.dossier.set_milestone, "protection-worker", worker_on))
    if worker_on > worker_due and chance(rng, 0.5):
        life.agenda.put(recorded_on, partial(life.dossier.explain, "protection-worker", "institution-staff"))
    _tell_course(life, imposed_on, rng)


def _tell_course(life: Life, imposed_on: date, rng: Random) -> None:
    course_due = imposed_on + timedelta(days=COURSE_DAYS)
    after = rng.randint(16, COURSE_DAYS) if chance(rng, 0.74) else rng.randint(COURSE_DAYS + 1, 95)
    course_on = imposed_on + days(after)
    lag = rng.randint(30, 80) if chance(rng, 0.08) else rng.choice((0, 1, 2, 5))
    is_agreed = chance(rng, 0.95)
    if is_agreed:
        known_on = max(course_on, life.child.asked_on) + days(lag)
        life.agenda.put(known_on, partial(life.dossier.set_milestone, "course", course_on))
    if (course_on > course_due or not is_agreed) and chance(rng, 0.65):
        said_on = max(course_due, life.child.asked_on) + days(rng.randint(2, 20))
        cause = rng.choice(("family-cooperation", "institution-staff", "provider-cooperation"))
        life.agenda.put(said_on, partial(life.dossier.explain, "course", cause))


def _move(life: Life, rng: Random) -> None:
    """The family moves, within the region in most cases."""
    region = life.child.region if chance(rng, 0.6) else rng.choice(("JZ05", "JZ06"))
    others = [code for code in reference().municipalities_of(region) if code != life.child.municipality]
    on = life.child.asked_on + days(rng.randint(40, 220))
    if others:
        life.agenda.put(on, partial(life.referrals.move, rng.choice(others)))
