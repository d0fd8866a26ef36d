"""Nobody signs their own words: tries at random, by every way there is."""

import random
from collections import defaultdict

import pytest
from django.test import Client
from django.urls import reverse

from codes.models import Code
from guidance import actions
from guidance.actions import NotAllowed, Wish
from guidance.models import Batch, Revision
from guidance.workflow import Role, Status
from tests.factories import make_account, make_release
from tests.revision_form import change_url, form_of

pytestmark = pytest.mark.django_db

CODES = ["J3490", "J3590"]
STEPS = ["submit", "recall", "return", "schedule", "unschedule", "publish-at-once", "restore"]
SAID = {"note": "Why", "publish_on": "2099-01-01"}


class Attack:
    """Five people who may approve, each signed in, do one thing after another to any revision."""

    def __init__(self, on):
        self.on, self.dice = on, random.Random(8)
        self.people = [
            make_account(name, Role.REVIEWER) for name in ("ann", "bob", "eve", "kim", "lee")
        ]
        self.clients = {person: Client() for person in self.people}
        for person, client in self.clients.items():
            client.force_login(person)
        self.writers = defaultdict(set)
        self.refused = 0

    def try_once(self):
        by = self.dice.choice(self.people)
        ways = [self.start, self.write, self.submit, self.submit, self.step, self.undo]
        ways += [self.sign_directly, self.sign_at_the_desk, self.sign_in_bulk, self.countersign]
        try:
            self.dice.choice(ways)(by)
        except NotAllowed:
            self.refused += 1

    def any(self, *statuses):
        """A revision in one of these states, or the newest of all."""
        found = Revision.objects.filter(status__in=statuses).order_by("pk")
        return self.dice.choice(list(found) or [Revision.objects.latest("pk")])

    def start(self, by):
        code = Code.objects.get(code=self.dice.choice(CODES))
        draft = actions.start_draft(subject=code, by=by, valid_from=self.on)
        self.writers[draft.pk].add(draft.author_id)

    def write(self, by):
        """As the form is sent, with fields that it does not have."""
        draft = self.any(Status.DRAFT, Status.RETURNED)
        other = next(person.pk for person in self.people if person != by)
        forged = {"author": other, "written_by": other, "reviewer": by.pk, "status": "published"}
        sent = form_of(draft, unit=f"One unit, says {by}.") | forged
        if self.clients[by].post(change_url(draft), sent).url == change_url(draft):
            self.writers[draft.pk].add(by.pk)

    def submit(self, by):
        draft = self.any(Status.DRAFT, Status.RETURNED)
        self.bulk("submit", by, [draft])

    def step(self, by):
        self.post(by, self.any(*Status), self.dice.choice(STEPS))

    def sign_directly(self, by):
        actions.approve(revision=self.any(Status.IN_REVIEW), by=by, on=self.on)

    def sign_at_the_desk(self, by):
        self.post(by, self.any(Status.IN_REVIEW), "approve")

    def sign_in_bulk(self, by):
        self.bulk("approve", by, Revision.objects.filter(status=Status.IN_REVIEW))

    def countersign(self, by):
        self.post(by, self.any(Status.PUBLISHED), "countersign")

    def undo(self, by):
        if batch := Batch.objects.filter(undone_at=None).order_by("pk").last():
            actions.undo_batch(batch=batch, by=by, on=self.on)

    def bulk(self, order, by, revisions):
        wish = Wish(order=order, by=by, on=self.on)
        actions.run_batch(wish=wish, editions={one.pk: str(one.edition) for one in revisions})

    def post(self, by, revision, step):
        self.clients[by].post(reverse("admin:guidance_step", args=[revision.pk, step]), SAID)

    def own_signatures(self):
        signed = Revision.objects.exclude(reviewer=None)
        return [one for one in signed if one.reviewer_id in self.writers[one.pk]]


@pytest.mark.parametrize("tries", [60, pytest.param(1_000, marks=pytest.mark.long)])
def test_no_try_gives_anyone_a_signature_under_their_own_words(on, tries):
    make_release(CODES, on=on)
    attack = Attack(on)
    attack.start(attack.people[0])

    for _ in range(tries):
        attack.try_once()
        assert attack.own_signatures() == []

    # The tries were in earnest: some were signed, and some refused.
    assert Revision.objects.exclude(reviewer=None).exists()
    assert attack.refused > tries / 30
    unsigned = Revision.objects.filter(status=Status.PUBLISHED, reviewer=None)
    assert not unsigned.filter(emergency_reason="").exists()
