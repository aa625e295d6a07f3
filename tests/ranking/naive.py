"""The ranking once more, straight from the rules and on the JSON itself, to hold the product against.

Written for likeness to the prose and not for speed, and sharing no line with the product.
"""

import math
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import cmp_to_key
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

NAMES = ["delay", "choice", "wishes", "contract", "wait", "distance", "start", "age-of-report", "id"]
FRONT = {
    "timely-first": [],
    "choice-first": ["choice"],
    "soonest-first": ["start", "choice"],
    "nearest-first": ["delay", "distance", "choice"],
}
TALKED_ABOUT = {
    "not-contracted": "light-contract",
    "budget-ceiling": "ceiling-exception",
    "too-far": "longer-distance",
    "outside-service-area": "provider-consent",
    "age": "provider-consent",
    "declined-earlier": "ask-again",
}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def parsed(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def three_months_after(day: date) -> date:
    year, month = (day.year, day.month + 3) if day.month <= 9 else (day.year + 1, day.month - 9)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class Naive:
    def __init__(self, case: Json) -> None:
        self.case = case
        self.request = case["request"]
        self.child = self.request["child"]
        self.today = date.fromisoformat(case["today"])
        self.deadline = self.find_deadline()
        self.limit = sorted([self.deadline, self.today + timedelta(weeks=1)])[1]
        front = FRONT[case["policy"]]
        self.order = front + [name for name in NAMES if name not in front]

    def find_deadline(self) -> date:
        days = []
        if self.request["neededBy"]:
            days.append(date.fromisoformat(self.request["neededBy"]))
        if self.has_measure():
            days.append(three_months_after(date.fromisoformat(self.child["measure"]["imposedOn"])))
        return sorted(days)[0] if days else three_months_after(self.today)

    def has_measure(self) -> bool:
        return self.child["measure"] is not None and self.child["measure"]["type"] != "31"

    def choice(self, offer: Json) -> tuple[int, Json] | None:
        for number, choice in enumerate(self.request["choices"]):
            wanted = {
                "careType": choice["careType"],
                "id": choice["offerId"],
                "providerId": choice["providerId"],
            }
            if all(value is None or offer[name] == value for name, value in wanted.items()):
                return number + 1, choice
        return None

    def observed(self, offer: Json) -> date | None:
        if offer["capacity"] is None:
            return None
        return datetime.fromisoformat(offer["capacity"]["observedAt"]).astimezone(AMSTERDAM).date()

    def report_age(self, offer: Json) -> int | None:
        observed = self.observed(offer)
        return None if observed is None else (self.today - observed).days

    def declined(self, offer: Json) -> bool:
        for decline in self.request.get("declines", []):
            if decline["offerId"] != offer["id"]:
                continue
            day = date.fromisoformat(decline["declinedOn"])
            observed = self.observed(offer)
            reported_since = observed is not None and observed > day
            for_want_of_room = decline["reason"] in ("no-place", "staff-shortage")
            if self.today < day + timedelta(weeks=4) and not (for_want_of_room and reported_since):
                return True
        return False

    def start(self, offer: Json) -> date | None:
        report, age = offer["capacity"], self.report_age(offer)
        if age is None or age > 30:
            return None
        waits = [wait for wait in (report["waitDaysIntake"], report["waitDaysTreatment"]) if wait is not None]
        if waits:
            ready = self.today - timedelta(days=age) + timedelta(days=sum(waits))
            return self.today if ready < self.today else ready
        left = report["placesFree"] - report["waitingCount"]
        hours = offer.get("unit") == "hours-per-week"
        if left > 0 if hours else left >= self.request["places"]:
            return self.today
        next_free = parsed(report["nextFreeOn"])
        if not next_free or next_free < self.today - timedelta(days=age):
            return None
        if left >= 0 if hours else left + 1 >= self.request["places"]:
            return self.today if next_free < self.today else next_free
        return None

    def distance(self, offer: Json) -> float | None:
        if offer["atHome"]:
            return 0
        here, there = self.child["origin"], offer["location"]
        if not here or not there:
            return None
        # The chord between two points on the unit sphere, instead of the haversine.
        ends = []
        for place in (here, there):
            north, east = math.radians(place["latitude"]), math.radians(place["longitude"])
            ends.append((math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)))
        return 2 * 6371.0088 * math.asin(min(1, math.dist(*ends) / 2))

    def covering(self, offer: Json, on: date) -> list[Json]:
        return [
            contract
            for contract in offer["contracts"]
            if {self.child["municipality"], self.child["region"]} & {*contract["municipalities"], *contract["regions"]}
            and (contract["careTypes"] is None or offer["careType"] in contract["careTypes"])
            and contract["validFrom"] <= on.isoformat() <= (contract["validTo"] or "9999-12-31")
        ]

    def usable(self, contract: Json) -> bool:
        if not contract["ceilingReached"]:
            return True
        return bool(contract["ceilingExemptsMeasure"] and self.has_measure())

    def age(self, on: date) -> int:
        year, month = map(int, self.child["birthMonth"].split("-"))
        years = on.year - year - (on.month < month)
        return 0 if years < 0 else years

    def reasons(self, offer: Json, choice: Json) -> list[str]:
        reference = self.start(offer) or self.today
        covering = self.covering(offer, reference)
        age = self.age(reference)
        report = offer["capacity"] or {}
        distance, most = self.distance(offer), choice["maxDistanceKm"]
        stopped = [
            stop
            for stop in offer["stops"]
            for on in (self.today, reference)
            if stop["from"] <= on.isoformat() <= (stop["to"] or "9999-12-31")
        ]
        verdicts = {
            "not-contracted": covering == [],
            "budget-ceiling": covering != [] and not any(map(self.usable, covering)),
            "placement-stop": stopped != [],
            "closed-to-referrals": report.get("acceptsReferrals") is False,
            "age": age not in range(offer["ageMin"], offer["ageMax"] + 1),
            "gender": self.child["gender"] != "unknown" and offer["genders"].count(self.child["gender"]) == 0,
            "needs": any(need not in offer["specialisations"] for need in self.request["needs"]),
            "exclusion-criterion": any(
                trait in offer["exclusionCriteria"] for trait in self.request["characteristics"]
            ),
            "court-authorisation": offer["needsCourtAuthorisation"] > self.child["courtAuthorisation"],
            "outside-service-area": offer["serviceArea"] is not None
            and self.child["municipality"] not in offer["serviceArea"],
            "too-far": most is not None and distance is not None and distance > most,
            "too-few-places": offer.get("unit") != "hours-per-week"
            and report.get("placesTotal") in range(self.request["places"]),
            "declined-earlier": self.declined(offer),
        }
        return [reason for reason, out in verdicts.items() if out and reason not in self.excepted(offer)]

    def excepted(self, offer: Json) -> list[str]:
        granted: list[Json] = self.request.get("exceptions", [])
        return [each["reason"] for each in granted if each["offerId"] == offer["id"]]

    def factors(self, offer: Json, number: int) -> Json:
        start, distance, report_age = self.start(offer), self.distance(offer), self.report_age(offer)
        covering = self.covering(offer, start or self.today)
        lifted = "budget-ceiling" in self.excepted(offer)
        kinds = [contract["kind"] for contract in covering if lifted or self.usable(contract)] or [
            contract["kind"] for contract in covering
        ]
        ladder = ["regional", "supraregional", "national", "light"]
        late = 3
        if start is not None:
            late = 0
            while start > self.limit + timedelta(days=28 * late):
                late += 1
        return {
            "delay": late,
            "choice": number,
            "wishes": [wish in offer["specialisations"] for wish in self.request["wishes"]].count(False),
            "contract": min([ladder.index(kind) for kind in kinds], default=4),
            "wait": 3 if start is None else math.floor((start - self.today).days / 28),
            "distance": 9999 if distance is None else math.ceil(round(distance, 9)),
            "start": 9999 if start is None else (start - self.today).days,
            "age-of-report": 9999 if report_age is None else report_age,
            "id": offer["id"],
        }

    def compare(self, one: Json, other: Json) -> int:
        decider = self.decider(one, other)
        if decider is None:
            return 0
        return -1 if one["factors"][decider] < other["factors"][decider] else 1

    def decider(self, one: Json, other: Json) -> str | None:
        return next((name for name in self.order if one["factors"][name] != other["factors"][name]), None)

    def outcome(self) -> Json:
        standings = []
        for offer in self.case["offers"]:
            if (belongs := self.choice(offer)) is None:
                continue
            number, choice = belongs
            factors, reasons = self.factors(offer, number), self.reasons(offer, choice)
            standings.append({"offer": offer, "factors": factors, "reasons": reasons})
        standings.sort(key=cmp_to_key(self.compare))
        results = [standing for standing in standings if not standing["reasons"]]
        return {
            "deadline": self.deadline.isoformat(),
            "results": [
                {
                    "offerId": standing["offer"]["id"],
                    "decidedBy": self.decider(standing, following) if following else None,
                    "factors": {name: standing["factors"][name] for name in NAMES[:-1]},
                    "expectedStart": start.isoformat() if (start := self.start(standing["offer"])) else None,
                }
                for standing, following in zip(results, [*results[1:], None], strict=False)
            ],
            "excluded": sorted(
                [(standing["offer"]["id"], standing["reasons"]) for standing in standings if standing["reasons"]]
            ),
            "alternatives": [
                (standing["offer"]["id"], need) for standing in standings if (need := self.need(standing))
            ],
        }

    def need(self, standing: Json) -> str | None:
        if len(standing["reasons"]) != 1:
            return None
        (reason,) = standing["reasons"]
        offer = standing["offer"]
        if reason == "age":
            age = self.age(self.start(offer) or self.today)
            if age not in (offer["ageMin"] - 1, offer["ageMax"] + 1):
                return None
        return TALKED_ABOUT.get(reason)
