import pytest
from datetime import timedelta
from tests.world import World
from app.kit.auth import Role
from tests.conftest import *

@pytest.mark.parametrize("name", ["q0", "sur", "surkey", "cur0", "curbig", "curnaive", "to9999", "obs0001", "obs9999","star","star_cap","zero_cap","space","coerce","unloc","lat","xcur"])
async def test_probe(world, name):
    w = world; h = w.gi
    offer = await w.add_offer(); p = offer["providerId"]; own = w.provider(p)
    import base64, orjson
    enc = lambda k: base64.urlsafe_b64encode(orjson.dumps(k)).rstrip(b"=").decode()
    g = lambda path: w.http.get(path, headers=h)
    put = lambda path, body, **x: w.http.put(path, json=body, headers=own | x)
    cap = f"/v1/offers/{offer['id']}/capacity"; hist = cap + "-history"
    match name:
        case "q0": a = await g("/v1/providers?q=a%00b")
        case "sur": a = await w.http.put(f"/v1/providers/{p}/locations/x", content=b'{"name":"\\ud800","postcode":"1781AB"}', headers=own|{"content-type":"application/json"})
        case "surkey": a = await w.http.put(f"/v1/providers/{p}/locations/x", content=b'{"name":"a","postcode":"1781AB","\\ud800":1}', headers=own|{"content-type":"application/json"})
        case "cur0": a = await g("/v1/providers?cursor=" + enc(["\0", p]))
        case "curbig": a = await g(hist + "?cursor=" + enc(["2026-01-01T00:00:00Z", 2**63]))
        case "curnaive": a = await g(hist + "?cursor=" + enc(["2026-01-01T00:00:00", 1]))
        case "to9999": a = await g(hist + "?to=9999-12-31")
        case "obs0001": a = await put(cap, {"placesFree":1,"observedAt":"0001-01-01T00:00:00+01:00"})
        case "obs9999": a = await put(cap, {"placesFree":1,"observedAt":"9999-12-31T23:59:59-01:00"})
        case "star": a = await put(f"/v1/providers/{p}/locations/x", {"name":"a","postcode":"1781AB"}, **{"If-Match":"*"})
        case "star_cap": a = await put(cap, {"placesFree":1}, **{"If-Match":"*"})
        case "zero_cap": a = await put(cap, {"placesFree":1}, **{"If-Match":'"0"'})
        case "space": a = await put(f"/v1/providers/{p}/locations/x", {"name":"  ","postcode":"1781AB"})
        case "coerce": a = await put(cap, {"placesFree":True,"waitingCount":"3"})
        case "unloc": a = await put(f"/v1/providers/{p}/offers/x", {"name":"a","careType":"gezinshuis","ageMin":1,"ageMax":2})
        case "lat": a = await put(f"/v1/providers/{p}/locations/x", {"name":"a","latitude":52})
        case "xcur":
            await w.add_provider()
            c = (await g("/v1/providers?limit=1")).json()["_links"]["next"]["href"].split("cursor=")[1]
            a = await g("/v1/offers?cursor=" + c)
    print("\nPROBE", name, a.status_code, a.text[:300])
