"""The items of a batch: each by its key, and what it says or what is wrong with that."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.turns import in_turns
from app.kit.validation import input_errors, pointer
from app.supply.offer_batches.schemas import LocationItem, OfferBatchIn, OfferItem

Content = TypeVar("Content", bound=BaseModel)

_REPEATED: Final = Text(nl="Deze sleutel staat er meer dan eens in.", en="This key is in it more than once.")


@dataclass(frozen=True, slots=True)
class Item(Generic[Content]):
    """What is to become of the location or offer with this key; `pointer` is its place in the body."""

    pointer: str
    key: str
    content: Content | InvalidInputError

    def placed(self, error: InvalidInputError) -> InvalidInputError:
        """An error of the item, as one of the whole body."""
        pointers = (self.pointer + each.pointer.removeprefix("#") for each in error.errors)
        return InvalidInputError(*(replace(each, pointer=at) for each, at in zip(error.errors, pointers, strict=True)))


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of a body."""

    locations: list[Item[LocationItem]]
    offers: list[Item[OfferItem]]


async def read(body: OfferBatchIn) -> Batch:
    """The items, each held against its rules.

    A key that cannot be read or that is there twice refuses them all (Batching module, "invalid keys"): what has no key
    cannot be told from what is missing.
    """
    locations = [each async for each in _read("locations", body.locations, LocationItem)]
    offers = [each async for each in _read("requests", body.requests, OfferItem)]
    items: list[Item[Any]] = [*locations, *offers]
    repeated = [*_repeated(locations), *_repeated(offers)]
    if repeated or not all(item.key for item in items):
        found = (item.content for item in items if isinstance(item.content, InvalidInputError))
        raise InvalidInputError(*repeated, *(error for each in found for error in each.errors))
    return Batch(locations, offers)


async def _read(name: str, given: Sequence[Any], model: type[Content]) -> AsyncIterator[Item[Content]]:
    async for index, value in in_turns(enumerate(given)):
        yield _item(model, value, ("body", name, index))


def _item(model: type[Content], value: Any, place: tuple[str | int, ...]) -> Item[Content]:
    """The item; its key is empty where it cannot be read."""
    content: Content | InvalidInputError
    key_is_wrong = False
    try:
        content = model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False)
        key_is_wrong = any(each["loc"][:1] in {(), ("key",)} for each in found)
        content = InvalidInputError(*input_errors({**each, "loc": (*place, *each["loc"])} for each in found))
    return Item(pointer(place), "" if key_is_wrong else value["key"], content)


def _repeated(items: Iterable[Item[Any]]) -> Iterator[InputError]:
    known = set[str]()
    for item in items:
        if item.key in known:
            yield InputError(f"{item.pointer}/key", "repeated", _REPEATED)
        known |= {item.key} - {""}
