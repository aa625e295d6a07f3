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


def _table(title: str, *, wide: bool, reasons: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True, expand=True)
    table.add_column("Nr", justify="right", no_wrap=True)
    table.add_column("Keus", no_wrap=True)
    table.add_column("Aanbod en aanbieder", ratio=3, min_width=28)
    table.add_column("Start", no_wrap=True)
    table.add_column("Norm", no_wrap=True)
    table.add_column("Km", justify="right", no_wrap=True)
    table.add_column("Contract", no_wrap=True)
    if wide:
        table.add_column(reasons, ratio=4, min_width=40)
    return table


def _ranking(results: list[Answer], *, wide: bool) -> Table:
    table = _table("De ranglijst", wide=wide, reasons="Waarom op deze plaats")
    for result in results:
        contract = (result.get("contract") or {}).get("kind")
        why = Text(str(result.get("explanation", "")))
        for warning in result.get("warnings", []):
            why.append(f"\nLet op: {warning.get('detail', warning.get('code'))}", style="yellow")
        _add(table, result, str(result.get("rank", "")), _CONTRACTS.get(str(contract), "-"), why, wide=wide)
    return table


def _alternatives(alternatives: list[Answer], *, wide: bool) -> Table:
    table = _table("Wat zou kunnen, als het geregeld wordt", wide=wide, reasons="Wat te regelen, met wie")
    for number, alternative in enumerate(alternatives, 1):
        why = Text(str(alternative.get("explanation", "")))
        _add(table, alternative, str(number), _NEEDS.get(str(alternative.get("needs")), "-"), why, wide=wide)
    table.columns[6].header = "Nodig"
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
    start = item.get("expectedStart")
    distance = item.get("distanceKm")
    cells: list[str | Text] = [
        number,
        f"{item.get('choice')}e",
        name,
        _day(start) if start else "onbekend",
        _norm(item),
        "?" if distance is None else f"{distance:.0f}",
        contract,
    ]
    table.add_row(*cells, *([why] if wide else []))


def _norm(item: Answer) -> str:
    """Whether help is in time; an alternative does not say."""
    if item.get("expectedStart") is None:
        return "?"
    within = item.get("withinNorm")
    return "" if within is None else "ja" if within else "nee"


def _day(text: str) -> str:
    return f"{date.fromisoformat(text[:10]):%d-%m-%Y}"


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
