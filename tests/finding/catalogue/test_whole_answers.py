"""Whole answers out of the catalogue are the same bytes with the rules compiled and as Python."""

import asyncio
import sys

from tests.finding.catalogue.dataset import Changer
from tests.finding.catalogue.whole_answers import answers


async def test_the_answers_of_both_forms_are_equal_to_the_byte(changer: Changer, fresh_database_url: str) -> None:
    assert changer.driver is not None
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.finding.catalogue.whole_answers", fresh_database_url),
        stdout=asyncio.subprocess.PIPE,
    )
    ours = await answers(fresh_database_url)
    told, _ = await process.communicate()
    assert process.returncode == 0
    assert [each for each in told.splitlines() if each.startswith((b"{", b"["))] == ours  # the others are the log
    assert sum(map(len, ours)) > 100_000
