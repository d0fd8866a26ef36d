"""October 2025 as CMS published it, imported whole, beside the starter pack."""

import csv
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, reset_queries
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codes.calendar import today
from codes.models import ChangeNumber, Code, CodeVersion, Release
from guidance.content import TOPICS
from tests.whole_portals import OCTOBER_2025, publish_file

pytestmark = pytest.mark.django_db

MOST_QUERIES = 4
ONE_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def dates(shared_data) -> dict[str, tuple[date, date | None]]:
    """The first and the last day of each code, taken from CMS's other copy of the file."""
    with (shared_data / f"{OCTOBER_2025}.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["RECID"] == "3"]
    return {row["HCPC"].strip(): (day(row["ADD DT"]), day(row["TERM DT"])) for row in rows}


def day(text: str) -> date | None:
    return datetime.strptime(text, "%Y%m%d").date() if text else None


def names(versions) -> set[str]:
    return set(versions.values_list("code__code", flat=True))


def test_every_code_starts_on_its_add_date(october_2025, dates):
    first = CodeVersion.objects.filter(starts_on=F("period__added"))

    assert len(dates) == 8_463
    assert dict(first.values_list("code__code", "starts_on")) == {
        name: added for name, (added, _) in dates.items()
    }


def test_every_ended_code_is_read_as_it_was_until_its_last_day(october_2025, dates):
    ended = {name: last for name, (_, last) in dates.items() if last}
    assert len(ended) == 1_205

    for last in set(ended.values()):
        then = {name for name, end in ended.items() if end == last}
        assert then <= names(CodeVersion.objects.active(last))
        assert then <= names(CodeVersion.objects.ended(last + ONE_DAY))


def test_importing_the_file_again_changes_nothing(october_2025, shared_data, capsys):
    def state() -> tuple:
        call_command("dump_history")
        releases = list(Release.objects.values_list("pk", "published_at"))
        return capsys.readouterr().out, ChangeNumber.objects.get().last, releases

    before = state()

    publish_file(shared_data / f"{OCTOBER_2025}.txt", today())

    assert state() == before


def answers(client, address: str):
    """Each code's name and the answer at its address, which costs few queries."""
    for code in Code.objects.listed().values_list("code", flat=True):
        reset_queries()  # the log of a connection ends at 9,000
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address.format(code))
        assert answer.status_code == 200, code
        assert len(queries) <= MOST_QUERIES, code
        yield code, answer


# Without statistics, as within one transaction, PostgreSQL takes minutes to compose it all again.
@pytest.mark.sqlite
def test_the_coverage_board_counts_every_code_in_use(admin_client, october_2025):
    sections = admin_client.get(reverse("admin:guidance_board")).context["sections"]

    assert sum(one.total for one, _ in sections) == 8_463 - 1_205


@pytest.mark.long
def test_every_code_has_its_page(client, october_2025):
    shown = [code for code, page in answers(client, "/codes/{}/") if code in page.content.decode()]

    assert len(shown) == 8_463


@pytest.mark.long
def test_every_code_has_guidance_at_least_from_its_section(client, october_2025):
    documents = {code: answer.json() for code, answer in answers(client, "/api/v1/codes/{}/")}

    assert len(documents) == 8_463
    assert [code for code, one in documents.items() if not any(one[t] for t in TOPICS)] == []
