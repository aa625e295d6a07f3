"""How shown and said output are compared: what differs from day to day is let go, and nothing else."""

import pytest

from tests.docs.pages import fits

ID = "9e169a82-c936-4f16-a33f-3f4cee9fd0f7"


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("1\n", "1", True),
        ("1\n", "2\n", False),
        ("", "Traceback\n", False),
        ("gone\n", "", False),
        (f"id {ID}\n", "id 00000000-0000-0000-0000-000000000000\n", True),
        ("at 2026-11-22T03:01:52.394042Z\n", "at 2026-12-01T00:00:00+01:00\n", True),
        ("uiterlijk 12 januari 2027, ruim 1 week te laat\n", "uiterlijk 3 maart 2028, 9 weken te laat\n", True),
        ("cijfers van 2 dagen oud\n", "geen cijfers\n", False),
        ("http://127.0.0.1:8000/hsds\n", "http://127.0.0.1:41999/hsds\n", True),
        ("1 a\n…\nlast\n", "1 a\n2 b\n3 c\nlast\n", True),
        ("1 a\n…\n", "1 b\n2 b\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_compares(shown: str, said: str, same: bool) -> None:
    assert fits(shown, said) is same
