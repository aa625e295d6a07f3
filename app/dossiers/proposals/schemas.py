"""Proposals as they go over the wire."""

from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from app.allocation.model import RULES, Change, Help, Method
from app.dossiers.proposals.case_file import MOST_SEED
from app.dossiers.proposals.case_outcome import PriceOut
from app.dossiers.proposals.report import Dimension
from app.dossiers.proposals.states import Chosen, Failure, Places, Status
from app.dossiers.referrals.states import Status as ReferralStatus
from app.finding.catalogue.availability import Status as OfferStatus
from app.kit.schemas import Answer, Moment, Schema, Unique, Whole, check_applies, described
from app.ranking.model import Need
from app.reference.schemas import MunicipalityField, RegionField

MOST_LISTED: Final = 5000
_PROPOSAL: Final = "5d0c2b7a-91f4-4e36-b8a2-7c4e1f6a9d03"
_OFFER: Final = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
_REQUEST: Final = "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"
_PRICES: Final = {
    method: {"placed": 12, "late": 3, "daysLate": 95, "firstChoices": 9, "envy": 0}
    for method in ("stable", "least-lateness")
}
_BODY: Final = {"standsFor": 1, "offerId": _OFFER, "summary": {"urgency": "regular"}}


class ProposalIn(Schema):
    """What a proposal is asked for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"children": "over-norm", "places": "soon", "method": "stable"}]}
    )

    children: Chosen = Field(
        default="waiting",
        description="Whose: of all that wait, of those over a norm of the inspectorates, or of those in `requests`. "
        "Open siblings of these come along: a family goes together.",
        examples=["over-norm"],
    )
    requests: Annotated[list[UUID], Unique, Field(min_length=1, max_length=MOST_LISTED)] | None = Field(
        default=None, validate_default=True, description="The requests, with `children` listed.", examples=[[_REQUEST]]
    )
    places: Places = Field(
        default="soon",
        description="free: places that are free now; soon: those that come free within the horizon too.",
        examples=["soon"],
    )
    horizon_days: Whole = Field(
        default=91,
        ge=1,
        le=366,
        description="Within how many days help has to start; without a place a child counts as helped then.",
        examples=[91],
    )
    method: Method = Field(
        default="stable",
        description="stable: nobody can point to a place that went to a child behind it; least-lateness: all children "
        "together the fewest days after their norm. Both have their price in the answer.",
        examples=["stable"],
    )
    seed: Whole | None = Field(
        default=None,
        ge=0,
        le=MOST_SEED,
        description="Decides between children who are equally urgent; drawn and kept where it is not given.",
        examples=[20270104],
    )
    changes: Whole = Field(
        default=10, ge=0, le=50, description="How many changes are tried at most (what if).", examples=[10]
    )

    @field_validator("requests")
    @classmethod
    def _goes_with_listed(cls, value: object, others: ValidationInfo) -> object:
        if "children" in others.data:
            check_applies(cls, value, others, applies=others.data["children"] == "listed")
        return value


class Progress(Answer):
    """How far the making is."""

    done: int = described("Children whose offers are ranked.", 150)
    total: int | None = described("Of so many; null until that is known.", 300)


class ProposedOffer(Answer):
    """An offer by name."""

    id: UUID = described("The offer.", _OFFER)
    name: str | None = described("What it is called.", "Gezinshuis De Duinen")
    provider_id: UUID | None = described("The provider.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    provider_name: str | None = described("What the provider is called.", "Demo Jeugdhulp De Vuurtoren")


class ProposedEffect(Answer):
    """A change, and what the same proposal with it comes to."""

    change: Change = described(
        "A place more at the offer, a contract with it, or an exception for one child.", "contract"
    )
    offer: ProposedOffer = Field(description="At which offer.")
    request_id: UUID | None = described("For which child, of an exception.", None)
    needs: Need | None = described("What would have to be arranged.", "light-contract")
    days_saved: int = described("Days fewer after the norm, of all together.", 41)
    placed: int = described("Children more with a place.", 1)
    late: int = described("Children more who are late; below 0: fewer.", -1)


class ProposalResult(Answer):
    """What a proposal comes to; which child it proposes what for stands in its lines."""

    rules: int = described("The version of the rules that it was made by.", RULES)
    prices: dict[Method, PriceOut] = described("What each method comes to.", _PRICES)
    effects: list[ProposedEffect] = Field(description="The changes that would do most, the best first.")
    proven: bool = described("Whether the least lateness is surely the least there is.", True)


class ProposalOut(Answer):
    """A proposal: advice, of which nothing happens by itself."""

    id: UUID = described("Our id.", _PROPOSAL)
    status: Status = described("How far it is.", "done")
    progress: Progress = Field(description="How far the making is.")
    asked_at: Moment = Field(description="When it was asked.", examples=["2027-01-04T09:00:00Z"])
    children: Chosen = described("Whose it is.", "over-norm")
    places: Places = described("Which places it shares.", "soon")
    horizon_days: int = described("Within how many days help has to start.", 91)
    method: Method = described("Whose lines are proposed.", "stable")
    seed: int = described("Decides between equals.", 20270104)
    changes: int = described("How many changes are tried at most.", 10)
    made_at: Moment | None = Field(description="When it was done, or failed.", examples=["2027-01-04T09:00:02Z"])
    made_on: date | None = described("The day, in the Netherlands, as of which it is made.", "2027-01-04")
    failure: Failure | None = described(
        "Why it failed: given-up: the making ended three times before it was done; no-solution: it cannot be solved.",
        None,
    )


class ProposalInFull(ProposalOut):
    """A proposal, with what it comes to."""

    result: ProposalResult | None = Field(description="What it comes to, once it is done.")


class ToSend(Answer):
    """The one call with which whose request it is refers the child."""

    method: Literal["POST"] = described("The method.", "POST")
    href: str = described("Where.", f"/v1/requests/{_REQUEST}/referrals")
    body: dict[str, Any] = described("What to send; more may be said in it.", _BODY)


class SentSince(Answer):
    """A referral of the child since the proposal was asked, or from before and open still."""

    id: UUID = described("The referral.", "9a4c7f52-3b0d-4c1e-8f6a-2d5e8b7c1a90")
    offer_id: UUID | None = described("The offer; null of care outside the contracts.", _OFFER)
    status: ReferralStatus = described("How far it is now.", "accepted")
    sent_at: Moment = Field(description="When it was sent.", examples=["2027-01-05T10:00:00Z"])


class ProposedHelp(Answer):
    """The one change that would help a child without a place."""

    change: Help = described("What kind of change; `report`: one that says when help can start.", "place")
    offer: ProposedOffer = Field(description="At which offer.")
    places: int = described("How many places it lacks; 0 where it is not about places.", 1)
    needs: Need | None = described("What a contract or an exception takes.", None)
    text: str = described("In words.", "Een plek erbij voor dit kind bij Gezinshuis De Duinen.")


class ProposedForChild(Answer):
    """What is proposed for a child, and what became of that; of a child without a place most is null."""

    in_crisis: bool = described("Whether its last referral said that it is in a crisis.", False)
    offer: ProposedOffer | None = Field(description="Where it would go.")
    choice: int | None = described("Which of its choices that answers.", 1)
    starts_on: date | None = described("The first day on which help can start.", "2027-01-18")
    days_late: int = described("Days after the norm; without a place those until the horizon.", 0)
    rank: int | None = described("The place of the offer on the child's own list.", 1)
    reason: str = described("Why, in a sentence.", "Dit aanbod staat bovenaan de eigen lijst.")
    helps: ProposedHelp | None = Field(description="What would help a child without a place, if one thing does.")
    offer_now: OfferStatus | None = described(
        "How the offer stands now, for as many places as the child takes with its siblings; `closed`: it takes no "
        "referrals, or has ended. For as long as the child waits.",
        "free",
    )
    to_send: ToSend | None = Field(
        description="How whose request it is refers the child there, for as long as it waits and has not done so, and "
        "the offer takes referrals and has not declined it since."
    )
    referral: SentSince | None = Field(
        description="The last referral to the proposed offer since it was proposed, or from before and open still."
    )
    other_referral: SentSince | None = Field(description="The last referral elsewhere, likewise.")


class ProposalLine(ProposedForChild):
    """A line of a proposal, as its region or supraregion sees it."""

    request_id: UUID = described("The request.", _REQUEST)
    organisation_id: UUID = described("Whose it is.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    organisation: str | None = described("Its name, where it is registered here.", "De Jeugd- en Gezinsbeschermers")
    region: RegionField = Field(description="The child's jeugdregio.")
    municipality: MunicipalityField = Field(description="The responsible municipality.")
    age: int = described("The child's age in whole years.", 12)
    status: str = described("How far its request is now: open, placed, helped or closed.", "open")


class ProposalFacts(Answer):
    """What whose child stands in a proposal knows of the proposal itself."""

    id: UUID = described("What its region or supraregion calls it.", _PROPOSAL)
    made_at: Moment = Field(description="When it was made.", examples=["2027-01-04T09:00:02Z"])
    made_on: date = described("The day, in the Netherlands, as of which it is made.", "2027-01-04")
    horizon_days: int = described("Within how many days help had to start.", 91)
    method: Method = described("How places were shared; see `POST /proposals`.", "stable")
    region: RegionField | None = Field(description="The region whose expert team asked for it, if one did.")
    supraregion: str | None = described("The supraregion that asked for it, if one did.", None)


class ChildProposalLine(ProposedForChild):
    """What a proposal says of one child, as the institution or local team whose child it is sees it."""

    proposal: ProposalFacts = Field(description="The proposal.")


class ReportGroup(Answer):
    """What the proposal comes to for one group of children; null is a number that is too small to be shown."""

    dimension: Dimension = described("What they have in common.", "municipality")
    code: str = described(
        "Which: a code of a municipality, the id of an institution, a gender, an age (08-11), a distance to the "
        "proposed offer in km (-025: at most 25), or whether a measure binds them (yes, no).",
        "GM0400",
    )
    name: str | None = described("Its name, of a municipality or an institution that is known.", "Den Helder")
    children: int | None = described("Children.", 12)
    placed: int | None = described("Of these, with a place.", 9)
    first_choices: int | None = described("Of these, with a first choice.", 6)
    late: int | None = described("Of these, whose help starts after the norm, or does not.", 4)
    days_late: int | None = described("Days after the norm of these together.", 210)


class ProposalReport(Answer):
    """What the proposal comes to for groups of children."""

    small_counts_hidden: bool = described("Whether counts of fewer than five children are left out.", False)
    groups: list[ReportGroup] = Field(description="By dimension, and in it by code.")
