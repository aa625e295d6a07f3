"""Keys of somebody's own making hold no date and no name, and go on holding what systems number things with."""

import pytest

from app.domain.own_keys import find_in_key


@pytest.mark.parametrize(
    "key",
    [
        *("kind-2026-31", "K-2026-0147", "gezin-31", "w-12", "oud-1042", "K1", "10023456", "2026/0147", "JB-ALK-00123"),
        *("7d3f6c1e-4a0e-4e0e-9a2a-5b1c2d3e4f50", "4bf92f3577b34da6a3ce929d0e0e4736", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        *(
            "a1b2c3d4-0000-4000-8000-a120140512bc",
            "120514",
            "melding-1234",
            "kind-1.2",
            "K-2026-10",
            "kap-12",
            "JULIA12",
        ),
    ],
)
def test_what_numbers_things_passes(key: str) -> None:
    assert find_in_key(key) is None


@pytest.mark.parametrize(
    ("key", "held"),
    [
        *((key, "date") for key in ("20140512", "12052014", "kind-20140512-1", "2014-05-12", "12-05-2014", "12-5-14")),
        *((key, "date") for key in ("2014.05.12", "2014_05_12", "k/2014/5/12", "K-2014-05-1")),
        *((key, "date") for key in ("mei2014", "12mei2014", "12-mei-2014", "MRT-14", "k-okt.2014")),
        *(
            (key, "name")
            for key in (
                "Jan-1",
                "Jansen2014",
                "Sem2014",
                "Bas12",
                "J.Jansen-1",
                "PietJansen1",
                "piet-jansen-1",
                "piet.de.boer1",
            )
        ),
    ],
)
def test_dates_and_names_do_not(key: str, held: str) -> None:
    assert find_in_key(key) == held
