"""What is different between two states of a thing."""

from typing import Any

from app.insight.keeping.changes import changes_between


def test_says_what_was_and_what_became_of_each_field_that_differs() -> None:
    before = {"id": "1", "light": "green", "word": None, "figures": [{"name": "a"}]}
    after: dict[str, Any] = {"id": "1", "light": "red", "word": None, "figures": []}
    assert [each.model_dump() for each in changes_between(before, after)] == [
        {"field": "light", "old": "green", "new": "red"},
        {"field": "figures", "old": [{"name": "a"}], "new": []},
    ]
    assert changes_between(after, after) == []


def test_of_something_new_it_says_all_that_it_has() -> None:
    after = {"id": "1", "region": "JZ03", "supraregion": None, "light": "green", "word": None}
    found = [each.model_dump() for each in changes_between(None, after)]
    assert found == [{"field": "light", "old": None, "new": "green"}]


def test_a_field_that_was_not_kept_before_counts_as_null() -> None:
    assert [each.old for each in changes_between({"light": "red"}, {"light": "red", "phase": 2})] == [None]
