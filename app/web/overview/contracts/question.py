"""What the forms of contracts say."""

from typing import Any

from pydantic import Field

from app.supply.contracts.schemas import ContractOut
from app.web.overview.keeping.form import KeptForm


class ContractForm(KeptForm):
    """The fields of the form of a contract; without municipalities it is of the whole region."""

    fixed = ("aanbieder", "soort", "gemeente")

    aanbieder: str = Field(default="", max_length=40)
    soort: str = Field(default="regional", max_length=20)
    gemeente: list[str] = Field(default=[], max_length=400)
    zorgvorm: list[str] = Field(default=[], max_length=100)
    productcodes: str = Field(default="", max_length=1000)
    van: str = Field(default="", max_length=20)
    tot: str = Field(default="", max_length=20)
    plafond: str = Field(default="", max_length=5)
    uitzondering: str = Field(default="", max_length=5)

    @classmethod
    def of(cls, contract: ContractOut, version: int) -> "ContractForm":
        """The form as it stands for a contract."""
        return cls(
            aanbieder=str(contract.provider_id),
            soort=contract.kind,
            gemeente=contract.municipalities,
            zorgvorm=contract.care_types or [],
            productcodes=", ".join(contract.product_codes),
            van=contract.valid_from.isoformat(),
            tot=contract.valid_to.isoformat() if contract.valid_to else "",
            plafond="ja" if contract.ceiling.reached else "",
            uitzondering="ja" if contract.ceiling.exempts_measure else "",
            versie=str(version),
        )

    def added(self, region: str | None) -> dict[str, Any]:
        """A new contract, by the names of the API."""
        return {"providerId": self.aanbieder, "kind": self.soort, **self._area(region), **self.changed()}

    def _area(self, region: str | None) -> dict[str, Any]:
        return {"regions": [] if self.gemeente else [region], "municipalities": self.gemeente}

    def changed(self) -> dict[str, Any]:
        """What a change may set, by the names of the API."""
        return {
            "careTypes": self.zorgvorm or None,
            "productCodes": self.productcodes.replace(",", " ").split(),
            "validFrom": self.van,
            "validTo": self.tot or None,
            "ceiling": {"reached": bool(self.plafond), "exemptsMeasure": bool(self.uitzondering)},
        }
