"""What readers ask for is counted, by the day, and nothing is kept of who they are."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from codes import actions, counting, tasks
from codes.calendar import month_of
from codes.models import MonthlyCount
from tests.cms_files import code
from tests.factories import make_release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    counting.forget_counts()


def counted(kind):
    counting.write_counts()
    return dict(MonthlyCount.objects.filter(kind=kind).values_list("key", "count"))


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


def test_counts_of_a_month_add_up_and_those_of_two_months_stay_apart(on):
    row, month = ("page", "J3490"), month_of(on)
    actions.add_counts(counts={(month, *row): 2, (month_of(on, 1), *row): 1})
    actions.add_counts(counts={(month, *row): 3, (month, "page", "J3590"): 3})

    counts = MonthlyCount.objects.order_by("month", "key").values_list("key", "count")
    assert list(counts) == [("J3490", 1), ("J3490", 5), ("J3590", 3)]


def test_what_is_not_there_and_what_is_only_probed_is_not_counted(client):
    make_release(["J3490"])
    client.get("/codes/J9998/")
    client.get("/api/v1/codes/J9998/")
    client.head("/codes/J3490/")

    assert counted("page") == counted("api") == {}


def test_reading_writes_nothing_until_the_minute_is_over(client, django_assert_num_queries):
    make_release(["J3490"])

    with django_assert_num_queries(4):  # entry, call to action, codes beside it, newest release
        client.get("/codes/J3490/")

    assert not MonthlyCount.objects.exists()


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
        "99213",
        "john smith born march 3 1950",
        "dob 1-2-34",
        "buy pills at www evil example",
        "=hyperlink(1)",
        "<script>alert(1)</script>",
        "D0120",
        "j9998",
        " ",
    ],
)
def test_words_that_may_name_a_person_or_that_nobody_can_write_about_are_not_kept(client, words):
    make_release(["J3490"])
    client.get("/codes/", {"q": words})

    assert counted("nothing_found") == {}


def test_nonsense_cannot_fill_the_table(rf, on):
    for number in range(counting.MOST_SEARCHES + 50):
        counting.count_search(rf.get("/"), f"word {number}", on)

    assert len(counted("nothing_found")) == counting.MOST_SEARCHES


def test_a_month_takes_no_more_searches_than_editors_could_read(on, monkeypatch):
    monkeypatch.setattr("codes.actions.counts.MOST_SEARCHES_A_MONTH", 2)
    month = month_of(on)
    for words in ("one", "two", "three"):
        actions.add_counts(counts={(month, "nothing_found", words): 1, (month, "page", "J3490"): 1})

    assert counted("nothing_found") == {"one": 1, "two": 1}
    assert counted("page") == {"J3490": 3}


def test_counts_that_cannot_be_written_wait_for_the_next_time(client, caplog):
    make_release(["J3490"])
    client.get("/codes/J3490/")

    def refuse(execute, *query):
        raise DatabaseError("The disk is full.")

    with connection.execute_wrapper(refuse):
        counting.write_counts()

    assert "The disk is full." in caplog.text
    assert counted("page") == {"J3490": 1}


def test_counts_of_more_than_thirteen_months_ago_are_forgotten(on):
    for months in (13, 14, 15):
        MonthlyCount.objects.create(month=month_of(on, months), kind="page", key="J3490", count=1)

    call_command("run_due")
    assert [row.month for row in MonthlyCount.objects.all()] == [month_of(on, 13)]
    assert tasks.forget_old_counts() == 0


@pytest.mark.django_db(transaction=True)
def test_a_process_writes_by_itself(client):
    make_release(["J3490"])
    client.get("/codes/J3490/")
    over = threading.Event()
    writer = threading.Thread(target=counting.keep_writing, args=(0.01, over))

    writer.start()
    deadline = time.monotonic() + 10
    while not MonthlyCount.objects.exists() and time.monotonic() < deadline:
        over.wait(0.01)
    over.set()
    writer.join()

    assert MonthlyCount.objects.get().count == 1
