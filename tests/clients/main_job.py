"""The main job with the Python client that openapi-python-client makes of openapi/openapi.json, as `generated`.

Run by test_generated.py, which sets BASE, PROVIDER, PROVIDER_TOKEN and GI_TOKEN; prints the referral's last status.
"""
# mypy: ignore-errors

import os
from uuid import UUID

from generated import AuthenticatedClient
from generated.api.capacity import put_capacity
from generated.api.matching import match
from generated.api.providers_and_offers import put_location, put_offer
from generated.api.referrals import decide, get_referral, send_referral
from generated.api.requests import add_request, list_request_matches
from generated.models import CapacityIn, DecisionIn, LocationIn, MatchRequest, OfferIn, ReferralIn, RequestIn

BASE, OWN = os.environ["BASE"], UUID(os.environ["PROVIDER"])
provider = AuthenticatedClient(base_url=BASE, token=os.environ["PROVIDER_TOKEN"], raise_on_unexpected_status=True)
gi = AuthenticatedClient(base_url=BASE, token=os.environ["GI_TOKEN"], raise_on_unexpected_status=True)
ASKED = {
    "child": {"birthMonth": "2014-05", "gender": "female", "municipality": "GM0400", "postcode": "1781"},
    "choices": [{"careType": "gezinshuis"}],
}

put_location.sync(OWN, "nest", client=provider, body=LocationIn.from_dict({"name": "Het Nest", "postcode": "1781AB"}))
offer = put_offer.sync(
    OWN,
    "huis",
    client=provider,
    body=OfferIn.from_dict(
        {"name": "Het Nest", "careType": "gezinshuis", "ageMin": 6, "ageMax": 17, "locationKey": "nest"}
    ),
)
put_capacity.sync(offer.id, client=provider, body=CapacityIn.from_dict({"placesTotal": 4, "placesFree": 1}))
ranked = match.sync(client=gi, body=MatchRequest.from_dict(ASKED))
assert [each.offer.id for each in ranked.results] == [offer.id], ranked
request = add_request.sync(client=gi, body=RequestIn.from_dict(ASKED | {"childReference": "K-2026-1"}))
matches = list_request_matches.sync(request.id, client=gi)
sent = send_referral.sync(
    request.id,
    client=gi,
    body=ReferralIn.from_dict(
        {"standsFor": 1, "offerId": str(matches.results[0].offer.id), "summary": {"urgency": "urgent"}}
    ),
)
decide.sync(sent.id, client=provider, body=DecisionIn.from_dict({"decision": "accept"}))
print(get_referral.sync(sent.id, client=gi).status)
