"""What schemathesis has to be told of this service: how a PDF is sent, which things there are, and two liberties that the contract takes.

Takes THRIVOSIGN_THINGS, a JSON object of names and lists of ids that exist, and THRIVOSIGN_PDF, a sound document. Leaves what was generated to be wrong as it is:
only a value that is a good id is replaced by one that exists, in two of three calls.
"""

import base64
import hashlib
import json
import os
import re

import schemathesis

THINGS = json.loads(os.environ["THRIVOSIGN_THINGS"])
with open(os.environ["THRIVOSIGN_PDF"], "rb") as file:
    PDF = file.read()
DIGEST = "sha-256=:" + base64.b64encode(hashlib.sha256(PDF).digest()).decode() + ":"
GOOD_ID = re.compile(r"[A-Za-z0-9._~-]{1,128}")
# They end what the other calls work on.
ENDS = {("DELETE", "/rssp/devices/{deviceUUID}"), ("POST", "/rssp/certificates/{credentialID}/revoke")}
# [doc] The vendor's answer where there is no such credential: the one 5xx that is no failure.
NOT_THERE = {"Message": "Record not found"}
turn = 0


@schemathesis.serializer("application/pdf")
def pdf(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def existing(members, turn):
    """The same members, where they are good ids with ids that exist."""
    if not isinstance(members, dict):
        return members
    known = {
        name: THINGS[name][turn % len(THINGS[name])]
        for name, value in members.items()
        if THINGS.get(name) and isinstance(value, str) and GOOD_ID.fullmatch(value)
    }
    return {**members, **known}


@schemathesis.hook
def before_call(context, case, kwargs):
    global turn
    turn += 1
    if turn % 3 == 0 or (case.method.upper(), case.operation.path) in ENDS:
        return
    case.path_parameters = existing(case.path_parameters, turn)
    case.query = existing(case.query, turn)
    case.body = existing(case.body, turn)
    sound = case.meta is None or case.meta.generation.mode.is_positive
    if case.media_type == "application/pdf" and sound and turn % 2 == 0:
        case.body = PDF
        if "Content-Digest" in (case.headers or {}):
            case.headers["Content-Digest"] = DIGEST


def has_null(value):
    if isinstance(value, dict):
        return any(has_null(member) for member in value.values())
    return value is None or isinstance(value, list) and any(has_null(member) for member in value)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if failure.code == "ST101" and response.status_code == 504 and case.operation.path.split("/rssp")[-1].startswith("/credentials/activate"):
        return response.json() != NOT_THERE
    # A member that is null is one that is not there. And a body that need not be there was sometimes meant to be wrong and is just not there: the judge says so itself.
    if failure.code == "ST201":
        return not has_null(case.body) and "Invalid component: positive test case" not in failure.message
    return True
