"""Whatever is decided, put right and reported, in whatever order: places add up to what really happened.

Hypothesis plays a provider with two offers and an institution with four children, two of whom may want a place
together. `real` is where each child is in truth, `recorded` what the service was told: somebody may record an arrival
the day after, or press the wrong button. The provider is honest: its reports count who is really there. So once all is
recorded as it is, the figures of the service are those of the truth, to the place.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, Literal

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.dates import dutch_day
from tests.conftest import NOW, SettableClock
from tests.dossiers.referrals.scene import decide, get, places, post_referral, referral_body, request_of
from tests.dossiers.referrals.test_corrections import correct
from tests.world import World

Json = dict[str, Any]
Where = Literal["asked", "promised", "there", "left", "out"]
Stay = tuple[str, str]
"""A child in a referral: the ids of the referral and of the child's request."""

TOTAL: Final = 3
CHILDREN: Final = st.integers(0, 3)
OFFERS: Final = st.integers(0, 1)
PICKS: Final = st.integers(0, 99)


def possible_with(*states: Where) -> Callable[[Any], Any]:
    """Only where there is a referral with a child that is so far."""
    return precondition(lambda machine: machine.pick(0, *states) is not None)


class Dossiers(RuleBasedStateMachine):
    """What two sides can do; what the service refuses (409) has not happened."""

    world: World
    clock: SettableClock
    wait: Callable[[Awaitable[Any]], Any]

    @initialize()
    def begin(self) -> None:
        self.clock.now = NOW
        self.offers = [self.wait(self.world.add_offer()) for _ in range(2)]
        for offer in self.offers:
            self.wait(self.world.add_contract(offer["providerId"]))
        self.requests = [self.wait(self.world.add_request()) for _ in range(4)]
        self.referrals: dict[str, Json] = {}
        self.covered: dict[str, list[str]] = {}
        self.real: dict[Stay, Where] = {}
        self.recorded: dict[Stay, Where] = {}
        self.since: dict[Stay, str] = {}
        self.displaced: dict[Stay, tuple[str, Where]] = {}
        for number in range(2):
            self.report(number)

    @property
    def today(self) -> str:
        return dutch_day(self.clock.now).isoformat()

    def done(self, sent: Awaitable[httpx.Response]) -> Json | None:
        """The answer; None where it was refused for how things stand. A minute passes."""
        answer: httpx.Response = self.wait(sent)
        self.clock.now += timedelta(minutes=1)
        assert answer.is_success or answer.status_code == 409, answer.text
        return answer.json() if answer.is_success else None

    def stays(self, referral_id: str, *states: Where) -> list[Stay]:
        """The children of a referral for whom it is recorded as one of these."""
        own = [stay for stay in self.recorded if stay[0] == referral_id]
        return [stay for stay in own if self.recorded[stay] in states]

    def become(self, stays: list[Stay], where: Where) -> None:
        for stay in stays:
            self.real[stay] = self.recorded[stay] = where

    def pick(self, number: int, *states: Where) -> Any:
        """The id of a referral with a child that is so far, and nothing about its children that is still to be said."""
        found = [each for each in self.referrals if self.stays(each, *states) and not self.is_behind(each)]
        return found[number % len(found)] if found else None

    def is_behind(self, referral_id: str) -> bool:
        """Whether the truth of one of its children is not yet recorded, here or in another referral."""
        children = self.covered[referral_id]
        return any(self.real[stay] != self.recorded[stay] for stay in self.real if stay[1] in children)

    def offer_of(self, referral_id: str) -> Json:
        return next(each for each in self.offers if each["id"] == self.referrals[referral_id]["offerId"])

    # --- the institution ---

    @rule(child=CHILDREN, offer=OFFERS, bridging=st.booleans())
    def refer(self, child: int, offer: int, bridging: bool) -> None:
        body = referral_body(self.offers[offer], standsFor="bridging" if bridging else 1)
        if (made := self.done(post_referral(self.world, self.requests[child], body))) is None:
            return
        self.referrals[made["id"]] = made
        covered = {each["requestId"] for each in made["children"]}
        self.covered[made["id"]] = [each["id"] for each in self.requests if each["id"] in covered]
        self.become([(made["id"], each) for each in self.covered[made["id"]]], "asked")

    @possible_with("asked", "promised")
    @rule(number=PICKS, alone=st.booleans())
    def withdraw(self, number: int, alone: bool) -> None:
        referral_id = self.pick(number, "asked", "promised")
        stays = self.stays(referral_id, "asked", "promised")
        stays = stays[:1] if alone else stays
        only: Json = {"only": [stay[1] for stay in stays]} if alone else {}
        if self.done(decide(self.world, self.referrals[referral_id], "withdraw", **only)):
            self.become(stays, "out")

    @possible_with("promised")
    @rule(number=PICKS, mistaken=st.booleans())
    def start(self, number: int, mistaken: bool) -> None:
        """A child comes, and that is recorded at once; or it does not come, and somebody presses the button."""
        referral_id = self.pick(number, "promised")
        stays = self.stays(referral_id, "promised")
        if self.done(decide(self.world, self.referrals[referral_id], "start", date=self.today)):
            self._started(referral_id, stays, self.today)
            if mistaken:
                self.real.update(dict.fromkeys(stays, "promised"))

    def _started(self, referral_id: str, stays: list[Stay], on: str) -> None:
        self.become(stays, "there")
        self.since.update(dict.fromkeys(stays, on))
        if self.referrals[referral_id]["standsFor"] == "bridging":
            return
        children = {stay[1] for stay in stays}
        for other, where in self.recorded.items():
            if other[0] != referral_id and other[1] in children and where in {"asked", "promised"}:
                self.displaced[other] = (referral_id, where)
        self.become([other for other, (by, _) in self.displaced.items() if by == referral_id], "out")

    @precondition(lambda self: self.mistaken())
    @rule(number=PICKS)
    def take_a_mistaken_start_back(self, number: int) -> None:
        mistaken = self.mistaken()
        referral_id = mistaken[number % len(mistaken)]
        stays = self.stays(referral_id, "there")
        answer = self.done(correct(self.world, self.referrals[referral_id], "start"))
        if answer is None:
            return
        self.become(stays, "promised")
        for other, (by, where) in list(self.displaced.items()):
            if by == referral_id:
                del self.displaced[other]
                if other[0] in answer["restored"]:
                    self.become([other], where)

    def mistaken(self) -> list[str]:
        """The referrals whose help is said to have started, while the child never came."""
        return sorted(
            {stay[0] for stay in self.real if (self.real[stay], self.recorded[stay]) == ("promised", "there")}
        )

    @possible_with("asked", "promised")
    @rule(number=PICKS)
    def arrive(self, number: int) -> None:
        """A child comes, perhaps before anybody accepted it; nobody has said so yet."""
        stays = self.stays(self.pick(number, "asked", "promised"), "asked", "promised")
        self.real.update(dict.fromkeys(stays, "there"))
        self.since.update(dict.fromkeys(stays, self.today))

    @possible_with("there")
    @rule(number=PICKS)
    def leave(self, number: int) -> None:
        """A child goes; nobody has said so yet."""
        stays = self.stays(self.pick(number, "there"), "there")
        self.real.update(dict.fromkeys(stays, "left"))
        self.since.update(dict.fromkeys(stays, self.today))

    @precondition(lambda self: self.late())
    @rule(number=PICKS)
    def record(self, number: int) -> None:
        """What happened is said, with the day on which it did; of a child that came unaccepted that first."""
        late = sorted(
            {stay[0] for stay in self.real if self.real[stay] in {"there", "left"} and not self._is_said(stay)}
        )
        if not late:
            return
        referral_id = late[number % len(late)]
        referral = self.referrals[referral_id]
        if asked := self.stays(referral_id, "asked"):
            if self.done(decide(self.world, referral, "accept")):
                self.recorded.update(dict.fromkeys(asked, "promised"))
            return
        came = self.stays(referral_id, "promised")
        stays = came or self.stays(referral_id, "there")
        on = self.since[stays[0]]
        if self.done(decide(self.world, referral, "start" if came else "end", date=on)) is None:
            return
        if came:
            self._started(referral_id, stays, on)
        else:
            self.become(stays, "left")

    def late(self) -> list[str]:
        """The referrals of children who came or left, which nobody has said yet."""
        unsaid = [stay for stay in self.real if not self._is_said(stay)]
        return list(dict.fromkeys(stay[0] for stay in unsaid if self.real[stay] in {"there", "left"}))

    def _is_said(self, stay: Stay) -> bool:
        return self.real[stay] == self.recorded[stay]

    @rule(child=st.integers(0, 1), together=st.booleans())
    def group(self, child: int, together: bool) -> None:
        """One of two children joins the sibling group, or leaves it."""
        request = self.requests[child]
        body = {"siblingGroup": f"gezin-{self.requests[0]['childReference']}" if together else None}
        headers = self.world.gi | {"If-Match": "*"}
        self.done(self.world.http.patch(f"/v1/requests/{request['id']}", json=body, headers=headers))

    # --- the provider ---

    @possible_with("asked")
    @rule(number=PICKS)
    def accept(self, number: int) -> None:
        referral_id = self.pick(number, "asked")
        if self.done(decide(self.world, self.referrals[referral_id], "accept")):
            self.become(self.stays(referral_id, "asked"), "promised")

    @possible_with("asked", "promised")
    @rule(number=PICKS)
    def decline(self, number: int) -> None:
        referral_id = self.pick(number, "asked", "promised")
        if self.done(decide(self.world, self.referrals[referral_id], "decline")):
            self.become(self.stays(referral_id, "asked", "promised"), "out")

    @rule(offer=OFFERS)
    def report(self, offer: int) -> None:
        """Who is there and who is promised a place; not on a day of which something has yet to be recorded."""
        own = [stay for stay in self.real if self.offer_of(stay[0]) is self.offers[offer]]
        if any(not self._is_said(stay) and self.since.get(stay) == self.today for stay in own):
            return
        there, promised = self._count(own, "there"), self._count(own, "promised")
        body = {"placesTotal": TOTAL, "placesOccupied": there, "placesReserved": promised}
        self.wait(self.world.report(self.offers[offer], **body, placesFree=TOTAL - there - promised))
        self.clock.now += timedelta(minutes=1)

    def _count(self, stays: list[Stay], where: Where) -> int:
        return sum(self.real[stay] == where for stay in stays)

    @rule(hours=st.integers(1, 30))
    def pass_time(self, hours: int) -> None:
        self.clock.now += timedelta(hours=hours)

    @rule()
    def report_next_morning(self) -> None:
        self.clock.now += timedelta(days=1)
        for number in range(2):
            self.report(number)

    # --- what always holds ---

    @invariant()
    def places_add_up(self) -> None:
        for offer in getattr(self, "offers", []):
            occupied, reserved, free = self.wait(places(self.world, offer))
            assert min(occupied, reserved, free) >= 0
            assert occupied + reserved + free <= TOTAL
            own = [stay for stay in self.real if self.offer_of(stay[0]) is offer]
            if all(self._is_said(stay) for stay in own):
                there, promised = self._count(own, "there"), self._count(own, "promised")
                assert (occupied, reserved, free) == (there, promised, TOTAL - there - promised)

    def teardown(self) -> None:
        for referral_id, covered in getattr(self, "covered", {}).items():
            shown = self.wait(get(self.world, self.referrals[referral_id]))
            assert {each["requestId"] for each in shown["children"]} == set(covered), (
                "a referral is for whom it was sent for"
            )
        for request in getattr(self, "requests", []):
            is_helped = any(
                child == request["id"]
                and where in {"there", "left"}
                and self.referrals[referral_id]["standsFor"] != "bridging"
                for (referral_id, child), where in self.recorded.items()
            )
            assert (self.wait(request_of(self.world, request))["status"] == "helped") is is_helped


async def test_places_add_up_to_what_really_happened(world: World, clock: SettableClock) -> None:
    loop = asyncio.get_running_loop()

    def wait(sent: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_awaited(sent), loop).result()

    machine = type("Played", (Dossiers,), {"world": world, "clock": clock, "wait": staticmethod(wait)})
    played = settings(max_examples=12, stateful_step_count=40, suppress_health_check=list(HealthCheck))
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=played)


async def _awaited(sent: Awaitable[Any]) -> Any:
    return await sent
