"""Print what every code and modifier has been, one JSON line each, in the order of the codes."""

import json

from django.core.management.base import BaseCommand

from codes.models import Code, Modifier


class Command(BaseCommand):
    help = "Print the history of every code and modifier as JSON lines: the same for the same releases."

    def handle(self, **options) -> None:
        for identity in (Code, Modifier):
            rows = identity.objects.listed().prefetch_related(
                "periods", "versions__release", "versions__period", "changes__release"
            )
            for row in rows.iterator(chunk_size=500):
                self.stdout.write(json.dumps(_history(row), ensure_ascii=False))


def _history(row: Code | Modifier) -> dict:
    return {
        "code": row.code,
        "periods": [
            [str(p.added), p.terminated and str(p.terminated), str(p.text_known_from)]
            for p in row.periods.all()
        ],
        "versions": [
            [
                str(v.starts_on),
                str(v.period.added),
                v.release.file_name,
                v.short,
                v.long,
                v.fields,
            ]
            for v in row.versions.all()
        ],
        "changes": sorted(
            [c.release.key, c.kind, c.field, c.before, c.after] for c in row.changes.all()
        ),
    }
