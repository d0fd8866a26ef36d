"""The workbench's home and the coverage board: what waits, how far guidance reaches, what is next."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from codes.actions import add_counts
from codes.calendar import EASTERN, month_of, working_days
from codes.models import Code
from guidance import actions
from guidance.models import Guidance, Revision
from guidance.queues import queues
from guidance.workflow import Role, Status
from tests.cms_files import code
from tests.factories import make_account, make_release
from tests.packs import text_of, write_pack

pytestmark = pytest.mark.django_db

BOARD = reverse("admin:guidance_board")
HOME = reverse("admin:index")
NOON = datetime(2026, 11, 25, 12, tzinfo=EASTERN)
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def people():
    """An editor and a reviewer."""
    return make_account("editor", Role.EDITOR), make_account("reviewer", Role.REVIEWER)


def start(key, by, on):
    subject = Code.objects.get(code=key)
    return actions.start_draft(subject=subject, by=by, valid_from=on)


def change(revision, **values):
    """Give a revision these columns, past every step."""
    Revision.objects.filter(pk=revision.pk).update(**values)


def queue(name, account, on, now=NOON):
    """What one queue of an account holds: (key, mark), the longest waiting first."""
    mine = queues(account, actions.roles_of(account), on=on, now=now)
    rows = next(one for one in mine if one.name == name).first(20)
    return [(row.guidance.key, row.mark) for row in rows]


# The queues


def test_each_revision_waits_with_whoever_has_the_next_step(people, on):
    editor, reviewer = people
    make_release(["J3490", "J3520", "J3590"], on=on)
    start("J3490", editor, on)
    submitted, returned = start("J3520", editor, on), start("J3590", editor, on)
    for one in (submitted, returned):
        change(one, status=Status.IN_REVIEW)
    actions.return_to_author(revision=returned, by=reviewer, note="Cite it.")

    assert queue("drafts", editor, on) == [("J3490", "")]
    assert queue("returned", editor, on) == [("J3590", "")]
    assert queue("waiting", editor, on) == queue("returned", reviewer, on) == []
    assert queue("waiting", reviewer, on) == [("J3520", "")]


def test_what_is_assigned_to_someone_is_theirs(people, on):
    editor, reviewer = people
    make_release(["J3490"], on=on)
    change(start("J3490", editor, on), assigned_to=reviewer)

    assert queue("drafts", reviewer, on) == queue("drafts", editor, on) == [("J3490", "")]


@pytest.mark.parametrize(
    ("now", "is_late"),
    [
        (datetime(2026, 11, 24, 23, 59, tzinfo=EASTERN), False),
        (datetime(2026, 11, 25, 0, 2, tzinfo=EASTERN), False),
        (datetime(2026, 11, 25, 0, 3, tzinfo=EASTERN), True),
    ],
)
def test_what_is_scheduled_and_did_not_go_out_is_marked(people, on, now, is_late):
    editor, reviewer = people
    make_release(["J3490"], on=on)
    signed = {"reviewer": reviewer, "reviewed_at": datetime(2026, 11, 20, tzinfo=EASTERN)}
    draft = start("J3490", editor, on)
    change(draft, status=Status.SCHEDULED, publish_on=date(2026, 11, 25), **signed)

    [(_, mark)] = queue("scheduled", editor, on, now)

    assert bool(mark) is is_late


@pytest.mark.parametrize(("days", "is_marked"), [(3, False), (4, False), (5, True)])
def test_what_nobody_signed_for_more_than_two_working_days_is_marked(people, on, days, is_marked):
    editor, _ = people
    make_release(["J3490"], on=on)
    draft = start("J3490", editor, on)
    published = datetime.combine(FRIDAY, datetime.min.time(), EASTERN)
    change(draft, status=Status.PUBLISHED, emergency_reason="Now.", saved_at=published)

    [(_, mark)] = queue("unsigned", editor, FRIDAY + timedelta(days=days))

    assert bool(mark) is is_marked


def test_working_days_are_monday_to_friday():
    assert working_days(FRIDAY, FRIDAY) == 0
    assert working_days(FRIDAY, FRIDAY + timedelta(days=3)) == 1
    assert working_days(FRIDAY, FRIDAY + timedelta(days=7)) == 5


def test_published_guidance_waits_when_its_day_is_over_or_a_check_fails(people, on, tmp_path):
    editor, _ = people
    make_release(["J3490", "J3590"], on=on)
    texts = [text_of("code", key, unit={"text": "Ours."}) for key in ("J3490", "J3590")]
    actions.load_starter(on=on, folder=write_pack(tmp_path, texts))
    one, other = Guidance.objects.filter(code__isnull=False).order_by("code__code")
    Guidance.objects.filter(pk=one.pk).update(review_due=on - timedelta(days=1))
    findings = [["warning", "length", "It is long."]]
    Guidance.objects.filter(pk=other.pk).update(review_due=on, findings=findings)

    assert queue("overdue", editor, on) == [("J3490", "")]
    assert queue("failing", editor, on) == [("J3590", "warning: It is long.")]


FILLED = {"drafts", "unsigned", "changed", "overdue", "failing"}


def make_many(size, by, on):
    """Drafts and overdue, failing, changed guidance, so many of each."""
    keys = [f"J{number:04}" for number in range(1000 + 100 * size, 1000 + 102 * size)]
    make_release(keys, quarter="2025-07", label=f"v{size}", on=on)
    for key in keys[:size]:
        start(key, by, on)
    for key in keys[size:]:
        revision = start(key, by, on)
        change(revision, unit="One unit.")
        actions.publish_at_once(revision=revision, by=by, on=on, reason="Now.")
    Guidance.objects.update(review_due=on - timedelta(days=1), findings=[["error", "x", "y"]])
    after = [code(key, long="Changed") for key in keys]
    make_release(after, quarter="2025-10", label=f"v{size}", on=on)


def test_the_workbench_costs_the_same_at_any_size(client, on):
    author = make_account("author", Role.REVIEWER)
    client.force_login(author)

    def cost(size):
        make_many(size, author, on)
        with CaptureQueriesContext(connection) as queries:
            found = client.get(HOME).context["queues"]
        assert {queue.name for queue, rows in found if rows[0].total >= size} == FILLED
        return len(queries)

    assert cost(1) == cost(22) <= 25


def test_a_long_queue_shows_its_first_rows_its_count_and_the_way_to_all(client, on):
    author = make_account("author", Role.REVIEWER)
    client.force_login(author)
    make_many(23, author, on)
    all_of_it = reverse("admin:guidance_queue", args=["drafts"])

    home = client.get(HOME)

    rows = next(rows for queue, rows in home.context["queues"] if queue.name == "drafts")
    assert len(rows) == 20
    assert f'href="{all_of_it}"' in home.content.decode()
    assert f"The oldest: last saved {timezone.localdate()}" in home.content.decode()
    assert len(client.get(all_of_it).context["rows"]) == 23
    assert client.get(reverse("admin:guidance_queue", args=["nothing"])).status_code == 404


# The coverage board


@pytest.fixture
def editor_client(client):
    client.force_login(make_account("editor", Role.EDITOR))
    return client


def covered(page):
    """Own, inherited and none of each section on the board."""
    return {one.key: (one.own, one.inherited, one.none) for one, _ in page.context["sections"]}


def test_the_board_tells_own_from_inherited_from_none(editor_client, tmp_path, on):
    ended = code("J9999", terminated=on - timedelta(days=1))
    rental = code("E0601", price=("36",))
    make_release(["J3490", "J3590", "J0135", ended, rental, "E0570", "A4253", "V5336"], on=on)
    texts = [
        text_of("code", "J3490", unit={"text": "Ours."}),
        text_of("family", "j-noc", unit={"text": "Ours."}),
        text_of("trait", "capped-rental", unit={"text": "Ours."}),
        text_of("section", "V", unit={"text": "Ours."}),
    ]
    actions.load_starter(on=on, folder=write_pack(tmp_path, texts))

    found = covered(editor_client.get(BOARD))

    assert found == {"J": (1, 1, 1), "E": (0, 1, 1), "A": (0, 0, 1), "V": (0, 1, 0)}


def test_what_is_read_most_without_guidance_of_its_own_is_next(editor_client, tmp_path, on):
    make_release(["J3490", "J3520", "J3590"], on=on)
    folder = write_pack(tmp_path, [text_of("code", "J3490", unit={"text": "Ours."})])
    actions.load_starter(on=on, folder=folder)
    month, old = month_of(on), month_of(on, 4)
    add_counts(counts={(month, "page", "J3490"): 9, (old, "page", "J3590"): 99})
    add_counts(counts={(month, "page", "J3520"): 1, (month_of(on, 3), "page", "J3590"): 2})
    add_counts(counts={(month, "api", "J3520"): 2, (month, "nothing_found", "wegovy"): 5})

    page = editor_client.get(BOARD)

    assert [(row["key"], row["total"]) for row in page.context["next"]] == [
        ("J3520", 3),
        ("J3590", 2),
    ]
    assert page.context["searches"] == [{"key": "wegovy", "total": 5}]
    assert 'aria-label="Write about J3520"' in page.content.decode()


def test_the_board_costs_the_same_at_any_size(editor_client, on):
    def cost(size):
        keys = [f"{letter}{n:04}" for letter in "AEJ" for n in range(1000, 1000 + size)]
        make_release(keys, label=f"v{size}", on=on)
        add_counts(counts={(month_of(on), "page", key): 1 for key in keys})
        with CaptureQueriesContext(connection) as queries:
            assert sum(one.total for one, _ in editor_client.get(BOARD).context["sections"])
        return len(queries)

    assert cost(1) == cost(30) <= 14
