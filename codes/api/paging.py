"""Lists a part at a time, by `limit` and `offset`; codes.api.parameters has checked both."""

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response

from codes.api.parameters import MOST_ROWS


class Envelope(LimitOffsetPagination):
    """`{results[], next, previous, count, as_of, release, notice}`."""

    default_limit = 50
    max_limit = MOST_ROWS
    limit_query_description = f"How many results: 1 to {MOST_ROWS}, 50 unless said."
    offset_query_description = "How many results to pass over."
    template = None

    def paginate_queryset(self, queryset, request, view=None):
        self.view = view
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data):
        page = {
            "results": data,
            "next": self.get_next_link(),
            "previous": self.get_previous_link(),
            "count": self.count,
        }
        return Response(page | self.view.standing.envelope())

    def get_schema_operation_parameters(self, view):
        bounds = {"limit": {"minimum": 1, "maximum": MOST_ROWS}, "offset": {"minimum": 0}}
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            parameter["schema"] |= bounds[parameter["name"]]
        return parameters

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "results": schema,
            "next": link,
            "previous": link,
            "count": {"type": "integer", "description": "Of all results, on every page"},
            "as_of": {"type": "string", "format": "date"},
            "release": RELEASE_SCHEMA,
            "notice": {"type": "string"},
        }
        return {"type": "object", "required": list(properties), "properties": properties}


RELEASE_SCHEMA = {
    "type": ["object", "null"],
    "description": "The newest release here; null before the first one",
    "required": ["key", "title", "is_excerpt", "age_days"],
    "properties": {
        "key": {"type": "string", "examples": ["2025-10"]},
        "title": {"type": "string"},
        "is_excerpt": {"type": "boolean"},
        "age_days": {"type": "integer"},
    },
}
