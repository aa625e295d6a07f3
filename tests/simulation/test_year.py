"""A simulated year: what queueing theory knows comes out, nobody has two places, and one seed gives one outcome."""

from dataclasses import replace
from math import log, sqrt
from statistics import fmean, stdev

import pytest

from app.simulation.model import BEHAVIOURS, MEASURES, NORM_DAYS, Behaviour, Help, Measure, World
from app.simulation.year import Year

SMALL = World(children=40, help=(Help("gezinshuis", 0.5, 200, 3), Help("ambulant", 0.5, 120, 3)), warm_up=100)


def erlang_c(servers: int, load: float) -> float:
    """The chance that whoever comes has to wait, where `load` of so many servers are busy on average (M/M/c)."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return servers * blocked / (servers - load * (1 - blocked))


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.6), (5, 0.7)])
def test_waits_are_those_of_queueing_theory(servers: int, busy: float) -> None:
    """One offer, no refusals, answers at once: children wait as customers do in an M/M/c queue."""
    stay = 0.5
    world = World(
        children=round(365 * servers * busy / stay),
        help=(Help("ambulant", 1.0, stay, 1),),
        scarcity=busy,
        refusal=0.0,
        wrong=0.0,
        answer=0.0,
        call=0.0,
        intake=0.0,
        warm_up=20,
    )
    years = [Year(world, "search", seed).run() for seed in range(10)]
    waits = erlang_c(servers, servers * busy)
    mean = waits * stay / (servers * (1 - busy))
    ninth = mean * log(waits / 0.1) / waits
    known_waits: dict[Measure, float] = {"mean_wait": mean, "wait_90": ninth, "empty": 1 - busy}
    for measure, known in known_waits.items():
        found = [year[measure] for year in years]
        assert abs(fmean(found) - known) < 3 * stdev(found) / sqrt(len(found)), "three standard errors"
        assert fmean(found) == pytest.approx(known, rel=0.2)


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_nobody_has_two_places_and_no_place_two_children(behaviour: Behaviour) -> None:
    year = Year(SMALL, behaviour, 5)
    figures = year.run()
    assert all(0 <= offer.busy <= offer.places for offer in year.offers)
    queued = [child.number for offer in year.offers for child in offer.queue]
    assert len(queued) == len(set(queued))
    assert all(child.queued_at is offer for offer in year.offers for child in offer.queue)
    assert all(child.number in year.waiting for offer in year.offers for child in offer.queue)
    assert figures["started"] > 0
    for child in year.children:
        assert (child.course.began is None) == (child.course.choice is None)
        assert child.course.began is None or child.course.began >= child.course.since + SMALL.intake


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_one_seed_gives_one_outcome(behaviour: Behaviour) -> None:
    first, again, other = (Year(SMALL, behaviour, seed).run() for seed in (3, 3, 4))
    assert first == again
    assert first != other
    assert list(first) == list(MEASURES)


def test_the_same_children_come_however_referrers_look() -> None:
    years = [Year(SMALL, behaviour, 2) for behaviour in BEHAVIOURS]
    for year in years:
        year.run()
    came = [[(child.course.since, child.choices, child.point) for child in year.children] for year in years]
    shortest = min(map(len, came))
    assert shortest > SMALL.children
    assert [each[:shortest] for each in came].count(came[0][:shortest]) == len(BEHAVIOURS)


def test_who_sees_all_places_finds_one_sooner_than_who_phones() -> None:
    """With places enough and two offers known of many, phoning leaves places empty."""
    world = World(scarcity=0.9, known=1, stale=0.0)
    phoned, searched = (
        fmean(Year(world, each, seed).run()["mean_wait"] for seed in (1, 2)) for each in ("phone", "search")
    )
    assert searched < phoned


def test_what_publishes_nothing_is_phoned() -> None:
    unseen = Year(replace(SMALL, taking_part=0.0), "ranking", 1).run()
    seen = Year(replace(SMALL, taking_part=1.0), "ranking", 1).run()
    assert unseen["calls"] > 0
    assert seen["calls"] == 0


def test_where_more_is_asked_than_there_is_children_are_left_without() -> None:
    short, enough = (Year(replace(SMALL, scarcity=each), "ranking", 1).run() for each in (2.0, 0.7))
    assert short["still_waiting"] > enough["still_waiting"]
    assert short["in_time"] < enough["in_time"]


def test_the_norm_is_three_months() -> None:
    year = Year(SMALL, "phone", 1)
    figures = year.run()
    counted = [each.course for each in year.children if SMALL.warm_up <= each.course.since < SMALL.warm_up + 365]
    in_time = [each for each in counted if each.began is not None and each.began - each.since <= NORM_DAYS]
    assert figures["in_time"] == pytest.approx(len(in_time) / len(counted))


@pytest.mark.parametrize(
    "wrong",
    [{"stale": 1.2}, {"refusal": -0.1}, {"scarcity": 0.0}, {"children": 0}, {"help": (Help("ambulant", 0.5, 10, 1),)}],
)
def test_a_world_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).replace("help", "kinds of help")):
        World(**wrong)  # type: ignore[arg-type]  # of each field one value
