"""What schemathesis must know of this API beyond its document: how to sign in, and how a bulk body is written.

Loaded by run.sh. DOLEN_BASE_URL and DOLEN_CREDENTIALS say where and with what.
"""

import base64
import json
import os
import urllib.parse
import urllib.request

import schemathesis

BASE = os.environ["DOLEN_BASE_URL"]


def fetch(address, data=None, headers=None):
    request = urllib.request.Request(urllib.parse.urljoin(BASE, address), data=data, headers=headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def token_address():
    """Where the document says that a client gets its token."""
    schemes = fetch("/v1/openapi.json")["components"]["securitySchemes"].values()
    for scheme in schemes:
        flow = scheme.get("flows", {}).get("clientCredentials")
        if flow:
            return flow["tokenUrl"]
    raise LookupError("the OpenAPI document names no client credentials flow")


@schemathesis.auth()
class Client:
    """The client that may do most: what it may not do is a refusal, and refusals are checked elsewhere."""

    def get(self, case, context):
        with open(os.environ["DOLEN_CREDENTIALS"], encoding="utf-8") as file:
            client = max(json.load(file)["clients"], key=lambda one: len(one["scopes"]))
        pair = base64.b64encode(f"{client['id']}:{client['secret']}".encode()).decode()
        form = {"grant_type": "client_credentials", "scope": " ".join(client["scopes"])}
        answer = fetch(
            token_address(),
            data=urllib.parse.urlencode(form).encode(),
            headers={"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        return answer["access_token"]

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    """One JSON text for each line. A body that isn't a list is one line."""
    if isinstance(value, bytes):
        return value
    lines = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(line, default=str).encode() + b"\n" for line in lines)
