from datetime import date

import pytest

from app.domain.language import (
    Text,
    date_in_words,
    decimal_in_words,
    listed,
    month_in_words,
    same,
)


def test_gives_one_language() -> None:
    text = Text(nl="ja", en="yes")

    assert (text.in_("nl"), text.in_("en")) == ("ja", "yes")


def test_fills_in_each_language_by_itself() -> None:
    text = Text(nl="{n} keer {what}", en="{what} {n} times").format(n=2, what=Text(nl="ja", en="yes"))

    assert text == Text(nl="2 keer ja", en="yes 2 times")


def test_braces_in_a_value_are_text() -> None:
    assert Text(nl="bij {name}", en="at {name}").format(name="{x}") == Text(nl="bij {x}", en="at {x}")


@pytest.mark.parametrize(
    ("day", "nl", "en"),
    [
        (date(2027, 1, 12), "12 januari 2027", "12 January 2027"),
        (date(2026, 3, 1), "1 maart 2026", "1 March 2026"),
        (date(2026, 12, 31), "31 december 2026", "31 December 2026"),
    ],
)
def test_a_date_in_words(day: date, nl: str, en: str) -> None:
    assert date_in_words(day) == Text(nl=nl, en=en)


def test_every_month_has_its_name() -> None:
    names = [month_in_words(date(2026, month, 1)) for month in range(1, 13)]

    assert names[4] == Text(nl="mei 2026", en="May 2026")
    assert [len({name.in_(language) for name in names}) for language in ("nl", "en")] == [12, 12]


@pytest.mark.parametrize(
    ("number", "places", "nl"),
    [(12.0, 1, "12"), (12.34, 1, "12,3"), (0.05, 1, "0,1"), (100.0, 0, "100"), (2.5, 3, "2,5")],
)
def test_a_number_with_a_comma(number: float, places: int, nl: str) -> None:
    assert decimal_in_words(number, places) == Text(nl=nl, en=nl.replace(",", "."))


@pytest.mark.parametrize(("names", "nl"), [(["a"], "a"), (["a", "b"], "a en b"), (["a", "b", "c"], "a, b en c")])
def test_an_enumeration(names: list[str], nl: str) -> None:
    assert listed([same(name) for name in names]) == Text(nl=nl, en=nl.replace(" en ", " and "))
