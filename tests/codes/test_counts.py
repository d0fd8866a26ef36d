"""What readers ask for is counted, by the day, and nothing is kept of who they are."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from codes import actions, counting, tasks
from codes.models import DailyCount
from tests.cms_files import code
from tests.factories import make_release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    counting.forget_counts()


def counted(kind):
    counting.write_counts()
    return dict(DailyCount.objects.filter(kind=kind).values_list("key", "count"))


def test_a_page_read_is_counted_though_the_reader_holds_it_already(client):
    make_release(["J3490"])
    first = client.get("/codes/J3490/")
    again = client.get("/codes/J3490/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304

    assert counted("page") == {"J3490": 2}


def test_an_entry_read_through_the_api_is_counted_apart(client):
    make_release(["J3490"])
    first = client.get("/api/v1/codes/J3490/")
    client.get("/api/v1/codes/J3490/", headers={"if-none-match": first["ETag"]})

    assert counted("api") == {"J3490": 2}
    assert counted("page") == {}


def test_counts_of_a_day_add_up_and_those_of_two_days_stay_apart(on):
    row = ("page", "J3490")
    actions.add_counts(counts={(on, *row): 2, (on - timedelta(days=1), *row): 1})
    actions.add_counts(counts={(on, *row): 3, (on, "page", "J3590"): 3})

    counts = DailyCount.objects.order_by("day", "key").values_list("key", "count")
    assert list(counts) == [("J3490", 1), ("J3490", 5), ("J3590", 3)]


def test_what_is_not_there_and_what_is_only_probed_is_not_counted(client):
    make_release(["J3490"])
    client.get("/codes/J9998/")
    client.get("/api/v1/codes/J9998/")
    client.head("/codes/J3490/")

    assert counted("page") == counted("api") == {}


def test_reading_writes_nothing_until_the_minute_is_over(client, django_assert_num_queries):
    make_release(["J3490"])

    with django_assert_num_queries(3):  # entry, call to action, newest release
        client.get("/codes/J3490/")

    assert not DailyCount.objects.exists()


@pytest.mark.parametrize("address", ["/codes/", "/api/v1/codes/"])
def test_words_that_find_nothing_are_kept_as_they_are_meant(client, address):
    make_release([code("J3490", long="A widget")])
    for words in ("Wegovy  PEN", "wegovy pen", "widget"):
        client.get(address, {"q": words})

    assert counted("nothing_found") == {"wegovy pen": 2}


def test_words_that_other_filters_hide_are_no_failed_search(client):
    make_release([code("J3490", long="A widget"), "E0601"])
    client.get("/codes/", {"q": "widget", "section": "E"})

    assert counted("nothing_found") == {}


@pytest.mark.parametrize(
    "words",
    [
        "1EG4TE5MK73 123456",
        "member 123456789",
        "jane 555-123-4567",
        "jane born 01/02/1960",
        "jane@example.org",
        "x" * 61,
        " ",
    ],
)
def test_words_that_may_name_a_person_or_are_no_words_are_not_kept(client, words):
    make_release(["J3490"])
    client.get("/codes/", {"q": words})

    assert counted("nothing_found") == {}


def test_nonsense_cannot_fill_the_table(rf, on):
    for number in range(counting.MOST_SEARCHES + 50):
        counting.count_search(rf.get("/"), f"word {number}", on)

    assert len(counted("nothing_found")) == counting.MOST_SEARCHES


def test_counts_that_cannot_be_written_wait_for_the_next_time(client, caplog):
    make_release(["J3490"])
    client.get("/codes/J3490/")

    def refuse(execute, *query):
        raise DatabaseError("The disk is full.")

    with connection.execute_wrapper(refuse):
        counting.write_counts()

    assert "The disk is full." in caplog.text
    assert counted("page") == {"J3490": 1}


def test_counts_of_more_than_400_days_ago_are_forgotten(on):
    for days in (400, 401, 402):
        DailyCount.objects.create(day=on - timedelta(days=days), kind="page", key="J3490", count=1)

    call_command("run_due")
    assert [row.day for row in DailyCount.objects.all()] == [on - timedelta(days=400)]
    assert tasks.forget_old_counts() == 0


@pytest.mark.django_db(transaction=True)
def test_a_process_writes_by_itself(client):
    make_release(["J3490"])
    client.get("/codes/J3490/")
    over = threading.Event()
    writer = threading.Thread(target=counting.keep_writing, args=(0.01, over))

    writer.start()
    deadline = time.monotonic() + 10
    while not DailyCount.objects.exists() and time.monotonic() < deadline:
        over.wait(0.01)
    over.set()
    writer.join()

    assert DailyCount.objects.get().count == 1
