"""What to use instead of a municipality that is no more, or of a municipality's name."""

from functools import cache
from typing import Final

from app.domain.language import Text, listed, same
from app.reference.lists import MergedMunicipality, reference

_NO_MORE: Final = Text(
    nl="De gemeente {name} ({code}) is in {since} opgegaan in {successors}; gebruik {use}.",
    en="The municipality {name} ({code}) became part of {successors} in {since}; use {use}.",
)
_THAT_CODE: Final = Text(nl="die code", en="that code")
_WHERE_IT_LIES: Final = Text(
    nl="de code van de gemeente waarin het adres nu ligt", en="the code of the municipality that the address is in now"
)
_BY_CODE: Final = Text(nl="{name} heeft de code {code}; gebruik die.", en="{name} has the code {code}; use that.")


def instead_of(given: str) -> Text | None:
    """What to use instead of this code or name, in words; None where it is neither of one that was nor of one that is.

    >>> instead_of("GM1927").nl
    'De gemeente Molenwaard (GM1927) is in 2019 opgegaan in Molenlanden (GM1978); gebruik die code.'
    """
    former = reference().merged_municipalities.get(given) or _former_by_name().get(given.casefold())
    if former is not None:
        return _told(former)
    code = _by_name().get(given.casefold())
    return None if code is None else _BY_CODE.format(name=reference().municipalities[code].name, code=code)


def _told(former: MergedMunicipality) -> Text:
    names = [same(f"{reference().municipalities[code].name} ({code})") for code in former.successors]
    use = _THAT_CODE if len(names) == 1 else _WHERE_IT_LIES
    return _NO_MORE.format(name=former.name, code=former.code, since=former.since, successors=listed(names), use=use)


@cache
def _by_name() -> dict[str, str]:
    return {each.name.casefold(): each.code for each in reference().municipalities.values()}


@cache
def _former_by_name() -> dict[str, MergedMunicipality]:
    return {each.name.casefold(): each for each in reference().merged_municipalities.values()}
