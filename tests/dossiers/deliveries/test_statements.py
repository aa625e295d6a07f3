"""How many statements a file takes: a few for what says nothing new, however many lines it has."""

from tests.dossiers.deliveries.scene import child, deliver, other_gi, statuses
from tests.world import World


async def _count(world: World, statements: list[str], many: int, **fields: object) -> tuple[int, int]:
    """Of a file of so many children: the statements that it takes when they are new, and when it comes again."""
    bodies, headers = [child(**fields) for _ in range(many)], other_gi(world)
    statements.clear()
    assert set(statuses(await deliver(world, *bodies, headers=headers))) == {"accepted"}
    first = len(statements)
    statements.clear()
    answer = await deliver(world, *bodies, headers=headers, query="?endMissing=true&reason=measure-ended")
    assert statuses(answer) == ["unchanged"] * many
    return first, len(statements)


async def test_a_thousand_lines_that_say_nothing_new_take_as_many_statements_as_one(
    world: World, statements: list[str]
) -> None:
    explained = {"causes": ["waiting-list"], "measureImposedOn": "2026-05-12", "protectionWorkerOn": "2026-05-13"}
    _, one = await _count(world, statements, 1, **explained)
    first, thousand = await _count(world, statements, 1000, **explained)
    assert one == thousand <= 20, statements
    assert first < 60, "requests are made many at a time"
