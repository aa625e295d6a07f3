"""Choices of what does not exist, and that contradict themselves: of an offer of another care type or provider."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from app.domain.language import Text
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.errors import unknown_offer, unknown_provider
from app.finding.matching.schemas import Choice
from app.kit.errors import InputError


class NamedOffer(NamedTuple):
    """What of an offer a choice can contradict."""

    care_type: str
    provider_id: UUID


def choice_errors(
    choices: Sequence[Choice], offers: Mapping[UUID, NamedOffer], providers: Collection[UUID]
) -> list[InputError]:
    """An error for each offer and provider that is named and not among these, and for each that contradicts another."""
    errors: list[InputError] = []
    for at, choice in enumerate(choices):
        pointer = f"#/choices/{at}"
        offer = offers.get(choice.offer_id) if choice.offer_id else None
        if choice.offer_id and offer is None:
            errors.append(unknown_offer(f"{pointer}/offerId"))
        is_nobodys = choice.provider_id is not None and choice.provider_id not in providers
        if is_nobodys:
            errors.append(unknown_provider(f"{pointer}/providerId"))
        if offer is not None:
            errors += _contradictions(
                pointer, choice.model_copy(update={"provider_id": None}) if is_nobodys else choice, offer
            )
    return errors


def _contradictions(pointer: str, choice: Choice, offer: NamedOffer) -> Iterator[InputError]:
    if choice.care_type != offer.care_type:
        yield InputError(
            f"{pointer}/offerId",
            "other-care-type",
            Text(
                nl=f"Dit aanbod is {offer.care_type} en niet {choice.care_type}; wijzig de "
                "zorgvorm (careType) of laat het aanbod weg (offerId).",
                en=f"This offer is {offer.care_type} and not {choice.care_type}; change careType or leave offerId out.",
            ),
        )
    if choice.provider_id is not None and choice.provider_id != offer.provider_id:
        yield InputError(
            f"{pointer}/providerId",
            "other-provider",
            Text(
                nl=f"Het aanbod is van aanbieder {offer.provider_id}; laat de aanbieder (providerId) of "
                "het aanbod (offerId) weg.",
                en=f"The offer is of provider {offer.provider_id}; leave providerId or offerId out.",
            ),
        )


def offers_of(catalogue: Catalogue, choices: Iterable[Choice]) -> dict[UUID, NamedOffer]:
    """Of the offers that choices name those that are given now."""
    slots = {each.offer_id: catalogue.find_slot(str(each.offer_id)) for each in choices if each.offer_id}
    entries = {id_: catalogue.entry(slot) for id_, slot in slots.items() if slot is not None}
    return {id_: NamedOffer(entry.care_type, entry.provider.id) for id_, entry in entries.items()}


def providers_of(catalogue: Catalogue, choices: Iterable[Choice]) -> set[UUID]:
    """Of the providers that choices name those that there are."""
    return {each.provider_id for each in choices if each.provider_id and catalogue.has_provider(each.provider_id)}
