"""The REST interface as a whole: one shape for every refusal, and what its schema adds.

A refusal is a problem document (RFC 9457): `type, title, status, detail`, and what its type adds.
"""

import json
import re
from http import HTTPStatus
from typing import Any

from django.conf import settings
from rest_framework.response import Response
from rest_framework.views import exception_handler

PROBLEM_JSON = "application/problem+json"
TYPE = "urn:hcpcs-portal:problem:"
ENTRY_SCHEMA = settings.BASE_DIR / "docs" / "entry.schema.json"

BAD_PARAMETERS = {
    "description": "A parameter is unknown, given twice or wrong; `errors` says which.",
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
DESCRIPTION = """
What CMS says of every HCPCS Level II code, and our editors' guidance on how to bill it, for a date
of service, each with its sources.

**That a code is listed, or in use, says nothing about coverage or payment.** Check the payer's
rules for the date of service. Guidance that nobody here has reviewed says so in `review.flags`.

CPT is a registered trademark of the American Medical Association: CPT codes appear as numbers,
with our own words.

Open to all, read-only. An unknown or wrong parameter is refused, never passed over. Every refusal
is a problem document (RFC 9457).
"""
HEADERS = {
    "HCPCS-Release": {
        "description": "The newest release here, by its quarter; `none` before the first one",
        "schema": {"type": "string", "examples": ["2025-10"]},
    },
    "HCPCS-Release-Age-Days": {
        "description": "For how many days that release has been in force",
        "schema": {"type": "string", "examples": ["53"]},
    },
    "HCPCS-As-Of": {
        "description": "The date of service that the answer speaks for",
        "schema": {"type": "string", "format": "date"},
    },
    "HCPCS-Change-Number": {
        "description": "Grows with every change of an entry: the same number, the same entries",
        "schema": {"type": "integer"},
    },
    "HCPCS-Notice": {
        "description": "That a code's presence says nothing about coverage or payment, in words",
        "schema": {"type": "string"},
    },
}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457); some types add keys.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": [f"{TYPE}unknown-code"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "examples": [404]},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "bad-parameters: what is wrong with each parameter",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "code": {"type": "string", "description": "unknown-code: what was asked for"},
        "reason": {"type": "string", "description": "unknown-code: which kind of mistake it is"},
        "nearest": {
            "type": "array",
            "description": "What may have been meant",
            "items": {"type": "string"},
        },
    },
}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's answer to an error as a problem document; None for our own failures."""
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = as_problem(error, response.status_code)
    response.content_type = PROBLEM_JSON
    return response


def as_problem(error: Exception, status: int) -> dict[str, Any]:
    """The problem document of a refusal; its own `title` and `members` go into it."""
    phrase = HTTPStatus(status).phrase
    code = getattr(error, "default_code", phrase.lower())
    return {
        "type": TYPE + re.sub(r"[ _]", "-", code),
        "title": getattr(error, "title", phrase),
        "status": status,
        "detail": str(getattr(error, "detail", phrase)),
        **getattr(error, "members", {}),
    }


def complete_schema(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The OpenAPI schema with what holds for the whole interface, and the shapes of its entries."""
    text = ENTRY_SCHEMA.read_text().replace('"#/$defs/', '"#/components/schemas/')
    components = result["components"]
    components["schemas"] |= json.loads(text)["$defs"] | {"Problem": PROBLEM_SCHEMA}
    components["headers"] = HEADERS
    result["info"]["description"] = DESCRIPTION
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    for operations in result["paths"].values():
        responses = operations["get"]["responses"]
        responses["400"] = BAD_PARAMETERS
        for status, response in responses.items():
            responses[status] = response | {"headers": headers}
    return result
