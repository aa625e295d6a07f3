"""The whole demo data set of a day: the same on every machine, with dates relative to that day."""

from dataclasses import dataclass
from datetime import date

from app.demo import clients, contacts, contracts, offers
from app.demo.capacity_reports import Habit, habit
from app.demo.history import institutions
from app.demo.plan import plans
from app.demo.rows import (
    Client,
    Contact,
    Contract,
    Location,
    Offer,
    Organisation,
    Provider,
    Stop,
)
from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class DemoData:
    """All rows, save the capacity reports: those follow from `habits` and from what is there already."""

    providers: list[Provider]
    locations: list[Location]
    offers: list[Offer]
    contracts: list[Contract]
    stops: list[Stop]
    habits: list[Habit]
    organisations: list[Organisation]
    clients: list[Client]
    contacts: list[Contact]


def demo_data(today: date) -> DemoData:
    """The data set as it is on `today`."""
    organisations = [*clients.organisations(), *institutions.organisations()]
    data = DemoData([], [], [], [], [], [], organisations, clients.clients(), contacts.contacts())
    early = reference().supraregions["noord-holland"].regions
    for plan in plans():
        places = offers.locations(plan)
        offered = list(offers.offers(plan, places))
        data.providers.append(offers.provider(plan))
        data.locations.extend(places)
        data.offers.extend(offered)
        data.contracts.extend(contracts.contracts(plan, offered, today))
        data.stops.extend(contracts.stops(plan, places, offered, today))
        data.habits.extend(habit(offer, own=plan.own, early=plan.home in early) for offer in offered)
    return data
