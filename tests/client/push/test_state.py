"""How far a push has come: written down whole or not at all, and keys that the service takes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.client.push.state import Sent, State, content_of
from app.domain.bsn import find_bsn

GIVEN: dict[str, Any] = {"content": "c", "url": "https://example.org", "client": "duinen", "to": "capacity-reports"}


@given(some.binary(), some.integers(0, 10_000))
def test_a_key_holds_nothing_that_may_be_a_bsn_and_is_of_its_part(body: bytes, number: int) -> None:
    state = State(Path("x"), **GIVEN, lines=5)
    key = state.key(number, body)
    assert key.isascii()
    assert key.isalpha()
    assert find_bsn(key) is None
    others = [state.key(number + 1, body), state.key(number, body + b"x"), replace(state, run="z").key(number, body)]
    assert len({key, *others}) == 4
    assert key == replace(state).key(number, body)


def test_goes_on_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.push-state"
    state = State.resume(path, **GIVEN, lines=5)
    state.sent.append(Sent({"accepted": 4}, [[2, "vrij", "fout"]]))
    state.save()
    assert State.resume(path, **GIVEN, lines=5) == state
    assert [each.name for each in tmp_path.iterdir()] == ["a.push-state"]
    state.forget()
    state.forget()
    assert not path.exists()
    assert State.resume(path, **GIVEN, lines=5).run != state.run


def test_what_was_saved_before_there_were_destinations_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.push-state"
    state = State.resume(path, **GIVEN, lines=5)
    state.save()
    kept = json.loads(path.read_text())
    del kept["to"]
    path.write_text(json.dumps(kept))
    assert State.resume(path, **GIVEN, lines=5) == state
    assert State.resume(path, **GIVEN | {"to": "waiting-children"}, lines=5).run != state.run


@pytest.mark.parametrize("kept", ["", "[]", "7", "{", '{"form": 1}', b"\xff"])
def test_begins_anew_where_it_cannot_be_read(tmp_path: Path, kept: str | bytes) -> None:
    path = tmp_path / "a.push-state"
    path.write_bytes(kept.encode() if isinstance(kept, str) else kept)
    assert State.resume(path, **GIVEN, lines=5).sent == []


def test_a_failure_to_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.push-state"
    state = State.resume(path, **GIVEN, lines=5)
    state.save()
    monkeypatch.setattr("app.client.push.state.os.fsync", _full_disk)
    state.sent.append(Sent({}, []))
    with pytest.raises(OSError, match="full"):
        state.save()
    monkeypatch.undo()
    assert State.resume(path, **GIVEN, lines=5).sent == []


def _full_disk(_: int) -> None:
    raise OSError("full")


def test_the_content_of_a_file_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    first = content_of(path)
    path.write_bytes(b"b")
    assert content_of(path) != first
