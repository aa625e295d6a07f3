# What the examples in docs/ use, with ./scripts/run going: source docs/shell.sh
API=${API:-http://127.0.0.1:8000/v1}

# One field of the JSON on standard input; what `d` has of it, as Python says it; the UTC date of so many days ago.
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
show() { python3 -c "import json, sys; d = json.load(sys.stdin); print($1)"; }
ago() { python3 -c "from datetime import *; print(datetime.now(timezone.utc).date() - timedelta(days=$1))"; }

# A token of a demo client; a request: method, path below /v1, token, and whatever else curl takes.
token() { curl -s $API/oauth/token -d grant_type=client_credentials -d client_id=$1 -d client_secret=demo | field access_token; }
call() { curl -s -X $1 "$API/$2" -H "Authorization: Bearer $3" -H 'Content-Type: application/json' "${@:4}"; }

PROVIDER=$(token demo-provider) PROVIDER2=$(token demo-provider-2) GI=$(token demo-gi)
REGION=$(token demo-region) EXPERTS=$(token demo-expert-team)

# The provider's id, and one of its offers: a gezinshuis in Den Helder.
OWN=$(call GET me "$PROVIDER" | field providerId)
OFFER=$(call GET "offers?careType=gezinshuis&provider=$OWN&municipality=GM0400" "$GI" | show 'd["items"][0]["id"]')
