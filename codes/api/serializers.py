"""The rows of REST's lists. Entries themselves are not serialized: they are stored as answered."""

from rest_framework import serializers
from rest_framework.reverse import reverse

from codes.models import Entry

# Which address answers with an entry of each kind.
DETAILS = {
    Entry.Kind.CODE: "api:code-detail",
    Entry.Kind.SECTION: "api:section-detail",
    Entry.Kind.FAMILY: "api:family-detail",
    Entry.Kind.TRAIT: "api:trait-detail",
    Entry.Kind.SPECIALTY: "api:specialty-detail",
    Entry.Kind.DENIAL_CATEGORY: "api:denial-category-detail",
}


def entry_url(kind: str, key: str, context: dict) -> str:
    """Where the entry is answered, for the date of service that the list was asked for."""
    address = reverse(DETAILS[Entry.Kind(kind)], args=[key], request=context["request"])
    as_of = context["view"].as_of
    return f"{address}?as_of={as_of.isoformat()}" if as_of else address


class CodeRow(serializers.Serializer):
    """A code as it reads on the date of service."""

    code = serializers.CharField(source="code.code")
    status = serializers.SerializerMethodField()
    short = serializers.CharField(help_text="CMS's short description")
    long = serializers.CharField(help_text="CMS's description in full")
    section = serializers.CharField(source="code.section.letter")
    family = serializers.CharField(source="code.family.slug", allow_null=True)
    added = serializers.DateField(source="period.added", help_text="The first day of use")
    terminated = serializers.DateField(
        source="period.terminated", allow_null=True, help_text="The last day of use"
    )
    url = serializers.SerializerMethodField()

    def get_status(self, version) -> str:
        """active, ended or future on the date of service."""
        return version.period.status_on(self.context["view"].on)

    def get_url(self, version) -> str:
        return entry_url(Entry.Kind.CODE, version.code.code, self.context)


class EntryRow(serializers.Serializer):
    """An entry that is not a code: its key, what it is called, where it is."""

    key = serializers.CharField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, entry) -> str:
        return entry_url(entry.kind, entry.key, self.context)


class SubjectRow(EntryRow):
    """The subject that a question belongs to."""

    kind = serializers.ChoiceField(choices=["code", "family", "section", "trait"])


class FaqRow(serializers.Serializer):
    """A question that the guidance of one subject answers."""

    question = serializers.CharField()
    answer = serializers.CharField(help_text="Markdown, as our editors wrote it")
    html = serializers.CharField(help_text="The answer as sanitised HTML")
    subject = SubjectRow(source="entry")
