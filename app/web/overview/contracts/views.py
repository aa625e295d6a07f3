"""Contracts as the pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.ranking.model import ContractKind
from app.reference.lists import reference
from app.supply.contracts.schemas import ContractOut
from app.web.overview.areas import Option
from app.web.overview.children import town
from app.web.shell.words import day

KINDS: Final[dict[ContractKind, str]] = {
    "regional": "regionaal",
    "supraregional": "bovenregionaal",
    "national": "landelijk",
    "light": "licht",
}
KIND_OPTIONS: Final = [Option("regional", KINDS["regional"]), Option("light", KINDS["light"])]
"""Those that a region writes itself."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract in the list."""

    id: str
    provider: str
    kind: str
    area: str
    care_types: str
    product_codes: str
    period: str
    ceiling: str
    reached: bool
    withdrawn: str | None
    for_child: bool


def contract_of(out: ContractOut, names: Mapping[str, str]) -> Contract:
    """A contract in words; `names` are those of providers by id."""
    lists = reference()
    regions = [lists.regions[each].name if each in lists.regions else each for each in out.regions]
    everywhere = lists.regions.keys() <= set(out.regions)
    care_types = [lists.care_types[each].name.nl for each in out.care_types or ()]
    ceiling = "bereikt" if out.ceiling.reached else "niet bereikt"
    if out.ceiling.reached and out.ceiling.exempts_measure:
        ceiling = "bereikt, niet voor kinderen met een maatregel"
    return Contract(
        id=str(out.id),
        provider=names.get(str(out.provider_id), str(out.provider_id)),
        kind=KINDS[out.kind],
        area=", ".join([*(["alle jeugdregio's"] if everywhere else regions), *map(town, out.municipalities)]),
        care_types=", ".join(care_types) or "alle zorgvormen",
        product_codes=", ".join(out.product_codes),
        period=f"vanaf {day(out.valid_from)}" + (f" tot en met {day(out.valid_to)}" if out.valid_to else ""),
        ceiling=ceiling,
        reached=out.ceiling.reached,
        withdrawn=out.why if out.withdrawn_at else None,
        for_child=out.arrangement_id is not None,
    )
