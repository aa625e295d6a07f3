"""The page of the docs that says what each figure counts."""

from collections.abc import Iterator

from app.insight.answers.definitions import DIMENSIONS, Resource
from app.insight.definitions.resources import RESOURCES

_HEAD = """# Every figure of insight

What each figure of [insight](insight.md) counts, as `GET /v1/insight/definitions` says it, in the order of the
resources. This page is printed by `wijzer figures`. A *share* is from 0 to 1; medians and percentiles are in days; of a
*number* nothing is said where no offer reports it.
"""


def figures_page() -> str:
    """The page, in Markdown."""
    return "\n".join([_HEAD, *(line for each in RESOURCES for line in _of(each))])


def _of(resource: Resource) -> Iterator[str]:
    by = ", ".join(DIMENSIONS[each].en for each in resource.by)
    yield f"## {resource.title.en}\n"
    yield f"`GET /v1/insight/{resource.name}`: {resource.question.en} By {by}.\n"
    yield "| figure | kind | what it is | definition |"
    yield "| --- | --- | --- | --- |"
    for each in resource:
        yield f"| `{each.name}` | {each.kind} | {each.title.en} | {each.definition.en} |"
    yield ""
