"""What the forms of placement stops say."""

from typing import Any

from pydantic import Field

from app.supply.placement_stops.schemas import StopOut
from app.web.overview.keeping.form import KeptForm


class StopForm(KeptForm):
    """The fields of the form of a stop; `locatie` or `aanbod` confines it to one location or one offer."""

    fixed = ("aanbieder", "locatie", "aanbod")

    aanbieder: str = Field(default="", max_length=40)
    locatie: str = Field(default="", max_length=100)
    aanbod: str = Field(default="", max_length=40)
    van: str = Field(default="", max_length=20)
    tot: str = Field(default="", max_length=20)
    reden: str = Field(default="", max_length=3000)

    @classmethod
    def of(cls, stop: StopOut, version: int) -> "StopForm":
        """The form as it stands for a stop."""
        return cls(
            aanbieder=str(stop.provider_id),
            locatie=stop.location_key or "",
            aanbod=str(stop.offer_id or ""),
            van=stop.from_.isoformat(),
            tot=stop.to.isoformat() if stop.to else "",
            reden=stop.reason,
            versie=str(version),
        )

    def added(self) -> dict[str, Any]:
        """A new stop of the region, by the names of the API."""
        where = {"providerId": self.aanbieder, "locationKey": self.locatie or None, "offerId": self.aanbod or None}
        return {**where, "imposedBy": "region", **self.changed()}

    def changed(self) -> dict[str, Any]:
        """What a change may set, by the names of the API."""
        return {"from": self.van, "to": self.tot or None, "reason": self.reden}
