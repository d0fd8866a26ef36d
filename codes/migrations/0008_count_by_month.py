"""Counts by the month instead of by the day: what is counted is added up, and kept."""

from django.db import migrations, models
from django.db.models import Sum
from django.db.models.functions import TruncMonth


def add_up(apps, schema_editor):
    days = apps.get_model("codes", "DailyCount").objects.order_by()
    by_month = days.annotate(month=TruncMonth("day")).values("month", "kind", "key")
    monthly = apps.get_model("codes", "MonthlyCount")
    monthly.objects.bulk_create(
        monthly(**row) for row in by_month.annotate(count=Sum("count")).iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("codes", "0007_contact_requests")]

    operations = [
        migrations.CreateModel(
            name="MonthlyCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("page", "page of a code read"),
                            ("api", "entry of a code read through the API"),
                            ("nothing_found", "search that found nothing"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The code, or the words that were searched for", max_length=60
                    ),
                ),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["-month", "kind", "-count"],
                "indexes": [
                    models.Index(
                        fields=["kind", "month", "key", "count"], name="monthly_counts_by_month"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key", "month"), name="monthly_count_is_one_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="monthly_count_is_of_a_months_first_day",
                    ),
                ],
            },
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel(name="DailyCount"),
    ]
