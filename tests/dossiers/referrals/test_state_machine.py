"""Whatever is decided, put right and reported, in whatever order: places add up to what really happened.

Hypothesis plays a provider with two offers and two institutions with four children, two of whom may want a place
together; dossiers go from one institution to the other. `real` is where each child is in truth, `recorded` what the
service was told: somebody may record an arrival the day after, or press the wrong button. The provider is honest: its
reports count who is really there. So once all is recorded as it is, the figures of the service are those of the truth,
to the place.
"""

import asyncio
import json
from collections import Counter, defaultdict
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
from tests.dossiers.referrals.scene import decide, items, post_referral, referral_body
from tests.dossiers.referrals.test_corrections import correct
from tests.dossiers.transfers.scene import Institution, add_institution, propose
from tests.dossiers.transfers.scene import decide as decide_transfer
from tests.fuzz_budget import budget
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
        self.institutions = [self.wait(add_institution(self.world, name=f"GI {name}")) for name in "AB"]
        first = self.institutions[0]
        self.requests = [self.wait(self.world.add_request(first.headers)) for _ in range(4)]
        self.owner: dict[str, Institution] = {each["id"]: first for each in self.requests}
        self.group_of: dict[str, str | None] = {each["id"]: None for each in self.requests}
        self.referrals: dict[str, Json] = {}
        self.covered: dict[str, list[str]] = {}
        self.real: dict[Stay, Where] = {}
        self.recorded: dict[Stay, Where] = {}
        self.since: dict[Stay, str] = {}
        self.displaced: dict[Stay, tuple[str, Where]] = {}
        self.answers: dict[str, tuple[str, list[Stay], Where]] = {}
        self.said: dict[str, Counter[str]] = defaultdict(Counter)
        self.versions: dict[str, dict[str, Json]] = defaultdict(dict)
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
        if answer.is_success:
            self.note(answer.request)
        return answer.json() if answer.is_success else None

    def note(self, request: httpx.Request) -> None:
        """A decision or a correction of a referral was taken in: it has to be in its history."""
        *_, referral_id, what = request.url.path.split("/")
        if what == "decisions":
            self.said[referral_id][json.loads(request.content)["decision"]] += 1
        elif what == "corrections":
            self.said[referral_id]["correct"] += 1

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
        return any(self.is_unsaid(child) for child in self.covered[referral_id])

    def headers(self, referral_id: str) -> dict[str, str]:
        """Headers of the institution that has the children of a referral now."""
        stays = self.stays(referral_id, "asked", "promised", "there") or self.stays(referral_id, "left", "out")
        return self.owner[stays[0][1]].headers

    def offer_of(self, referral_id: str) -> Json:
        return next(each for each in self.offers if each["id"] == self.referrals[referral_id]["offerId"])

    # --- the institution ---

    @rule(child=CHILDREN, offer=OFFERS, bridging=st.booleans())
    def refer(self, child: int, offer: int, bridging: bool) -> None:
        body = referral_body(self.offers[offer], standsFor="bridging" if bridging else 1)
        request = self.requests[child]
        sent = post_referral(self.world, request, body, self.owner[request["id"]].headers)
        if (made := self.done(sent)) is None:
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
        self.answer(referral_id, "withdraw", stays, "out", **only)

    @possible_with("promised")
    @rule(number=PICKS, mistaken=st.booleans())
    def start(self, number: int, mistaken: bool) -> None:
        """A child comes, and that is recorded at once; or it does not come, and somebody presses the button."""
        referral_id = self.pick(number, "promised")
        stays = self.stays(referral_id, "promised")
        if self.done(
            decide(self.world, self.referrals[referral_id], "start", self.headers(referral_id), date=self.today)
        ):
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
        headers = self.headers(referral_id)
        answer = self.done(correct(self.world, self.referrals[referral_id], "start", headers=headers))
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
        mistaken = [stay for stay in self.real if (self.real[stay], self.recorded[stay]) == ("promised", "there")]
        return list(dict.fromkeys(stay[0] for stay in mistaken))

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

    @possible_with("promised", "out")
    @rule(number=PICKS)
    def take_an_answer_back(self, number: int) -> None:
        """An acceptance, a refusal or a withdrawal is taken back, and the places that it moved with it."""
        referral_id = self.pick(number, "promised", "out")
        what, stays, before = self.answers.get(referral_id, ("", [], "asked"))
        after = "promised" if what == "accept" else "out"
        if not what or any(self.recorded[stay] != after for stay in stays):
            return
        only: Json = {"only": [stay[1] for stay in stays]} if what == "withdraw" else {}
        headers = self.headers(referral_id) if what == "withdraw" else None
        if self.done(correct(self.world, self.referrals[referral_id], what, headers=headers, **only)):
            del self.answers[referral_id]
            self.become(stays, before)

    @precondition(lambda self: self.late())
    @rule(number=PICKS)
    def record(self, number: int) -> None:
        """What happened is said, with the day on which it did; of a child that came unaccepted that first."""
        late = self.late()
        referral_id = late[number % len(late)]
        referral = self.referrals[referral_id]
        if asked := self.stays(referral_id, "asked"):
            if self.done(decide(self.world, referral, "accept")):
                self.recorded.update(dict.fromkeys(asked, "promised"))
            return
        came = self.stays(referral_id, "promised")
        stays = came or self.stays(referral_id, "there")
        on = self.since[stays[0]]
        said = decide(self.world, referral, "start" if came else "end", self.headers(referral_id), date=on)
        if self.done(said) is None:
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
        headers = self.owner[request["id"]].headers | {"If-Match": "*"}
        if self.done(self.world.http.patch(f"/v1/requests/{request['id']}", json=body, headers=headers)):
            self.group_of[request["id"]] = body["siblingGroup"]

    @rule(child=CHILDREN)
    def hand_over(self, child: int) -> None:
        """A dossier goes to the other institution, with those of siblings; what it refuses stays where it was."""
        request = self.requests[child]
        sender, group = self.owner[request["id"]], self.group_of[request["id"]]
        receiver = next(each for each in self.institutions if each != sender)
        siblings = [
            each
            for each in self.owner
            if each != request["id"]
            and group is not None
            and (self.group_of[each], self.owner[each]) == (group, sender)
        ]
        transfer = self.done(propose(self.world, request, receiver.id, sender.headers, siblings))
        if transfer is None:
            return
        if self.done(decide_transfer(self.world, transfer, "accept", receiver.headers)) is None:
            self.done(decide_transfer(self.world, transfer, "withdraw", sender.headers))
            return
        for each in [request["id"], *siblings]:
            self.owner[each] = receiver
            self.group_of[each] = f"{group}/{transfer['id']}" if siblings else None

    @possible_with("asked", "promised")
    @rule(number=PICKS, child=st.integers(0, 1))
    def widen(self, number: int, child: int) -> None:
        """A sibling joins a referral, where both sides agree."""
        referral_id, joins = self.pick(number, "asked", "promised"), self.requests[child]["id"]
        stays = self.stays(referral_id, "asked", "promised")
        if any(stay[1] == joins for stay in stays) or self.is_unsaid(joins):
            return
        body = {"children": [*(stay[1] for stay in stays), joins], "why": "Samen."}
        path, headers = f"/v1/referrals/{referral_id}/amendments", self.headers(referral_id)
        proposed = self.wait(self.world.http.post(path, json=body, headers=headers))
        assert proposed.status_code in {201, 400, 409}, proposed.text
        if proposed.status_code != 201:
            return
        own = self.world.provider(self.referrals[referral_id]["providerId"])
        path += f"/{proposed.json()['number']}/decisions"
        if self.done(self.world.http.post(path, json={"decision": "agree"}, headers=own)) is None:
            self.done(self.world.http.post(path, json={"decision": "withdraw"}, headers=headers))
            return
        if joins not in self.covered[referral_id]:
            self.covered[referral_id].append(joins)
        self.become([(referral_id, joins)], self.recorded[stays[0]])

    def is_unsaid(self, request_id: str) -> bool:
        """Whether something of a child has yet to be recorded."""
        return any(self.real[stay] != self.recorded[stay] for stay in self.real if stay[1] == request_id)

    # --- the provider ---

    @possible_with("asked")
    @rule(number=PICKS)
    def accept(self, number: int) -> None:
        referral_id = self.pick(number, "asked")
        self.answer(referral_id, "accept", self.stays(referral_id, "asked"), "promised")

    @possible_with("asked", "promised")
    @rule(number=PICKS)
    def decline(self, number: int) -> None:
        referral_id = self.pick(number, "asked", "promised")
        self.answer(referral_id, "decline", self.stays(referral_id, "asked", "promised"), "out")

    def answer(self, referral_id: str, what: str, stays: list[Stay], where: Where, **said: Any) -> None:
        """A decision that can be taken back, on the version that stands, and what it makes of these children."""
        before, stands = self.recorded[stays[0]], self.shown(referral_id)
        referral, path = self.referrals[referral_id], f"/v1/referrals/{referral_id}"
        headers = self.headers(referral_id) if what == "withdraw" else self.world.provider(referral["providerId"])
        versions = list(self.versions[path])
        if older := [each for each in versions if each.partition(".")[0] != versions[-1].partition(".")[0]]:
            refused = self.wait(decide(self.world, referral, what, headers | {"If-Match": older[-1]}, **said))
            assert refused.status_code == 412, "decided on what does not stand any more"
            assert self.shown(referral_id) == stands
        if self.done(decide(self.world, referral, what, headers | {"If-Match": versions[-1]}, **said)):
            self.become(stays, where)
            self.answers[referral_id] = (what, stays, before)

    @rule(offer=OFFERS)
    def report(self, offer: int) -> None:
        """Who is there and who is promised a place; not on a day of which something has yet to be recorded.

        Nor while more came, or were promised a place, than there are places: that cannot be reported.
        """
        own = [stay for stay in self.real if self.offer_of(stay[0]) is self.offers[offer]]
        if any(not self._is_said(stay) and self.since.get(stay) == self.today for stay in own):
            return
        there, promised = self._count(own, "there"), self._count(own, "promised")
        if there + promised > TOTAL:
            return
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

    def shown(self, referral_id: str) -> Json:
        """A referral as its provider sees it."""
        own = self.world.provider(self.referrals[referral_id]["providerId"])
        return self.versioned(f"/v1/referrals/{referral_id}", own)

    # --- what always holds ---

    @invariant()
    def places_add_up(self) -> None:
        for offer in getattr(self, "offers", []):
            stands = self.stands(offer)
            occupied, reserved, free = (stands[name] for name in ("placesOccupied", "placesReserved", "placesFree"))
            assert min(occupied, reserved, free) >= 0
            assert occupied + reserved + free <= TOTAL
            own = [stay for stay in self.real if self.offer_of(stay[0]) is offer]
            if all(self._is_said(stay) for stay in own):
                there, promised = self._count(own, "there"), self._count(own, "promised")
                assert (occupied, reserved, free) == (there, promised, TOTAL - there - promised)

    def stands(self, offer: Json) -> Json:
        """The capacity of an offer."""
        return self.versioned(f"/v1/offers/{offer['id']}/capacity", self.world.gi)

    def versioned(self, path: str, headers: dict[str, str]) -> Json:
        """What stands at a path. Its version moves on with it, and never comes back."""
        answer: httpx.Response = self.wait(self.world.http.get(path, headers=headers))
        content, versions = answer.json(), self.versions[path]
        version = answer.headers["ETag"]
        if version in versions:
            assert version == list(versions)[-1], "an older version stands again"
            assert versions[version] == content, "it changed, and its version did not"
        versions[version] = content
        return dict(content)

    def teardown(self) -> None:
        self.histories_add_up()
        for referral_id, covered in getattr(self, "covered", {}).items():
            answers = [self.wait(self._read(referral_id, each)) for each in self.institutions]
            [shown] = [each.json() for each in answers if each.is_success]
            children = [each["requestId"] for each in shown["children"]]
            assert len(children) == len(covered), "it is for whom it was sent for"
            assert set(children) <= {*covered, None}, "a child that is elsewhere now is not named"
        for request in getattr(self, "requests", []):
            is_helped = any(
                child == request["id"]
                and where in {"there", "left"}
                and self.referrals[referral_id]["standsFor"] != "bridging"
                for (referral_id, child), where in self.recorded.items()
            )
            path, headers = f"/v1/requests/{request['id']}", self.owner[request["id"]].headers
            shown = self.wait(self.world.ok(self.world.http.get(path, headers=headers)))
            assert (shown["status"] == "helped") is is_helped

    def histories_add_up(self) -> None:
        """What was decided and put right is in the history, each once; so is each report of places."""
        for offer in getattr(self, "offers", []):
            kept = self.wait(items(self.world, f"/v1/offers/{offer['id']}/capacity-history?limit=200", self.world.gi))
            newest = max(kept, key=lambda each: each["receivedAt"])
            figures = ("placesOccupied", "placesReserved", "placesFree")
            assert [newest[name] for name in figures] == [self.stands(offer)[name] for name in figures]
        for referral_id, said in getattr(self, "said", {}).items():
            if referral_id not in self.referrals:
                continue
            path = f"/v1/referrals/{referral_id}/history?limit=200"
            own = self.world.provider(self.referrals[referral_id]["providerId"])
            kept = self.wait(items(self.world, path, own))
            codes = Counter(each["decision"] for each in kept if each["actor"] != "service")
            assert {code: codes[code] for code in said} == said

    async def _read(self, referral_id: str, by: Institution) -> httpx.Response:
        return await self.world.http.get(f"/v1/referrals/{referral_id}", headers=by.headers)


async def test_places_add_up_to_what_really_happened(committing_world: World, clock: SettableClock) -> None:
    loop = asyncio.get_running_loop()

    def wait(sent: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_awaited(sent), loop).result()

    machine = type("Played", (Dossiers,), {"world": committing_world, "clock": clock, "wait": staticmethod(wait)})
    played = settings(max_examples=12, stateful_step_count=40, suppress_health_check=list(HealthCheck))
    for _ in budget():
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=played)


async def _awaited(sent: Awaitable[Any]) -> Any:
    return await sent
