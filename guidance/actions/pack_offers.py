"""What a newer pack says otherwise of what editors have revised is offered to them as drafts.

Offered are those topics alone in which the pack differs from the one before it. It is done once,
whether the draft is then taken or discarded: what the pack said is kept on record.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from guidance.actions.drafts_from_files import Proposal, compare_files, make_drafts
from guidance.actions.writing import whole_revisions
from guidance.content import frozen
from guidance.exchange.plain import TOPICS, topics_of
from guidance.models import Guidance, PublishedGuidance, Revision
from guidance.pack import PackGuidance

LONGEST_NOTE = 300


@dataclass
class Offers:
    """What became drafts, and what someone has a revision open of: that is offered when a pack is
    next loaded."""

    made: list[Proposal] = field(default_factory=list)
    held: list[Proposal] = field(default_factory=list)


def offer_differences(*, revised: list[tuple[Guidance, PackGuidance]], by: Any) -> Offers:
    """Make drafts of what the pack's files say otherwise, by the starter pack's account. `revised`
    has guidance that editors have revised, each with its file."""
    subjects = [guidance for guidance, _ in revised]
    before, newest_days = _said_before(subjects), _newest_days(subjects)
    files = [_newest_edition(item, newest_days.get(guidance.pk, "")) for guidance, item in revised]
    proposals = {one.subject: one for one in compare_files(files=files, by=None)}
    offers = Offers()
    for guidance, item in revised:
        offer = _news(proposals.get((item.scope, item.key)), before.get(guidance.pk, {}))
        if offer:
            (offers.held if offer.held_by else offers.made).append(offer)
    make_drafts(proposals=offers.made, by=by)
    return offers


def _news(proposal: Proposal | None, before: Mapping[str, Any]) -> Proposal | None:
    """Of what the file says otherwise than is published, what the pack before did not say."""
    if proposal is None:
        return None
    news = proposal.only([t for t in TOPICS if proposal.topics.get(t) != before.get(t)])
    return news if news.changed else None


def _newest_edition(item: PackGuidance, newest_day: str) -> PackGuidance:
    """The file's newest edition alone, for the dates of which the newest published text speaks."""
    edition = item.revisions[-1]
    note = f"Offered by the starter pack. {edition.note}".strip()[:LONGEST_NOTE]
    day = max(edition.valid_from, newest_day)
    return replace(item, revisions=(replace(edition, valid_from=day, note=note),))


def _newest_days(subjects: Collection[Guidance]) -> dict[int, str]:
    """The first day of the newest text published of each."""
    rows = PublishedGuidance.objects.filter(guidance__in=subjects).order_by("valid_from")
    return {
        guidance: day.isoformat() for guidance, day in rows.values_list("guidance", "valid_from")
    }


def _said_before(subjects: Collection[Guidance]) -> dict[int, dict[str, Any]]:
    """The newest edition of each in the pack that was last written or set aside."""
    rows = Revision.objects.filter(guidance__in=subjects, is_from_pack=True).order_by("number")
    newest = dict(rows.values_list("guidance", "pk"))
    return {
        one.guidance_id: topics_of(frozen(one)) for one in whole_revisions(list(newest.values()))
    }
