"""Reviewers add to the vocabularies and take out what nothing uses, beside changing them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

VOCABULARIES = ["source", "specialty", "denialcategory", "cptreference"]


def grant(apps, schema_editor):
    config = apps.get_app_config("guidance")
    # Permissions are made after all migrations; here they are needed now.
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    codenames = [f"{deed}_{name}" for deed in ("add", "delete") for name in VOCABULARIES]
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="guidance", codename__in=codenames
    )
    reviewers, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Reviewer")
    reviewers.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("guidance", "0007_facts_reviewed_of_published")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
