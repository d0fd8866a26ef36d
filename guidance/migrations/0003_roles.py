"""The roles of guidance.workflow, as groups with the permissions that the admin asks for."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYONE = ["codes.view", "guidance.view"]
ROLES = {
    "Editor": [],
    "Reviewer": [
        "guidance.change_calltoaction",
        "guidance.change_source",
        "guidance.change_specialty",
        "guidance.change_denialcategory",
        "guidance.change_cptreference",
    ],
    "Data steward": ["codes.add_release", "codes.change_release", "codes.delete_release"],
    "Partner manager": [],
    "Administrator": ["codes.", "guidance.", "auth."],
}


def make_roles(apps, schema_editor):
    for config in apps.get_app_configs():
        # Permissions are made after all migrations; here they are needed now.
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    for name, granted in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set(
            permission
            for permission in permissions
            if f"{permission.content_type.app_label}.{permission.codename}".startswith(
                (*EVERYONE, *granted)
            )
        )


class Migration(migrations.Migration):
    dependencies = [
        ("guidance", "0002_workflow"),
        ("codes", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
