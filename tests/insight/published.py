"""Children as the regional plans of autumn 2021 counted them: with a measure, and longer than three months without
fitting help. Sources: the plans of Noord-Holland and Zuidwest, 2021."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from app.reference.lists import reference
from tests.insight.children import Child

AUTUMN: Final = date(2021, 10, 1)
NOORD_HOLLAND: Final[dict[str, dict[str, int]]] = {
    "JZ15": {},  # Haarlemmermeer
    "JZ03": {"GM0400": 2, "GM0441": 1, "GM1911": 1},  # Kop van Noord-Holland
    "JZ06": {"GM0361": 5, "GM0399": 2, "GM0402": 0, "GM0373": 2},  # Noord-Kennemerland
    "JZ05": {"GM0405": 4, "GM0420": 3},  # Westfriesland
    "JZ10": {"GM0453": 9, "GM0375": 6},  # IJmond
    "JZ09": {"GM0479": 3, "GM0439": 1},  # Zaanstreek-Waterland
    "JZ11": {"GM0377": 1, "GM0392": 7, "GM0473": 1},  # Zuid-Kennemerland: Bloemendaal, Haarlem, Zandvoort
}
ZUIDWEST: Final[dict[date, int]] = {date(2021, 2, 15): 124, date(2021, 6, 15): 61, date(2021, 9, 1): 76}
ZUIDWEST_REGIONS: Final = ("JZ18", "JZ24", "JZ27", "JZ31")


def counted() -> dict[str, int]:
    """The children over the norm of each region of Noord-Holland on 1 October 2021."""
    return {region: sum(each.values()) for region, each in NOORD_HOLLAND.items()}


def noord_holland() -> Iterator[Child]:
    """Those children, and as many that no count has: in time, helped, closed, without a measure, or not asked yet."""
    for municipalities in NOORD_HOLLAND.values():
        for municipality, number in municipalities.items():
            for index in range(number):
                since = AUTUMN - timedelta(days=93 + 10 * index)
                yield Child(municipality, since)
                yield Child(municipality, since, help_on=AUTUMN)
                yield Child(municipality, since, closed_on=AUTUMN - timedelta(days=1))
                yield Child(municipality, since, measure=None)
                yield Child(municipality, since, measure="31")
                yield Child(municipality, AUTUMN - timedelta(days=80))
                yield Child(municipality, AUTUMN + timedelta(days=1))


def zuidwest() -> Iterator[Child]:
    """Children who come over the norm and are helped between the three days on which they were counted.

    124 on 15 February; until 15 June 80 of them are helped and 17 come; until 1 September 11 are helped and 26 come.
    """
    february, june, september = ZUIDWEST
    yield from _group(124 - 80 - 11, february, None)
    yield from _group(80, february, february + timedelta(days=40))
    yield from _group(11, february, june + timedelta(days=30))
    yield from _group(17, june, None)
    yield from _group(26, september, None)
    yield from _group(20, june - timedelta(days=30), june - timedelta(days=5))  # between two of the days alone


def _group(number: int, over_on: date, help_on: date | None) -> Iterator[Child]:
    """So many children whose norm was over on a day and not the week before; over the municipalities in turn."""
    codes = [each.code for each in reference().municipalities.values() if each.region in ZUIDWEST_REGIONS]
    for index in range(number):
        yield Child(codes[index % len(codes)], over_on - timedelta(days=95), help_on=help_on)
