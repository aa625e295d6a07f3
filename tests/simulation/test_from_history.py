"""A world of a history: what it tells is taken over, and nothing that rests on few children."""

from dataclasses import asdict, replace

import pytest
from typer.testing import CliRunner

from app.cli import main
from app.insight.past_year.counts import Days, PastYear, Places
from app.simulation.history import TooLittleHistoryError, world_of
from app.simulation.model import World
from app.simulation.year import Year

YEAR = PastYear(
    first_choices={"gezinshuis": 60, "ambulant": 40, "jeugdzorgplus": 4},
    stays={"gezinshuis": Days(10, 3000), "ambulant": Days(4, 400), "jeugdzorgplus": Days(4, 100)},
    places={"gezinshuis": Places(4, 20, 18), "ambulant": Places(2, 40, 36), "jeugdzorgplus": Places(1, 100, 0)},
    reporting=(5.0, 7.0, 60.0, None),
    answers=Days(50, 240),
    not_refused=60,
    refused={"contra-indication": 30, "group-composition": 6, "outside-age": 4, "no-place": 90},
    intakes=Days(40, 380),
)
NOTHING = PastYear({}, {}, {}, (), Days(0, 0), 0, {}, Days(0, 0))


def test_all_that_is_told_is_taken_over() -> None:
    found = world_of(YEAR, World())
    world = found.world
    assert world.children == 100
    assert [(each.care_type, each.share, each.stay) for each in world.help] == [
        ("ambulant", 0.4, round(3500 / 18)),  # too few stays ended: as of all kinds together
        ("gezinshuis", 0.6, 300),
    ]
    assert (world.scarcity, world.taking_part) == (0.9, 0.75)
    assert (world.stale, world.report_every, world.stale_after) == (0.33, 6.0, 60.0)
    assert (world.answer, world.intake, world.refusal) == (4.8, 9.5, 0.4)
    assert world.refusals == (("contra-indication", 0.83), ("group-composition", 0.17))
    assert found.taken == set(asdict(world)) - {
        *("wrong", "call", "referrers", "known", "phone_again", "look_again", "width_km", "warm_up"),
    }


def test_there_are_as_many_offers_as_the_places_are_spread_over() -> None:
    [ambulant, gezinshuis] = world_of(YEAR, World()).world.help
    assert gezinshuis.offers == round(60 * 300 / 365 / 0.9 / 5)
    assert ambulant.offers == round(40 * 194 / 365 / 0.9 / 20)


def test_what_is_not_told_stays_as_assumed() -> None:
    assumed = World(known=7, intake=3)
    found = world_of(replace(NOTHING, first_choices={"ambulant": 5}), assumed)
    [kind] = found.world.help
    assert (kind.care_type, kind.share, kind.stay) == ("ambulant", 1.0, 348)
    assert found.taken == {"children", "help"}
    assert replace(found.world, help=assumed.help, children=assumed.children) == assumed


@pytest.mark.parametrize(
    ("few", "field"),
    [
        ({"answers": Days(4, 240)}, "answer"),
        ({"intakes": Days(4, 380)}, "intake"),
        ({"not_refused": 4}, "refusal"),
        ({"refused": {"contra-indication": 4, "no-place": 90}}, "refusal"),
        ({"refused": {"contra-indication": 4, "outside-age": 4}}, "refusals"),
    ],
    ids=str,
)
def test_nothing_rests_on_fewer_than_five(few: dict[str, object], field: str) -> None:
    found = world_of(replace(YEAR, **few), World())  # type: ignore[arg-type]  # of one field its own kind of value
    assert field not in found.taken
    assert getattr(found.world, field) == getattr(World(), field)


def test_what_few_chose_is_in_no_figure() -> None:
    without = {"first_choices": {"gezinshuis": 60, "ambulant": 40}}
    assert world_of(replace(YEAR, **without), World()) == world_of(YEAR, World())  # type: ignore[arg-type]
    with pytest.raises(TooLittleHistoryError, match="5 children"):
        world_of(replace(YEAR, first_choices={"gezinshuis": 4}), World())


def test_a_year_can_be_played_of_it() -> None:
    figures = Year(world_of(YEAR, World()).world, "ranking", 1).run()
    assert figures["started"] > 0


def test_a_region_is_of_a_history() -> None:
    done = CliRunner().invoke(main, ["simulate", "--region", "JZ03"])
    assert (done.exit_code, "--from-history" in done.output) == (2, True)
