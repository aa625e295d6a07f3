import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bsn import find_bsn

BSN = "123456782"

FOUND = [
    ("123456782", BSN),  # as it stands on a passport
    ("BSN 123456782.", BSN),  # in a sentence
    ("BSN:123456782;", BSN),
    ("bsn123456782", BSN),  # against letters
    ("123.456.782", BSN),  # with dots
    ("123 456 782", BSN),  # with spaces
    ("123-456-782", BSN),  # with dashes
    ("1234 56 782", BSN),  # as a sofinummer was written
    ("1234.56.782", BSN),
    ("1 2 3 4 5 6 7 8 2", BSN),  # spelt out
    ("12 34 56 78 2", BSN),
    ("123 - 456 - 782", BSN),  # spaced dashes
    ("123  456  782", BSN),  # two spaces
    ("123\t456\t782", BSN),  # out of a spreadsheet
    ("123-456.782", BSN),  # mixed
    ("123\u00a0456\u00a0782", BSN),  # no-break spaces
    ("123\u202f456\u202f782", BSN),  # narrow no-break spaces
    ("123\u2013456\u2013782", BSN),  # en dashes
    ("123\u2011456\u2011782", BSN),  # non-breaking hyphens
    ("123\u2212456\u2212782", BSN),  # minus signs
    ("123\u00b7456\u00b7782", BSN),  # middle dots
    ("123\u200b456\u200b782", BSN),  # zero-width spaces
    ("1\u200d23456\ufeff782", BSN),  # other characters without width
    ("123\u200b 456\u00ad 782", BSN),  # those beside a space
    ("12345\u00ad6782", BSN),  # a soft hyphen
    ("\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff12", BSN),  # full-width digits
    ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0662", BSN),  # Arabic-Indic digits
    (
        "1\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e38\ufe0f\u20e32",
        BSN,
    ),
    ("000000000", "000000000"),  # passes the test, and is used for "unknown"
    ("012345672", "012345672"),  # starts with a 0, as a telephone number does
    ("012 345 672", "012345672"),
    ("012 345 672 8", "012345672"),  # ten digits, but with a BSN in front
    ("2026 123456782", BSN),  # beside a year
    ("2026-123456782", BSN),
    ("2026\u200b123456782", BSN),
    ("06-12345678 123456782", BSN),  # beside a telephone number
    ("06 12345678 123 456 782", BSN),
    ("06 12345678 12 34 56 78 2", BSN),
    ("+31 6 12345678 123456782", BSN),
    ("0031 6 12345678 123 456 782", BSN),
    ("2026 123.456.782", BSN),  # the dots set it apart
    ("12 34 56 78 2 - 2026", BSN),  # the spaces set it apart
    ("7 123 456 782", BSN),  # grouped as a BSN commonly is
    ("123 456 782 7", BSN),
    ("2026-11-22 123 456 782", BSN),  # beside a date
    ("22-11-2026 9:00 123 456 782", BSN),  # beside a time
    ("0 123456782", BSN),
    ("+123456782", BSN),  # nine digits are no telephone number with a country code
    ("111111110, 123456782", "111111110"),  # the first of two
    ("123456789 123456782", BSN),  # the first of the two does not pass
]

NOT_FOUND = [
    "",
    "geen cijfers",
    "123456789",  # does not pass
    "123.456.789",
    "12345678",  # eight digits: an AGB code or KvK number
    "1234567820",  # part of a longer number
    "0123456782",
    "123456782123456782",
    "123.456.7820",
    "0612345678",
    "06 12345678",  # ten digits
    "06-12345678",
    "06-12345677 0 kinderen",  # 12345677 0 would pass
    "06 12 34 56 78",
    "072-5123456",
    "072 - 512 34 56",
    "0229 123456",
    "+31612345671",
    "+31 612345671",  # 612345671 would pass
    "+31 6 12345671",
    "+31 6 12 34 56 71",  # 6 12 34 56 71 would pass
    "+31 (0)612345671",
    "+31 (0)6-12345671",
    "+31-6-12345671",
    "0031612345671",
    "0031 612345671",
    "0031 6 12345671",
    "0031 (0)6 12 34 56 71",
    "+32 470 12 34 56",
    "2026-11-22",
    "22-11-2026 9 plaatsen",  # 22 11 2026 9 would pass
    "22.11.2025 7",  # as would 22 11 2025 7
    "2026-11-22T09:00:00Z",
    "2026-11-22 9:00",
    "van 09.00-17.30",
    "NL91 ABNA 0417 1643 00",
    "NL91ABNA0417164300",
    "\u20ac 1.234.567,89",
    "12,34 56,78",
    "KvK 12345678\n2 plaatsen",  # a new line ends a number
    "a1b2c3d4-0000-4000-8000-a123456782bc",  # a UUID
    "a1b2c3d4000040008000a123456782bc",  # without its dashes
    "52.3702 4.8952",
]


@pytest.mark.parametrize(("text", "bsn"), FOUND)
def test_finds(text: str, bsn: str) -> None:
    assert find_bsn(text) == bsn


@pytest.mark.parametrize("text", NOT_FOUND)
def test_leaves_alone(text: str) -> None:
    assert find_bsn(text) is None


def passes(digits: str) -> bool:
    return (
        sum(int(digit) * weight for digit, weight in zip(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1], strict=True)) % 11 == 0
    )


@given(st.integers(0, 999_999_999), st.sampled_from(["{}", "kind {}, 12 jaar", "({})"]))
def test_a_plain_number_is_found_when_it_passes(number: int, sentence: str) -> None:
    digits = f"{number:09d}"

    assert find_bsn(sentence.format(digits)) == (digits if passes(digits) else None)


@given(st.text(alphabet="0123456789 .-~+()\u200b\u00a0:\nx", max_size=60))
def test_what_is_found_passes_and_stands_in_the_text(text: str) -> None:
    found = find_bsn(text)

    if found is not None:
        assert passes(found)
        assert found in "".join([character for character in text if character.isdecimal()])


@given(st.text(max_size=40))
def test_any_text_before_and_after_does_not_hide_it(text: str) -> None:
    assert find_bsn(f"{text}x{BSN}x{text}") is not None


@pytest.mark.parametrize(
    "text",
    ["1 " * 20_000, "\u200b" * 40_000, "~-" * 20_000 + "1" * 9, "12-" * 15_000, "06-12345678 " * 3_000],
)
def test_is_found_behind_a_long_text(text: str) -> None:
    """With time that grows faster than the text, this would take minutes."""
    assert find_bsn(f"{text * 5} x {BSN}") == BSN


def calls_of(text: str) -> int:
    """How many functions are called to look through a text, those in C among them."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        find_bsn(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "text",
    [
        "0 1 ",  # every window of nine digits is one number beside others
        "0 1-2.3 ",
        "06 12345678 ",
        "06-1 2345678 06 1234-5678 ",
        "+31 6 12345678 ",
        "0031 6 12345671 7 ",
        "123 456 789 ",
        "12345678 ",
        "1\u200b",
        "1\u200b-2 ",
        "2026-11-22 9:00 ",
        "1.1.2026.",
    ],
)
def test_twice_the_text_takes_twice_the_work(text: str) -> None:
    once, twice = calls_of(text * 500), calls_of(text * 1_000)

    assert twice <= 2 * once + 50
    assert once <= 8 * len(text * 500)
