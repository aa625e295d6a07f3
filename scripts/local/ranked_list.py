"""The answer of POST /v1/matches as a person reads it in a terminal: a table, in Dutch, that fits its width."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.domain.language import date_in_words

_CONTRACTS: Final = {
    "regional": "regionaal",
    "supraregional": "bovenregionaal",
    "national": "landelijk",
    "light": "licht",
}
_WIDE: Final = 132
"""From this many columns the reasons have a column of their own."""

_ALTERNATIVES: Final = 5

Answer = Mapping[str, Any]


def print_answer(console: Console, answer: Answer) -> None:
    """The ranking, what was left out, and what could be arranged."""
    results = answer.get("results", [])
    console.print(_ranking(results, wide=console.width >= _WIDE) if results else "Geen enkel aanbod past.")
    _print_excluded(console, answer.get("excluded", {}))
    alternatives = answer.get("alternatives", [])
    if alternatives:
        console.print()
        console.print(_alternatives(alternatives[:_ALTERNATIVES], wide=console.width >= _WIDE))


def _table(title: str, last: str, reasons: str, *, wide: bool) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True, expand=True)
    table.add_column("Nr", justify="right", no_wrap=True)
    table.add_column("Keus", no_wrap=True)
    table.add_column("Aanbod en aanbieder", ratio=3, min_width=28)
    table.add_column("Start", no_wrap=True)
    table.add_column("Km", justify="right", no_wrap=True)
    table.add_column(last, no_wrap=True)
    if wide:
        table.add_column(reasons, ratio=4, min_width=40)
    return table


def _ranking(results: list[Answer], *, wide: bool) -> Table:
    table = _table("De ranglijst", "Contract", "Waarom op deze plaats", wide=wide)
    for result in results:
        contract = (result.get("contract") or {}).get("kind")
        why = Text(str(result.get("explanation", "")))
        for warning in result.get("warnings", []):
            why.append(f"\nLet op: {warning.get('detail', warning.get('code'))}", style="yellow")
        _add(table, result, str(result.get("rank", "")), _CONTRACTS.get(str(contract), "-"), why, wide=wide)
    return table


def _alternatives(alternatives: list[Answer], *, wide: bool) -> Table:
    table = _table("Wat zou kunnen, als het geregeld wordt", "Nodig", "Wat te regelen, en met wie", wide=wide)
    for number, alternative in enumerate(alternatives, 1):
        why = Text(str(alternative.get("explanation", "")))
        _add(table, alternative, str(number), _NEEDS.get(str(alternative.get("needs")), "-"), why, wide=wide)
    return table


_NEEDS: Final = {
    "light-contract": "licht contract",
    "ceiling-exception": "uitzondering",
    "longer-distance": "verder weg",
    "provider-consent": "instemming",
}


def _add(table: Table, item: Answer, number: str, contract: str, why: Text, *, wide: bool) -> None:
    name = Text(str(item["offer"].get("name")), style="bold")
    name.append(f"\n{item['provider'].get('name')}", style="not bold")
    if not wide:
        name.append("\n").append(why)
    distance = item.get("distanceKm")
    cells: list[str | Text] = [
        number,
        f"{item.get('choice')}e",
        name,
        _start(item),
        "?" if distance is None else f"{distance:.0f}",
        contract,
    ]
    table.add_row(*cells, *([why] if wide else []))


def _start(item: Answer) -> Text:
    """The expected start, and whether that is in time; an alternative does not say so."""
    start = item.get("expectedStart")
    if start is None:
        return Text("onbekend")
    text = Text(f"{date.fromisoformat(start[:10]):%d-%m-%Y}")
    match item.get("withinNorm"):
        case True:
            text.append("\nop tijd", style="green")
        case False:
            text.append("\nte laat", style="red")
    return text


def _print_excluded(console: Console, excluded: Answer) -> None:
    """How many offers were left out; one may be counted under several reasons."""
    console.print()
    console.print(
        Text(f"Niet in de lijst: {excluded.get('total', 0)} keer aanbod, om een of meer redenen", style="bold")
    )
    for each in excluded.get("byReason", []):
        console.print(f"  {each.get('count'):>4}  {each.get('detail', each.get('reason'))}")


def in_words(text: str) -> str:
    """An ISO date as people write it."""
    return date_in_words(date.fromisoformat(text[:10])).nl
