"""What may lead to a child in a text that everybody reads."""

import pytest

from app.domain.traces import find_traces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sinds 12-05-2013 thuis", {"date": "12-05-2013"}),
        ("op 2026-11-22 gestart", {"date": "2026-11-22"}),
        ("op 3/4/25 gestart", {"date": "3/4/25"}),
        ("op 12 mei geplaatst", {"date": "12 mei"}),
        ("de 3e maart 2026", {"date": "3e maart 2026"}),
        ("in mei 2013", {"date": "mei 2013"}),
        ("on May 3, 2026", {"date": "May 3, 2026"}),
        ("geboren in een caravan", {"birth": "geboren"}),
        ("geb. thuis", {"birth": "geb."}),
        ("mail a.b@wijkteam.nl even", {"email": "a.b@wijkteam.nl"}),
        ("bel 06-12345678", {"phone": "06-12345678"}),
        ("bel 088 000 0124", {"phone": "088 000 0124"}),
        ("bel +31 6 1234 5678", {"phone": "+31 6 1234 5678"}),
        ("rond 1781 AB", {"postcode": "1781 AB"}),
        ("rond 1781ab", {"postcode": "1781ab"}),
        ("aan de Kanaalweg 1a", {"address": "Kanaalweg 1a"}),
        ("aan de dorpsstraat 12", {"address": "dorpsstraat 12"}),
        ("zie https://voorbeeld.nl/x", {"link": "https://voorbeeld.nl/x"}),
        ("dossier K-2026-0147", {"number": "K-2026-0147"}),
        ("zaak 1234567", {"number": "1234567"}),
        ("met J. Jansen", {"person": "J. Jansen"}),
        ("met J.P. de Vries", {"person": "J.P. de Vries"}),
        ("met Jansen J.", {"person": "Jansen J."}),
        ("met J Jansen", {"person": "J Jansen"}),
        ("Met Jan Jansen", {"person": "Jan Jansen"}),
        ("Jan de Vries kwam", {"person": "Jan de Vries"}),
        ("Fatima El Amrani kwam", {"person": "Fatima El"}),
        ("het gezin Jansen", {"person": "gezin Jansen"}),
        ("mevr. van den Berg", {"person": "mevr. van den Berg"}),
        ("zijn zusje Emma", {"person": "zusje Emma"}),
        ("een jongen, hij heet Emma", {"person": "heet Emma"}),
        ("J\u200b. Jansen", {"person": "J. Jansen"}),
        ("een plek in Den Helder", {"place": "Den Helder"}),
    ],
)
def test_finds(text: str, expected: dict[str, str]) -> None:
    assert {each.kind: each.found for each in find_traces(text, ["Den Helder"])} == expected


@pytest.mark.parametrize(
    "text",
    [
        "Een tweede begeleider in de eerste 6 weken gaf vertrouwen; daarna 24/7 bereikbaar zijn.",
        "Veilig Thuis en de Raad voor de Kinderbescherming dachten mee. De aanbieder kreeg 1500 euro extra.",
        "Voor een kind van 12 jaar met 3 broers: MST na 4 maanden, via Families First.",
        "Onderweg 3 keer gewisseld. In 2025 anders dan in 2026 en later.",
        "Pasgeboren kinderen kwamen met moeder; het gezinshuis nam er 2.",
        "Deeltijd: 2 dagen per week, 1 op 1, 10% extra, COVID-19 daargelaten.",
    ],
)
def test_leaves_alone_what_leads_to_nobody(text: str) -> None:
    assert find_traces(text, ["Den Helder"]) == []


def test_names_all_in_the_order_of_the_text() -> None:
    found = find_traces("Op 3 mei belde J. Jansen (06-12345678) uit de Dorpsstraat 3.")
    assert [each.kind for each in found] == ["date", "person", "phone", "address"]
