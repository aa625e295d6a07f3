"""The main job, shown over the service's own HTTP API: a provider publishes, and a GI gets a ranked list."""

from datetime import date, timedelta
from types import TracebackType
from typing import Any, Final, Self

import httpx
from rich.console import Console
from rich.text import Text

from app.demo.clients import SECRET
from scripts.local.errors import StartError
from scripts.local.ranked_list import in_words, print_answer

_SHOWN: Final = 10
_OWN_TYPE: Final = "gezinshuis"
_MUNICIPALITY: Final = "GM0400"


class TourError(StartError):
    """The service answered something else than was asked for."""


class Visitor:
    """A client of the API, with a token of its own."""

    def __init__(self, url: str, client_id: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/v1", timeout=30, headers={"Accept-Language": "nl"}, trust_env=False)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": SECRET}
        token = self._ask("POST", "/oauth/token", data=form)["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._http.close()

    def get(self, path: str, **query: str | int) -> Any:
        """The answer of a GET."""
        return self._ask("GET", path, params=query)

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """The answer of a PUT."""
        return self._ask("PUT", path, json=body)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The answer of a POST."""
        return self._ask("POST", path, json=body)

    def _ask(self, method: str, path: str, **parts: Any) -> Any:
        """The answer; `TourError` with the problem's own words where it is not one of success."""
        try:
            answer = self._http.request(method, path, **parts)
        except httpx.HTTPError as error:
            raise TourError(f"{method} /v1{path}: no answer ({error or type(error).__name__})") from error
        if answer.is_success:
            return answer.json()
        raise TourError(f"{method} /v1{path}: {answer.status_code} {_problem(answer)}")


def _problem(answer: httpx.Response) -> str:
    """The words of a problem (RFC 9457), or else the answer's own."""
    try:
        problem = answer.json()
    except ValueError:
        return answer.text[:500]
    errors = [f"\n  {each.get('pointer')}: {each.get('detail')}" for each in problem.get("errors", [])]
    return f"{problem.get('title', '')}. {problem.get('detail', '')}{''.join(errors)}"


def show_main_job(url: str, console: Console, today: date) -> None:
    """A provider publishes a free place, a GI asks for a child, and the ranked list is printed."""
    with Visitor(url, "demo-provider") as provider:
        _publish(provider, console)
    request = _request(today)
    _print_request(console, request)
    with Visitor(url, "demo-gi") as gi:
        answer = gi.post("/matches", request)
    console.print(f"   Antwoord van POST /v1/matches; de norm is hulp uiterlijk op {in_words(answer['deadline'])}.")
    console.print()
    print_answer(console, answer)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold cyan"))


def _publish(provider: Visitor, console: Console) -> None:
    """Reports one free place at the provider's own gezinshuis."""
    me = provider.get("/me")
    offers = provider.get(f"/providers/{me['providerId']}/offers")["items"]
    possible = [offer for offer in offers if offer["careType"] == _OWN_TYPE]
    if not possible:
        raise TourError(f"demo-provider has no offer of care type {_OWN_TYPE} (any more)")
    own = min(possible, key=lambda offer: (offer.get("location") or {}).get("municipality") != _MUNICIPALITY)
    path = f"/offers/{own['id']}/capacity"
    total = provider.get(path).get("placesTotal") or 4
    figures = {
        "placesTotal": total,
        "placesOccupied": total - 1,
        "placesReserved": 0,
        "placesFree": 1,
        "waitingCount": 0,
        "acceptsReferrals": True,
    }
    standing = provider.put(path, figures)
    _heading(console, "1. De aanbieder meldt een vrije plek (demo-provider)")
    console.print(f"   {own['name']}, van {own.get('providerName', me.get('organisation', ''))}")
    console.print(
        f"   PUT /v1/offers/…/capacity: {standing['placesFree']} van {standing['placesTotal']} plekken vrij, "
        f"{standing['placesOccupied']} bezet, wachtlijst {standing['waitingCount']}; gezien {standing['observedAt']}"
    )


def _request(today: date) -> dict[str, Any]:
    """A made-up child of eleven in Den Helder with a measure of six weeks ago, and three choices."""
    return {
        "child": {
            "birthMonth": f"{today.year - 12}-12",
            "gender": "female",
            "municipality": _MUNICIPALITY,
            "postcode": "1781",
            "measure": {"type": "21", "imposedOn": (today - timedelta(days=42)).isoformat()},
            "courtAuthorisation": False,
        },
        "choices": [
            {"careType": _OWN_TYPE, "maxDistanceKm": 60},
            {"careType": "kleinschalige-woonvorm", "maxDistanceKm": 60},
            {"careType": "intensieve-ambulante-gezinsbehandeling"},
        ],
        "wishes": ["trauma"],
        "limit": _SHOWN,
    }


def _print_request(console: Console, request: dict[str, Any]) -> None:
    child = request["child"]
    _heading(console, "2. De GI vraagt plekken voor een kind met een maatregel (demo-gi)")
    console.print(
        f"   Geboren {child['birthMonth']}, postcode {child['postcode']}, gemeente {child['municipality']}; "
        f"maatregel van {in_words(child['measure']['imposedOn'])}"
    )
    for number, choice in enumerate(request["choices"], 1):
        limit = f", hoogstens {choice['maxDistanceKm']} km ver" if "maxDistanceKm" in choice else ""
        console.print(f"   {number}e keus: {choice['careType']}{limit}")
    console.print(f"   Liefst met: {', '.join(request['wishes'])}")
    _heading(console, "3. De ranglijst: een advies, de jeugdbeschermer beslist")
