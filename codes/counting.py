"""Counting what is asked for, in the process, and writing it down once a minute.

A request costs one addition to a dictionary. A thread of the process's own, started by the first
count, writes; what it has not yet written is lost when the process ends: a minute's counts at the
most. Of a reader nothing is kept: no address, no cookie, no name of a browser. Whoever reads a copy
that a browser or a proxy kept is not counted.
"""

import logging
import re
import threading
from collections import Counter
from datetime import date
from unicodedata import normalize

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest

from codes import actions
from codes.calendar import month_of
from codes.models import MonthlyCount

LONGEST_WORDS = 60
# Six digits or more, however they are parted: a patient's number, a telephone number, a birthday.
NUMBER_OF_A_PERSON = re.compile(r"\d(?:[\s./()-]*\d){5}")
# What a search for a thing is made of: no address of a site, no formula, no mark-up.
WORDS_OF_THE_TRADE = re.compile(r"[^\W_][\w\s'’,/%&+-]*")
WORDS_OF_A_PERSON = re.compile(r"\b(?:dob|born|birth|birthday|ssn)\b|\bwww\b|https?")
# A code of another system, or one that is not there: nobody can write about it.
NUMBER_OF_A_CODE = re.compile(r"[a-z]?\d{4,5}[a-z]?")
# Between two writings. Whoever sends nonsense does not fill the table with it.
MOST_KEYS = 10_000
MOST_SEARCHES = 200

log = logging.getLogger(__name__)


class Tally:
    """What has been counted and not yet written, by month, kind and key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[date, str, str]] = Counter()
        self._writer: threading.Thread | None = None

    def add(self, kind: MonthlyCount.Kind, key: str, on: date) -> None:
        counted = month_of(on), kind, key
        with self._lock:
            if counted in self._counts or self._has_room(kind):
                self._counts[counted] += 1
            self._start_writer()

    def take(self) -> Counter[tuple[date, str, str]]:
        """All that is counted; the tally then begins anew."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken

    def put_back(self, counts: Counter[tuple[date, str, str]]) -> None:
        with self._lock:
            self._counts += counts

    def _has_room(self, kind: MonthlyCount.Kind) -> bool:
        if kind != MonthlyCount.Kind.NOTHING_FOUND:
            return len(self._counts) < MOST_KEYS
        return sum(known == kind for _, known, _ in self._counts) < MOST_SEARCHES

    def _start_writer(self) -> None:
        if self._writer is None and settings.SECONDS_BETWEEN_COUNTS:
            pause = settings.SECONDS_BETWEEN_COUNTS
            self._writer = threading.Thread(target=keep_writing, args=(pause,), daemon=True)
            self._writer.start()


_tally = Tally()


def count(request: HttpRequest, kind: MonthlyCount.Kind, key: str, on: date) -> None:
    """Count one reading of a code's page or entry. `on` is today; asking for the head alone is no
    reading."""
    if request.method == "GET":
        _tally.add(kind, key, on)


def count_search(request: HttpRequest, text: str, on: date) -> None:
    """Count a search that found nothing, where its words look like words of the trade."""
    words = " ".join(normalize("NFKC", text).casefold().split())
    if words and len(words) <= LONGEST_WORDS and words.isprintable() and not _is_left_out(words):
        count(request, MonthlyCount.Kind.NOTHING_FOUND, words, on)


def write_counts() -> None:
    """Write down what this process has counted; what cannot be written now is kept for later."""
    counts = _tally.take()
    if not counts:
        return
    try:
        actions.add_counts(counts=counts)
    except DatabaseError as error:
        _tally.put_back(counts)
        log.warning("Counts could not be written; they are kept: %s", error)


def keep_writing(seconds: float, over: threading.Event | None = None) -> None:
    """Write every so many seconds, until it is over or the process ends."""
    over = over or threading.Event()
    while not over.wait(seconds):
        write_counts()
        connection.close()


def forget_counts() -> None:
    """Drop what is not yet written."""
    _tally.take()


def _is_left_out(words: str) -> bool:
    is_private = NUMBER_OF_A_PERSON.search(words) or WORDS_OF_A_PERSON.search(words)
    is_of_the_trade = WORDS_OF_THE_TRADE.fullmatch(words)
    return bool(is_private or not is_of_the_trade or NUMBER_OF_A_CODE.fullmatch(words))
