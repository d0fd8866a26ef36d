"""What the OpenAPI schema says of each operation; the views say the rest by themselves."""

from collections.abc import Callable

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from codes.filters import LONGEST_QUERY, STATUSES

PROBLEM = {"$ref": "#/components/schemas/Problem"}


def _query(name: str, description: str, **more) -> OpenApiParameter:
    return OpenApiParameter(name, description=description, **more)


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(PROBLEM, description=description)


AS_OF = _query(
    "as_of",
    "The date of service, from 1980 to 2099; without it, today in New York.",
    type=OpenApiTypes.DATE,
    examples=[OpenApiExample("A day in the past", value="2024-05-01")],
)
NOT_MODIFIED = OpenApiResponse(description="The document that the reader's ETag names still holds.")

INDEX = {
    "summary": "The addresses of this interface",
    "responses": {200: {"type": "object", "additionalProperties": {"type": "string"}}},
}
CODE_LIST = {
    "summary": "Codes on a date of service",
    "description": (
        "In the order of the codes; with `q`, the first 500 that the words mean, the likeliest "
        "first. Filters narrow one another. Being listed is not being active: see `status`."
    ),
    "filters": False,
    "parameters": [
        _query("q", f"A code or words, at most {LONGEST_QUERY} characters."),
        _query("section", "Its letter, such as J."),
        _query("family", "Its key, as families/ lists them."),
        _query("trait", "Its key, as traits/ lists them: codes that have it today."),
        _query(
            "specialty", "Its key, as specialties/ lists them: codes whose guidance names it today."
        ),
        _query("denial", "A denial category's key, such as CO-16."),
        _query("status", "On the date of service.", enum=[status for status, _ in STATUSES]),
        AS_OF,
    ],
}
CODE_RETRIEVE = {
    "summary": "The entry of a code",
    "description": (
        "CMS's facts, our guidance and the sources of both for a date of service, as one "
        "document. Its ETag stands for the document: it changes when, and only when, that does. "
        "Past its `until` it may read differently."
    ),
    "parameters": [
        OpenApiParameter(
            "code",
            location="path",
            description="One letter from A to V and four digits.",
            examples=[OpenApiExample("Unclassified drugs", value="J3490")],
        ),
        AS_OF,
    ],
    "responses": {
        200: OpenApiResponse({"$ref": "#/components/schemas/CodeEntry"}),
        301: OpenApiResponse(description="Another spelling: Location names the right one."),
        304: NOT_MODIFIED,
        (404, "application/problem+json"): _problem(
            "No release lists the code; `reason` tells a slip from another code system, and "
            "`nearest` gives the codes within a slip."
        ),
    },
}
FAQ_LIST = {
    "summary": "Questions and answers",
    "description": "Each with the code, family, section or trait whose guidance answers it.",
    "parameters": [
        _query("q", f"Words in the question or the answer, at most {LONGEST_QUERY} characters.")
    ],
}


def documented(one: str, many: str) -> Callable:
    """Describe the list and the entries of a kind: `documented("family", "families")`."""
    name = "".join(word.capitalize() for word in one.split())
    return extend_schema_view(
        list=extend_schema(summary=f"All {many}", description="Their keys and titles, by key."),
        retrieve=extend_schema(
            summary=f"The entry of a {one}",
            description="The document as it is stored; see codes/{code}/ for its ETag and `until`.",
            parameters=[
                OpenApiParameter(
                    "key", location="path", description=f"As the list of {many} has it."
                ),
                AS_OF,
            ],
            responses={
                200: OpenApiResponse({"$ref": f"#/components/schemas/{name}Entry"}),
                304: NOT_MODIFIED,
                (404, "application/problem+json"): _problem(f"There is no such {one}."),
            },
        ),
    )
