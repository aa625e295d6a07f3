"""Lists of taxonomies and of their terms, and each by its id: all of them are in memory."""

from collections.abc import Iterable
from uuid import UUID

from app.domain.words import search_text, singular
from app.kit.errors import NotFoundError
from app.standards.hsds.objects import Taxonomy, TaxonomyTerm
from app.standards.hsds.schemas import HsdsQuery, TaxonomyTermQuery
from app.standards.hsds.taxonomies import taxonomies, terms
from app.standards.hsds.views import View


def list_taxonomies(query: HsdsQuery, view: View) -> list[Taxonomy]:
    """The taxonomies that are asked for."""
    shown = (view.taxonomy(each) for each in taxonomies().values())
    return [each for each in shown if _mentions(query.search, each.name, each.description)]


def list_terms(query: TaxonomyTermQuery, view: View) -> list[TaxonomyTerm]:
    """The terms that are asked for; all are at the top, so none is under another."""
    if query.parent_id is not None:
        return []
    within = [each for each in terms().values() if query.taxonomy_id in (None, each.taxonomy.id)]
    shown = (view.term(each) for each in within)
    return [each for each in shown if _mentions(query.search, each.code, each.name, each.description)]


def get_taxonomy(view: View, id_: UUID) -> Taxonomy:
    """A taxonomy."""
    if id_ not in taxonomies():
        raise NotFoundError
    return view.taxonomy(taxonomies()[id_])


def get_term(view: View, id_: UUID) -> TaxonomyTerm:
    """A term."""
    if id_ not in terms():
        raise NotFoundError
    return view.term(terms()[id_])


def _mentions(search: str | None, *texts: str) -> bool:
    words: Iterable[str] = search_text(search or "").split()
    whole = search_text(" ".join(texts))
    return all(singular(word) in whole for word in words)
