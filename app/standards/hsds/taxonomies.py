"""The taxonomies: those of our reference lists that say something of an offer."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal
from uuid import UUID

from app.domain.language import Text
from app.reference.lists import reference
from app.standards.hsds.identifiers import derived_id

ListName = Literal["care-types", "specialisations", "exclusion-criteria"]


@dataclass(frozen=True, slots=True)
class TaxonomyList:
    """A reference list as a taxonomy; `link_type` is what its terms say of an offer."""

    id: UUID
    list_name: ListName
    link_type: str
    name: Text
    description: Text


@dataclass(frozen=True, slots=True)
class Term:
    """A code of a reference list as a term."""

    id: UUID
    taxonomy: TaxonomyList
    code: str
    name: Text
    description: Text


_NAMES: Final[dict[ListName, tuple[str, Text, Text]]] = {
    "care-types": (
        "care_type",
        Text(nl="Zorgvormen", en="Care types"),
        Text(nl="Welke jeugdhulp het is.", en="What kind of youth care it is."),
    ),
    "specialisations": (
        "specialisation",
        Text(nl="Specialisaties", en="Specialisations"),
        Text(
            nl="Waar het aanbod in gespecialiseerd is: problemen en omstandigheden.",
            en="What the offer has expertise in: problems and circumstances.",
        ),
    ),
    "exclusion-criteria": (
        "exclusion",
        Text(nl="Contra-indicaties", en="Exclusion criteria"),
        Text(
            nl="Kenmerken waarmee het aanbod een jeugdige niet aanneemt.",
            en="Characteristics with which the offer does not take a child.",
        ),
    ),
}


@cache
def taxonomies() -> dict[UUID, TaxonomyList]:
    """All taxonomies by id."""
    made = [
        TaxonomyList(derived_id("taxonomy", list_name), list_name, link_type, name, description)
        for list_name, (link_type, name, description) in _NAMES.items()
    ]
    return {each.id: each for each in made}


def _names_of(list_name: ListName) -> dict[str, Text]:
    lists = reference()
    if list_name == "care-types":
        return {each.code: each.name for each in lists.care_types.values()}
    values = lists.specialisations if list_name == "specialisations" else lists.exclusion_criteria
    return {each.code: each.name for each in values.values()}


def _described(taxonomy: TaxonomyList, name: Text) -> Text:
    return Text(nl=f"{taxonomy.name.nl}: {name.nl}.", en=f"{taxonomy.name.en}: {name.en}.")


@cache
def terms() -> dict[UUID, Term]:
    """All terms by id, in the order of their lists."""
    made = [
        Term(term_id(taxonomy.list_name, code), taxonomy, code, name, _described(taxonomy, name))
        for taxonomy in taxonomies().values()
        for code, name in _names_of(taxonomy.list_name).items()
    ]
    return {each.id: each for each in made}


@cache
def term_id(list_name: ListName, code: str) -> UUID:
    """The id of the term with this code."""
    return derived_id("taxonomy_term", list_name, code)
