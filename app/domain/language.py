"""The two languages that human-readable texts are in, and what is written differently in each."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, Union

Language = Literal["nl", "en"]

_MONTHS_NL = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTHS = tuple((number % 12 + 1, name) for number, name in enumerate((*_MONTHS_NL, *_MONTHS_EN)))
"""The names of the months in both languages, with their numbers from 1."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    nl: str
    en: str

    def in_(self, language: Language) -> str:
        """The text in one language."""
        return self.nl if language == "nl" else self.en

    def format(self, **values: Union["Text", str, int]) -> "Text":
        """The text with its {fields} filled in; a Text among the values goes in by language."""
        return Text(
            nl=self.nl.format_map(_in(values, "nl")),
            en=self.en.format_map(_in(values, "en")),
        )


def _in(values: dict[str, Text | str | int], language: Language) -> dict[str, str | int]:
    return {name: value.in_(language) if isinstance(value, Text) else value for name, value in values.items()}


def same(text: str) -> Text:
    """A text that is the same in both languages: a name or a number."""
    return Text(nl=text, en=text)


@lru_cache(4096)
def date_in_words(day: date) -> Text:
    """The date as people write it: "12 januari 2027", "12 January 2027"."""
    return Text(nl="{day} {month}", en="{day} {month}").format(day=day.day, month=month_in_words(day))


@lru_cache(512)
def day_in_words(day: date) -> Text:
    """A date of which the year goes without saying: "12 januari", "12 January"."""
    return Text(nl=f"{day.day} {_MONTHS_NL[day.month - 1]}", en=f"{day.day} {_MONTHS_EN[day.month - 1]}")


def month_in_words(day: date) -> Text:
    """The month of a date: "januari 2027", "January 2027"."""
    return Text(nl=f"{_MONTHS_NL[day.month - 1]} {day.year}", en=f"{_MONTHS_EN[day.month - 1]} {day.year}")


def decimal_in_words(number: float, places: int = 1) -> Text:
    """The number rounded to at most so many places, with a decimal comma in Dutch and a point in English."""
    written = f"{number:.{places}f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return Text(nl=written.replace(".", ","), en=written)


def listed(texts: list[Text]) -> Text:
    """The texts as an enumeration: "a, b en c", "a, b and c"."""
    return Text(nl=_joined([text.nl for text in texts], "en"), en=_joined([text.en for text in texts], "and"))


def _joined(texts: list[str], conjunction: str) -> str:
    *front, last = texts
    return f"{', '.join(front)} {conjunction} {last}" if front else last
