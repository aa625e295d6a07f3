"""Choices that contradict themselves: of an offer that is of another care type, or of another provider."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from app.domain.language import Text
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.schemas import Choice
from app.kit.errors import InputError


class NamedOffer(NamedTuple):
    """What of an offer a choice can contradict."""

    care_type: str
    provider_id: UUID


def contradictions(choices: Sequence[Choice], offers: Mapping[UUID, NamedOffer]) -> list[InputError]:
    """An error for each part of a choice that is not that of its offer; an offer that is not in `offers` has none."""
    named = ((f"#/choices/{at}", each, offers.get(each.offer_id)) for at, each in enumerate(choices) if each.offer_id)
    return [error for pointer, choice, offer in named if offer is not None for error in _errors(pointer, choice, offer)]


def _errors(pointer: str, choice: Choice, offer: NamedOffer) -> Iterator[InputError]:
    if choice.care_type != offer.care_type:
        yield InputError(
            f"{pointer}/offerId",
            "other-care-type",
            Text(
                nl=f"Dit aanbod is {offer.care_type} en niet {choice.care_type}; wijzig careType of laat offerId weg.",
                en=f"This offer is {offer.care_type} and not {choice.care_type}; change careType or leave offerId out.",
            ),
        )
    if choice.provider_id is not None and choice.provider_id != offer.provider_id:
        yield InputError(
            f"{pointer}/providerId",
            "other-provider",
            Text(
                nl=f"Het aanbod is van aanbieder {offer.provider_id}; laat providerId of offerId weg.",
                en=f"The offer is of provider {offer.provider_id}; leave providerId or offerId out.",
            ),
        )


def offers_of(catalogue: Catalogue, choices: Iterable[Choice]) -> dict[UUID, NamedOffer]:
    """Of the offers that choices name those that are given now."""
    slots = {each.offer_id: catalogue.find_slot(str(each.offer_id)) for each in choices if each.offer_id}
    entries = {id_: catalogue.entry(slot) for id_, slot in slots.items() if slot is not None}
    return {id_: NamedOffer(entry.care_type, entry.provider.id) for id_, entry in entries.items()}
