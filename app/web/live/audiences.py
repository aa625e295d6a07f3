"""Telling open pages that what they show has changed: each only its own, and never what changed."""

from collections.abc import Collection
from hashlib import md5
from typing import Final
from uuid import UUID
from weakref import WeakSet

from app.kit.security.callers import Caller, Role
from app.kit.streams import Stream, event
from app.reference.lists import reference

CHANGED: Final = {"": event("changed", b"{}")}
"""What is told: that something is otherwise. The page asks what, with the rights of who looks at it."""


def audiences_of(caller: Caller) -> list[UUID]:
    """As whom a caller's pages are told of changes, by the names that the log of changes has (migration 0034).

    A provider as that provider, who oversees regions as each of them, others as their organisation. Who reads
    the plans of supraregions hears of these too (migrations 0048 and 0049): a region of those that it is in.
    """
    if caller.role is Role.PROVIDER:
        return [caller.own_provider]
    lists = reference()
    if caller.role is Role.REGION and caller.region is not None:
        region = lists.regions.get(caller.region)
        return [of_region(caller.region), *map(of_supraregion, region.supraregions if region else ())]
    if caller.role is Role.SUPRAREGION and caller.supraregion is not None:
        together = lists.supraregions.get(caller.supraregion)
        return [of_supraregion(caller.supraregion), *map(of_region, together.regions if together else ())]
    if caller.role in {Role.NATIONAL, Role.INSPECTORATE}:
        return [*map(of_region, lists.regions), *map(of_supraregion, lists.supraregions)]
    return [caller.organisation_id]


def of_region(code: str) -> UUID:
    """A region as the log of changes names it: its code as bytes, JZ03 is 4a5a3033-0000-…"""
    return UUID(bytes=code.encode().ljust(16, b"\0"))


def of_supraregion(code: str) -> UUID:
    """A supraregion as the log of changes names it: the MD5 of its code, which may be longer than sixteen bytes."""
    return UUID(bytes=md5(code.encode(), usedforsecurity=False).digest())


class Audiences:
    """The streams of this worker's pages, by whose they are; `tell` is what the follower calls."""

    def __init__(self) -> None:
        self._streams: dict[UUID, WeakSet[Stream]] = {}

    def open(self, audiences: Collection[UUID]) -> Stream:
        """A stream of what changes from now on for one of these."""
        stream = Stream()
        for each in audiences:
            self._streams.setdefault(each, WeakSet()).add(stream)
        return stream

    def tell(self, audiences: Collection[UUID] | None) -> None:
        """Tells the pages of these that something changed; with None all, where it is not known whose."""
        if not self._streams:
            return
        self._streams = {each: streams for each, streams in self._streams.items() if streams}
        for each in list(self._streams) if audiences is None else audiences:
            for stream in self._streams.get(each, ()):
                stream.put(CHANGED, "")
