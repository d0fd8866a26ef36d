"""Guidance from files becomes drafts, by whoever brings the files; what is published stays as it is.

compare_files(files, by) -> [Proposal]        what each file says otherwise
make_drafts(files, by, chosen) -> [Made]      a draft for each subject of which something is chosen
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from django.db import transaction

from codes.actions import name_codes
from guidance.actions.workflow import NotAllowed, roles_of, save_draft, start_draft
from guidance.actions.writing import Writer, whole_revisions
from guidance.content import TEXTS, frozen
from guidance.exchange.plain import TOPICS, plain, topics_of
from guidance.models import PublishedGuidance, Revision
from guidance.models.revision import KEY_FIELD, subject_model
from guidance.pack import PackGuidance, companions
from guidance.workflow import WRITABLE, writes

Subject = tuple[str, str]  # scope and key


@dataclass(frozen=True)
class Proposal:
    """A subject of which a file says something else, and what it says for dates from `valid_from`.

    `current` is what is published for that day, or what stands in the reader's own open draft;
    `held_by` names whoever else has a revision open, so that nothing can be made of it; `earlier`
    are days for which the file differs too; `own_edition` is that of the reader's draft.
    """

    scope: str
    key: str
    valid_from: str
    note: str
    current: dict[str, Any]
    topics: dict[str, Any]
    held_by: str = ""
    earlier: tuple[str, ...] = ()
    own_edition: int | None = None

    def __str__(self) -> str:
        return f"{self.scope} {self.key} from {self.valid_from}: {', '.join(self.changed)}"

    @property
    def subject(self) -> Subject:
        return self.scope, self.key

    @property
    def changed(self) -> list[str]:
        """The topics that differ."""
        return [t for t in TOPICS if self.current.get(t) != self.topics.get(t)]

    def only(self, topics: Collection[str]) -> Self:
        """The file's word on these topics; on all others what is now said."""
        sides = {t: (self.topics if t in topics else self.current).get(t) for t in TOPICS}
        return replace(self, topics={topic: value for topic, value in sides.items() if value})

    @property
    def edition(self) -> str:
        """A digest of what is now said: another one when anyone has changed it since."""
        said = json.dumps([self.valid_from, self.current], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def compare_files(*, files: Iterable[PackGuidance], by: Any) -> list[Proposal]:
    """What the files say otherwise than the portal does; `by` None asks for nobody's own drafts."""
    files = list(files)
    published = _published(files)
    open_revisions = _open_revisions()
    own = _own_drafts(open_revisions.values(), by)
    found = []
    for item in files:
        subject = item.scope, item.key
        differing = [
            (edition, current)
            for edition in item.revisions
            if plain(edition.topics) != (current := _spoken(published[subject], edition.valid_from))
        ]
        if not differing:
            continue
        edition, current = differing[-1]
        proposal = Proposal(
            scope=item.scope,
            key=item.key,
            valid_from=edition.valid_from,
            note=edition.note,
            current=current,
            topics=plain(edition.topics),
            earlier=tuple(other.valid_from for other, _ in differing[:-1]),
        )
        if draft := own.get(subject):
            stands = topics_of(frozen(draft))
            proposal = replace(proposal, current=stands, own_edition=draft.edition)
        elif held := open_revisions.get(subject):
            proposal = replace(proposal, held_by=str(held.author))
        if proposal.changed:
            found.append(proposal)
    return found


@transaction.atomic
def make_drafts(
    *,
    proposals: Iterable[Proposal],
    by: Any,
    chosen: Mapping[Subject, Collection[str]] | None = None,
) -> list[Revision]:
    """Drafts by this person of the topics chosen, of all that differ without `chosen`. A subject
    that another has open, or has written in since, is left out. Raises NotAllowed."""
    if not writes(roles_of(by)):
        raise NotAllowed(f"{by} may not write drafts: it takes an editor or a reviewer.")
    wanted = [
        proposal if chosen is None else proposal.only(chosen.get(proposal.subject, ()))
        for proposal in proposals
        if not proposal.held_by
    ]
    wanted = [proposal for proposal in wanted if proposal.changed]
    subjects = _subject_rows(proposal.subject for proposal in wanted)
    named = (companions(proposal.topics) for proposal in wanted)
    writer = Writer(name_codes(set().union(*named)))
    made = (_make(proposal, subjects[proposal.subject], writer, by) for proposal in wanted)
    return [draft for draft in made if draft]


def _make(proposal: Proposal, subject: Any, writer: Writer, by: Any) -> Revision | None:
    """The draft; None where someone has been quicker."""
    day = date.fromisoformat(proposal.valid_from)
    draft = start_draft(subject=subject, by=by, valid_from=day)
    if draft.author != by or draft.edition != (proposal.own_edition or 1):
        return None
    topics = proposal.topics
    values = {name: topics.get(name, {}).get("text", "") for name in TEXTS}
    values |= {"suppress": topics.get("suppress", {}), "valid_from": day, "note": proposal.note}
    return save_draft(
        revision=draft, values=values, topics=topics, edition=draft.edition, by=by, writer=writer
    )


def _published(files: list[PackGuidance]) -> dict[Subject, list[PublishedGuidance]]:
    found = defaultdict(list)
    rows = PublishedGuidance.objects.filter(key__in={item.key for item in files})
    for row in rows.order_by("valid_from", "number"):
        found[row.scope, row.key].append(row)
    return found


def _spoken(rows: list[PublishedGuidance], day: str) -> dict[str, Any]:
    """What is published for dates of service from that day."""
    past = [row for row in rows if row.valid_from.isoformat() <= day]
    return topics_of(past[-1].content) if past else {}


def _open_revisions() -> dict[Subject, Revision]:
    found = Revision.objects.open().with_subjects().select_related("author")
    return {(one.guidance.scope, one.guidance.key): one for one in found}


def _own_drafts(revisions: Iterable[Revision], by: Any) -> dict[Subject, Revision]:
    """This person's own drafts, with all that `frozen` reads."""
    own = [one.pk for one in revisions if one.author == by and one.status in WRITABLE]
    return {(one.guidance.scope, one.guidance.key): one for one in whole_revisions(own)}


def _subject_rows(wanted: Iterable[Subject]) -> dict[Subject, Any]:
    keys = defaultdict(set)
    for scope, key in wanted:
        keys[scope].add(key)
    found: dict[Subject, Any] = {}
    for scope, names in keys.items():
        rows = subject_model(scope).objects.in_bulk(names, field_name=KEY_FIELD[scope])
        found |= {(scope, key): row for key, row in rows.items()}
    return found
