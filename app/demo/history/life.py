"""What the parts of a child's story have in common: the child, its agenda, and what they are told to."""

from dataclasses import dataclass
from datetime import date
from random import Random

from app.demo.history.agenda import Agenda, days, working_day
from app.demo.history.book import Book
from app.demo.history.children import Child
from app.demo.history.dossier import Dossier
from app.demo.history.referrals import Referrals
from app.demo.history.supply import Supply
from app.domain.dates import add_months
from app.dossiers.referrals.tables import Urgency
from app.dossiers.requests.clocks import HELP_MONTHS
from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class Life:
    """A child with its dossier and referrals, the agenda that they are told by, and the offers that there are."""

    child: Child
    agenda: Agenda
    dossier: Dossier
    referrals: Referrals
    supply: Supply
    today: date

    def help_due(self, again: date | None = None) -> date | None:
        """The last day of the norm of help, of a need that began `again` or of the first; None without a norm."""
        measure = reference().measures.get(self.child.measure or "")
        if measure is None or measure.kind == "preventive" or self.child.imposed_on is None:
            return None
        return add_months(max(self.child.imposed_on, again or date.min), HELP_MONTHS)


@dataclass(frozen=True, slots=True)
class Need:
    """A need of help: its number, since when, how urgent it is, and how many days it takes until help begins."""

    number: int
    since: date
    urgency: Urgency
    wait: int

    @property
    def help_on(self) -> date:
        """When help begins."""
        return working_day(self.since + days(self.wait))


@dataclass(frozen=True, slots=True)
class Helped:
    """That help began: the referral's name (None: no referral shows it), the day, and when that was recorded."""

    name: str | None
    care_type: str
    on: date
    recorded_on: date
    fits_badly: bool


def begin(book: Book, child: Child, supply: Supply, today: date) -> Life:
    """Makes the request of a child."""
    agenda = Agenda(child.dice("agenda"))
    dossier = Dossier(book, child, agenda.opening(working_day(child.asked_on)))
    return Life(child, agenda, dossier, Referrals(dossier), supply, today)


def chance(rng: Random, share: float) -> bool:
    """Whether something happens that does in this share of the cases."""
    return rng.random() < share
