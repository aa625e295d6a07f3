"""Whose figures are looked at: a region, and within it a municipality or a provider; the filters in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from pydantic import ConfigDict, Field

from app.kit.schemas import Schema
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference


class AreaForm(Schema):
    """The filters, by their names in the address; whatever else an address has is left alone."""

    model_config = ConfigDict(extra="ignore")

    regio: str = Field(default="", max_length=10)
    gemeente: str = Field(default="", max_length=10)
    aanbieder: str = Field(default="", max_length=40)

    def address(self, path: str, **other: str) -> str:
        """The address of these filters at a path, with some otherwise and without what is empty."""
        given = {name: value for name, value in {**self.model_dump(), **other}.items() if value}
        return f"{path}?{urlencode(given)}" if given else path


class Option(NamedTuple):
    """What can be chosen of a list."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can be; no regions for whoever has one, no municipalities and providers without a region."""

    regions: Sequence[Option]
    municipalities: Sequence[Option]
    providers: Sequence[Option]


def region_asked(form: AreaForm, caller: Caller) -> str | None:
    """The region that is asked of: to a region its own unless it says another; None for all that a caller sees."""
    return form.regio or (caller.region if caller.role is Role.REGION else None)


def choices_of(caller: Caller, region: str | None, providers: Sequence[Option] = ()) -> Choices:
    """What a caller can choose of, where it looks at a region or at all."""
    return Choices(_regions(caller), _municipalities(region), providers)


def name_of_area(caller: Caller, region: str | None) -> str:
    """What is looked at, in words: a region, a supraregion, or the country."""
    lists = reference()
    if region is not None:
        known = lists.regions.get(region)
        return known.name if known else region
    if caller.role is Role.SUPRAREGION:
        return lists.supraregions[caller.supraregion or ""].name
    return "Nederland"


def _regions(caller: Caller) -> list[Option]:
    lists = reference()
    if caller.role is Role.REGION:
        return []
    own = lists.supraregions[caller.supraregion or ""].regions if caller.role is Role.SUPRAREGION else lists.regions
    return sorted((Option(code, lists.regions[code].name) for code in own), key=lambda each: each.name)


def _municipalities(region: str | None) -> list[Option]:
    found = (Option(each.code, each.name) for each in reference().municipalities.values() if each.region == region)
    return sorted(found, key=lambda each: each.name)
