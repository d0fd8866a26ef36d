"""The roles of guidance.workflow, as groups."""

from django.db import migrations

ROLES = ("Editor", "Reviewer", "Data steward", "Partner manager", "Administrator")


def make_roles(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for name in ROLES:
        groups.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("guidance", "0002_workflow"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
