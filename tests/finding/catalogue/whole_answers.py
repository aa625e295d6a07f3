"""Answers out of a whole catalogue, with the rules as Python: the URL of a database in, a line for each answer out.

python -m tests.finding.catalogue.whole_answers URL
"""

import asyncio
import sys
from datetime import UTC, datetime, time
from typing import Final

from tests.ranking.interpreted import without_compiled

_MATCHES: Final = 60
_SEARCHES: Final = 30


async def answers(url: str) -> list[bytes]:
    """The same matches and searches each time of the catalogue in that database, as they go over the wire."""
    from app.finding.catalogue.follower import Follower  # noqa: PLC0415 - after `without_compiled`
    from app.finding.matching import service as matching  # noqa: PLC0415 - as above
    from app.finding.search import service as search  # noqa: PLC0415 - as above
    from app.kit.database.sessions import connect  # noqa: PLC0415 - as above
    from app.kit.json_bytes import to_json  # noqa: PLC0415 - as above
    from tests.finding.catalogue.dataset import TODAY, open_driver  # noqa: PLC0415 - as above
    from tests.finding.catalogue.questions import Asker  # noqa: PLC0415 - as above

    now = datetime.combine(TODAY, time(10), UTC)
    asker, driver = Asker(7), await open_driver(url)
    asker.offers = [str(row["id"]) for row in await driver.fetch("SELECT id FROM offers ORDER BY id")]
    asker.providers = [str(row["id"]) for row in await driver.fetch("SELECT id FROM providers ORDER BY id")]
    await driver.close()
    database = connect(url, pool_size=1)
    follower = Follower(database)
    try:
        await follower.catch_up()
        bodies = [asker.match() for _ in range(_MATCHES)]
        found = [to_json(matching.match(follower.catalogue, each, now, "nl", explain_all=True)) for each in bodies]
        for _ in range(_SEARCHES):
            page = await search.find(follower, asker.search(), None, None, TODAY, "nl", public=False)
            found.append(to_json(page.items))
    finally:
        await follower.close()
        await database.close()
    return found


if __name__ == "__main__":
    without_compiled()
    for answer in asyncio.run(answers(sys.argv[1])):
        print(answer.decode())
