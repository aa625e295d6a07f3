"""Ids (UUIDs, as HSDS asks) of objects that are rows of ours under another name, or no rows at all."""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:beschikbaarheidswijzer:hsds")
_VERSION_AND_VARIANT: Final = (0xF << 76) | (0x3 << 62)
_OTHER_BITS: Final = uuid5(_NAMESPACE, "service_at_location").int & ~_VERSION_AND_VARIANT


def derived_id(kind: str, *parts: object) -> UUID:
    """The id of an object of this kind that these parts tell from all others: the same at every time, everywhere."""
    return uuid5(_NAMESPACE, "/".join([kind, *map(str, parts)]))


def service_at_location_id(offer_id: UUID) -> UUID:
    """The id of an offer at its location, and the other way round.

    An offer has one location, so that its own id says which; some bits are turned, so that no two objects share an
    id, and turned back to find the offer without a table of ids.
    """
    return UUID(int=offer_id.int ^ _OTHER_BITS)
