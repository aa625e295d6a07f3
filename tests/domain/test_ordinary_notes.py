"""Ordinary notes pass the BSN check: a corpus of what people write beside a place or a child, and what is refused."""

import random
from itertools import product

import pytest

from app.domain.bsn import find_bsn

BSN = "123456782"
EIGHT = "10000008"
"""Passes with a 0 in front."""

WRITTEN = [
    *(BSN[:3] + joint + BSN[3:6] + joint + BSN[6:] for joint in "/_,;:|\n=+&'#~\u2026\u2044\uff0f\u3001\u2192\u00ab"),
    *(f"{BSN[:3]}{joint}{BSN[3:6]}{joint}{BSN[6:]}" for joint in ("--", "...", "   ", "->", ' "')),
    *(f"{BSN[:4]}{joint}{BSN[4:6]}{joint}{BSN[6:]}" for joint in "/_,;:|\n"),
    *(joint.join(BSN) for joint in ("/", ", ", "_", "|", "\n", " / ")),
    *("(123)(456)(782)", "[123] [456] [782]", "123(456)782", "{123}-{456}-{782}", "123\r\n456\r\n782"),
    *("12/34/56/78/2", "12,34,56,78,2", "123 / 456 / 782", "123, 456, 782"),
    "\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2461",  # circled
    "\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u00b2",  # superscript
    "\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2082",  # subscript
    "\u2776\u2777\u2778\u2779\u277a\u277b\u277c\u277d\u2777",  # on black discs
    "\U0001d7d9\U0001d7da\U0001d7db\U0001d7dc\U0001d7dd\U0001d7de\U0001d7df\U0001d7e0\U0001d7da",  # of mathematics
    "\u246b345678\u2461",  # a circled twelve
    "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e8c",  # Chinese
]


@pytest.mark.parametrize("written", WRITTEN, ids=repr)
@pytest.mark.parametrize("sentence", ["{}", "Zie {}.", "kind {} wacht", "({})"])
def test_a_bsn_is_found_however_it_is_written(written: str, sentence: str) -> None:
    assert find_bsn(sentence.format(written)) == BSN


@pytest.mark.parametrize("text", [EIGHT, f"BSN {EIGHT}", f"Bsn: {EIGHT}.", "10.000.008", f"kind {EIGHT}, 12 jaar"])
def test_eight_digits_that_pass_with_a_0_in_front_are_found_where_asked(text: str) -> None:
    assert find_bsn(text, eight=True) == "0" + EIGHT
    assert find_bsn(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *(f"{name} {EIGHT}" for name in ("KvK", "KvK-nummer:", "AGB-code", "AGB", "Handelsregister", "factuur", "€")),
        *(f"2026-{EIGHT}", f"ref-{EIGHT}", f"A{EIGHT}", f"{EIGHT}B", f"06-{EIGHT}", f"{EIGHT}0", "20260101"),
    ],
)
def test_eight_digits_that_are_another_number_pass(text: str) -> None:
    assert find_bsn(text, eight=True) is None


def notes(count: int) -> list[str]:
    """Notes as they are written, with other numbers in them each time; the same for ever."""
    draw = random.Random(2026)  # noqa: S311 - no secret

    def digits(many: int) -> str:
        return "".join(draw.choices("0123456789", k=many))

    def pick(text: str) -> str:
        return (
            text.replace("DD", f"{draw.randint(1, 28):02d}")
            .replace("MM", f"{draw.randint(1, 12):02d}")
            .replace("UU", f"{draw.randint(7, 21):02d}")
            .replace("P6", draw.choice("12345") + digits(7))
            .replace("N4", str(draw.randint(1000, 9999)))
            .replace("N3", str(draw.randint(100, 999)))
            .replace("N2", str(draw.randint(10, 99)))
            .replace("N1", str(draw.randint(1, 9)))
        )

    return [pick(text) for text, _ in product(ORDINARY, range(count))]


ORDINARY = [
    "Plek vrij vanaf DD-MM-2026, intake op DD/MM/2026 om UU:30.",
    "Bel 06-P6 of 072 - 5N2 N2 N2, tussen UU.00 en 17.30.",
    "Intake: 06 P6 / 0229-N3N3, vragen naar het team.",
    "+31 6 P6, ook in het weekend",
    "Telefoon 0800-N4 (gratis), toestel N3.",
    "KvK P6, AGB P6",
    "Beschikking N4/2026/N3, product 4N1A0N1, tarief € N3,N2 per etmaal.",
    "Totaal € 1.N3.N3,N2 in 2026; € N4,N2 per maand",
    "1781 AB Den Helder en N4 ZX, huisnummer N3",
    "Groep 1/2/3, leeftijd N2-N2 jaar, N1 plekken",
    "Kinderen van N1, N1 en N2 jaar; samen N1 plaatsen.",
    "Wachttijd N2 dagen, daarna N1 tot N1 weken (zie punt 3.N1).",
    "20260DD1 is geen datum; DDMM2026 wel",
    "Vrij: ma UU:00-17:00, di UU:00-17:00, wo UU:00-12:30",
    "Zaak C/15/N3N3 / JE RK 26-N4",
    "IBAN NL91ABNA0417164300, kenmerk ref-N4-N4",
    "N1 kamers, N2 m² per kamer, 1e verdieping",
    "Leeftijd 6+, IQ N2-1N2, groep van N1 (2 begeleiders)",
]


def test_ordinary_notes_pass() -> None:
    written = notes(200)
    refused = [note for note in written if find_bsn(note, eight=True)]
    assert len(refused) / len(written) < 0.005, refused[:20]


def test_the_work_grows_with_the_text_alone() -> None:
    """Counted, not timed: no mark of the patterns can match more than some tens of characters from one place."""
    for text in ("1/" * 50_000, "123," * 30_000, "(1)" * 30_000, "10000008 " * 10_000, "12/34/" * 20_000):
        find_bsn(text, eight=True)
