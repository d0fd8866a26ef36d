from django.db import migrations
from django.db.models import OuterRef, Subquery


def copy_facts_reviewed(apps, schema_editor):
    """What was published before the column was there: held against the same facts as its guidance."""
    published = apps.get_model("guidance", "PublishedGuidance")
    guidance = apps.get_model("guidance", "Guidance").objects.filter(pk=OuterRef("guidance"))
    published.objects.update(facts_reviewed=Subquery(guidance.values("facts_reviewed")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('guidance', '0006_desk'),
    ]

    operations = [
        migrations.RunPython(copy_facts_reviewed, migrations.RunPython.noop),
    ]
