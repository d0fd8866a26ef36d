"""The form on which a revision is written: nothing typed is lost, and nothing is refused in silence."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guidance import actions
from guidance.models import AuditEvent, Source, Specialty, Typing
from guidance.workflow import Role, Status
from tests.factories import make_account, make_release
from tests.packs import write_pack
from tests.revision_form import change_url, form_of, keep_url, opened, rows_of, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(tmp_path, on):
    make_release(["J3490", "J3590"], on=on)
    actions.load_starter(on=on, folder=write_pack(tmp_path))


def browser_of(name, role=Role.EDITOR):
    """A browser with an account signed in."""
    client = Client()
    client.force_login(make_account(name, role))
    return client


@pytest.fixture
def ann(portal):
    return browser_of("ann")


@pytest.fixture
def bob(portal):
    return browser_of("bob")


@pytest.fixture
def draft(ann):
    return start(ann)


def save(client, draft, **sent):
    """The answer to a form; one that is not saved says what is wrong in its context."""
    return client.post(change_url(draft), form_of(draft, **sent))


def saved(client, draft, sent):
    answer = client.post(change_url(draft), sent)
    assert answer.status_code == 302, answer.context["errors"]
    draft.refresh_from_db()


def text(answer):
    return answer.content.decode()


# Incomplete


def test_a_row_needs_only_what_names_it(ann, draft):
    rows = rows_of("coverage", {"payer_class": "medicare"})
    rows |= rows_of("denials", {"category": "co-16", "payer_class": "any"})
    rows |= rows_of("modifiers", {"code": "kx", "relation": "required"})
    rows |= rows_of("companions", {"cpt": "96372", "relation": "administered_by"})
    rows |= rows_of("faqs", {"question": "Why?"})

    saved(ann, draft, form_of(draft, **rows))

    lists = [draft.coverage, draft.denials, draft.modifiers, draft.companions, draft.faqs]
    assert [one.count() for one in lists] == [1] * 5
    assert draft.denials.get().category.key == "CO-16"
    assert draft.modifiers.get().code == "KX"


def test_submitting_says_in_one_list_what_is_missing(ann, draft):
    rows = rows_of("faqs", {"question": "Why?", "answer": "So."}, {"question": "Who?"})

    page = ann.post(change_url(draft), form_of(draft, _submit="", **rows), follow=True)

    assert "It is saved, and not yet submitted." in text(page)
    assert "Questions, row 2: Write the answer." in text(page)
    assert f'href="{change_url(draft)}#id_faqs-1-answer"' in text(page)
    assert draft.faqs.count() == 2


def test_what_the_checks_find_leads_to_its_field(ann, draft):
    saved(ann, draft, form_of(draft, unit="Medicare always covers it."))

    for page in (ann.get(change_url(draft)), ann.get("/admin/guidance/guidance/code/J3490/desk/")):
        assert f'<a href="{change_url(draft)}#id_unit">Billing unit</a>' in text(page)


def test_a_source_that_is_missing_is_said_at_its_row(ann, draft):
    faqs = {"question": "How many?", "answer": "No more than three units a month."}
    saved(ann, draft, form_of(draft, **rows_of("faqs", {"question": "Q?"}, faqs)))

    page = ann.get(change_url(draft))

    [row] = page.context["inline_admin_formsets"][4].formset.forms[1:2]
    assert "nothing is cited" in row.found_here
    assert f'<a href="{change_url(draft)}#id_faqs-1-answer">Questions, row 2</a>' in text(page)


@pytest.mark.parametrize(
    ("cited", "field"), [({"source": "no-such"}, "source"), ({"row": 7, "topic": "faqs"}, "row")]
)
def test_a_wrong_source_is_said_at_the_top_and_at_its_row(ann, draft, cited, field):
    row = {"source": "test-source", "topic": "unit"} | cited

    page = save(ann, draft, **rows_of("citations", {"source": "test-source", "topic": "unit"}, row))

    [refusal] = page.context["refusals"]
    assert f'<a href="#id_citations-1-{field}">{refusal["place"]}</a>' in text(page)
    assert refusal["place"].startswith("Citations, row 2, ")
    assert text(page).count(refusal["message"]) == 2


def test_saving_and_submitting_are_one_key(ann, draft):
    page = ann.post(change_url(draft), form_of(draft, unit="One unit.", _submit=""))

    assert page.url == reverse("admin:guidance_desk", args=["code", "J3490"])
    draft.refresh_from_db()
    assert (draft.status, draft.unit) == (Status.IN_REVIEW, "One unit.")


# Rows and citations


def test_a_form_that_is_sent_back_as_it_came_changes_no_row(ann, draft):
    rows = rows_of("faqs", {"question": "Why?", "answer": "So."}, {"question": "Who?"})
    rows |= rows_of("denials", {"category": "CO-16", "payer_class": "any", "rarcs": "M119 MA130"})
    rows |= rows_of("citations", {"source": "test-source", "topic": "faqs", "row": 2})
    saved(ann, draft, form_of(draft, specialties="urology, rheumatology", **rows))
    before = [list(one.values()) for one in (draft.faqs, draft.denials, draft.citations)]

    saved(ann, draft, opened(ann, draft))

    after = [list(one.values()) for one in (draft.faqs, draft.denials, draft.citations)]
    assert after == before
    assert draft.denials.get().rarcs == ["M119", "MA130"]
    assert {s.slug for s in draft.specialties.all()} == {"urology", "rheumatology"}


def test_a_citation_names_its_row_by_the_number_on_the_form(ann, draft):
    rows = rows_of("faqs", {"question": "A?"}, {"question": "B?"}, {"question": "C?"})
    saved(ann, draft, form_of(draft, **rows))
    sent = opened(ann, draft) | {"faqs-0-DELETE": "on"}
    cited = [{"source": "test-source", "topic": "faqs", "row": row} for row in (1, 3)]

    saved(ann, draft, sent | rows_of("citations", *cited))

    assert [faq.question for faq in draft.faqs.all()] == ["B?", "C?"]
    assert [c.row for c in draft.citations.all()] == [draft.faqs.last().position]
    assert opened(ann, draft)["citations-0-row"] == "2"


def test_a_row_that_goes_takes_its_citations_along(ann, draft):
    rows = rows_of("faqs", {"question": "A?"}, {"question": "B?"})
    cited = [{"source": "test-source", "topic": "faqs", "row": row} for row in (1, 2)]
    saved(ann, draft, form_of(draft, **rows, **rows_of("citations", *cited)))

    saved(ann, draft, opened(ann, draft) | {"faqs-1-DELETE": "on"})

    assert draft.citations.get().row == draft.faqs.get().position


def test_two_rows_may_change_places(ann, draft):
    rows = rows_of("faqs", {"question": "A?", "answer": "a"}, {"question": "B?", "answer": "b"})
    saved(ann, draft, form_of(draft, **rows))

    saved(ann, draft, opened(ann, draft) | {"faqs-0-question": "B?", "faqs-1-question": "A?"})

    assert [(f.question, f.answer) for f in draft.faqs.all()] == [("B?", "a"), ("A?", "b")]


WRONG = {
    "a source that is not there": (
        rows_of("citations", {"source": "nowhere", "topic": "unit"}),
        "There is no source nowhere.",
    ),
    "a row that is not there": (
        rows_of("citations", {"source": "test-source", "topic": "faqs", "row": 7}),
        "There is no row 7 of questions: the last is 1.",
    ),
    "a list without its row": (
        rows_of("citations", {"source": "test-source", "topic": "faqs"}),
        "Which row of questions? Give its number.",
    ),
    "a specialty that is not there": ({"specialties": "urology, x"}, "There is no specialty x."),
    "a category twice": (
        rows_of("denials", *[{"category": "CO-16", "payer_class": "any"}] * 2),
        "This row is #1 again.",
    ),
    "a companion that is nothing": (
        rows_of("companions", {"relation": "replaces", "context": "x"}),
        "Name a CPT number or a HCPCS code: one of the two.",
    ),
    "a modifier of three": (rows_of("modifiers", {"code": "K-", "relation": "required"}), "KX."),
    "a rule that ends first": (
        rows_of(
            "modifiers",
            {
                "code": "KX",
                "relation": "required",
                "from_date": "2025-01-02",
                "until_date": "2025-01-01",
            },
        ),
        "The rule ends before it begins",
    ),
    "a suppression without a key": ({"suppress": "denials"}, "“denials” is not understood."),
    "a text as long as a book": ({"unit": "x" * 20_001}, "20001 characters; 20000 at the most"),
    "a character that is none": (
        rows_of("denials", {"category": "CO\0-16", "payer_class": "any"}),
        "Null characters are not allowed.",
    ),
}


@pytest.mark.parametrize(("sent", "message"), WRONG.values(), ids=WRONG.keys())
def test_bad_input_is_refused_at_its_field_and_all_else_is_kept(ann, draft, sent, message):
    kept = rows_of("faqs", {"question": "Kept?", "answer": "Kept."})

    page = save(ann, draft, summary="Kept too.", **kept, **sent)

    assert page.status_code == 200
    for words in (message, "Kept?", "Kept.", "Kept too."):
        assert words in text(page)
    draft.refresh_from_db()
    assert (draft.summary, draft.faqs.count()) == ("", 0)


def test_inherited_rows_are_suppressed_by_lines(ann, draft):
    saved(ann, draft, form_of(draft, suppress="denials: CO-16\ntopics: unit\n\ndenials: CO-50"))

    assert draft.suppress == {"denials": ["CO-16", "CO-50"], "topics": ["unit"]}
    assert opened(ann, draft)["suppress"] == "denials: CO-16\ndenials: CO-50\ntopics: unit"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        # These are the work of the processor alone.
        pytest.param("![" * 5_000 + "](x)" * 2_500, marks=pytest.mark.sqlite),
        pytest.param("[" * 10_000 + "]" * 10_000, marks=pytest.mark.sqlite),
        "a | b\n--|--\n<b onclick=x>1</b> | 2",
    ],
    ids=["script", "link", "nested images", "nested links", "table"],
)
def test_hostile_markdown_is_saved_and_shown_without_harm(ann, draft, hostile):
    saved(ann, draft, form_of(draft, unit=hostile))
    began = time.thread_time()

    shown = ann.post(reverse("admin:guidance_prose"), {"text": hostile}).json()["html"]

    assert time.thread_time() - began < 3
    assert not any(part in shown for part in ("<script", "<img", 'onclick="', 'href="java'))
    assert hostile.strip()[:20] in opened(ann, draft)["unit"]


# A save over another


def test_a_stale_save_shows_both_texts_and_rows_and_loses_neither(ann, bob, draft):
    saved(ann, draft, form_of(draft, unit="One vial.", **rows_of("faqs", {"question": "A?"})))
    stale = opened(bob, draft)
    saved(ann, draft, opened(ann, draft) | {"unit": "One dose.", "faqs-0-answer": "Hers."})

    mine = {"unit": "One vial, unopened.", "faqs-0-answer": "Mine."}
    page = bob.post(change_url(draft), stale | mine)

    assert "Saved meanwhile by ann" in text(page)
    assert "Save mine over it" in text(page)
    for words in ("<del>dose.</del>", "<ins>vial, unopened.</ins>", "Hers.", "Mine."):
        assert words in text(page)
    draft.refresh_from_db()
    assert (draft.unit, draft.faqs.get().answer) == ("One dose.", "Hers.")


def test_mine_is_saved_over_theirs_knowingly(ann, bob, draft):
    rows = rows_of("faqs", {"question": "A?", "answer": "a"}, {"question": "B?", "answer": "b"})
    saved(ann, draft, form_of(draft, **rows))
    stale = opened(bob, draft) | {"unit": "Mine.", "faqs-1-answer": "mine"}
    theirs = opened(ann, draft) | {"faqs-0-answer": "hers", "faqs-1-DELETE": "on"}
    added = {"faqs-TOTAL_FORMS": 3, "faqs-2-question": "C?", "faqs-2-answer": "c"}
    saved(ann, draft, theirs | added)

    refused = bob.post(change_url(draft), stale)
    again = stale | {"edition": refused.context["adminform"].form["edition"].value()}
    saved(bob, draft, again)

    said = {(faq.question, faq.answer) for faq in draft.faqs.all()}
    assert (draft.unit, said) == ("Mine.", {("A?", "a"), ("B?", "mine"), ("C?", "c")})


def test_a_row_that_both_added_is_mine_once_i_save_over_it(ann, bob, draft):
    stale = form_of(draft, **rows_of("faqs", {"question": "A?", "answer": "mine"}))
    saved(ann, draft, form_of(draft, **rows_of("faqs", {"question": "A?", "answer": "hers"})))

    saved(bob, draft, stale | {"edition": draft.edition})

    assert draft.faqs.get().answer == "mine"


def test_an_edition_is_looked_at_under_the_lock(draft):
    editor = make_account("ann", Role.EDITOR)
    known = {"revision": draft, "by": editor, "specialties": None, "rows": []}
    actions.save_form(**known, edition=1, values={"unit": "First."})

    with pytest.raises(actions.StaleEdit):
        actions.save_form(**known, edition=1, values={"unit": "Second."})

    draft.refresh_from_db()
    assert draft.unit == "First."


def test_typing_that_meets_a_submitted_revision_is_kept(ann, bob, draft):
    ann.post(change_url(draft), form_of(draft, unit="One unit."))
    stale = form_of(draft, unit="Typed meanwhile.")
    ann.post(reverse("admin:guidance_step", args=[draft.pk, "submit"]))

    page = bob.post(change_url(draft), stale, follow=True)

    assert "Nothing was saved" in text(page)
    ann.post(reverse("admin:guidance_step", args=[draft.pk, "recall"]))
    assert "Typed meanwhile." in text(bob.get(change_url(draft)))


# Typing that is kept


def test_what_is_typed_is_kept_and_nothing_is_written(ann, bob, draft):
    typed = form_of(draft, unit="Half a sent", **rows_of("faqs", {"question": "Why?"}))
    assert ann.post(keep_url(draft), typed).status_code == 200

    page = text(ann.get(change_url(draft)))

    assert "Half a sent" in page
    assert "Why?" in page
    assert "and did not save it" in page
    draft.refresh_from_db()
    assert (draft.unit, draft.edition, draft.faqs.count()) == ("", 1, 0)
    assert "Half a sent" not in text(bob.get(change_url(draft)))
    assert "csrfmiddlewaretoken" not in Typing.objects.get().body


@pytest.mark.parametrize("ending", ["saved", "dropped"])
def test_typing_that_is_saved_or_dropped_is_gone(ann, draft, ending):
    typed = form_of(draft, unit="Typed.")
    ann.post(keep_url(draft), typed)

    if ending == "saved":
        saved(ann, draft, typed)
    else:
        ann.post(reverse("admin:guidance_drop_typing", args=[draft.pk]), typed)

    page = text(ann.get(change_url(draft)))
    assert "and did not save it" not in page
    assert ("Typed." in page) is (ending == "saved")


def test_kept_typing_over_a_newer_text_shows_both(ann, bob, draft):
    ann.post(keep_url(draft), form_of(draft, unit="Mine."))
    saved(bob, draft, form_of(draft, unit="Theirs."))

    page = text(ann.get(change_url(draft)))

    assert "Saved meanwhile by bob" in page
    assert "<del>Theirs.</del>" in page
    assert "<ins>Mine.</ins>" in page


def test_one_sees_who_else_is_at_the_form(ann, bob, draft):
    bob.post(keep_url(draft), {"edition": 1, "beat": "on"})

    told = ann.post(keep_url(draft), {"edition": 1, "beat": "on"}).json()

    assert told == {"others": ["bob"], "edition": 1}
    assert "Also being edited by bob." in text(ann.get(change_url(draft)))
    Typing.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert "Also being edited" not in text(ann.get(change_url(draft)))


def test_a_beat_takes_nothing_away(ann, draft):
    ann.post(keep_url(draft), form_of(draft, unit="Typed."))
    ann.post(keep_url(draft), {"edition": 1, "beat": "on"})

    assert "Typed." in text(ann.get(change_url(draft)))


@pytest.mark.parametrize("sent", [{}, {"edition": "x"}, {"edition": 10**20}])
def test_typing_without_its_edition_is_refused(ann, draft, sent):
    assert ann.post(keep_url(draft), sent).status_code == 400
    assert not Typing.objects.exists()


@pytest.mark.parametrize("role", [Role.DATA_STEWARD, Role.PARTNER_MANAGER])
def test_other_roles_neither_type_nor_look_names_up(draft, role):
    other = browser_of("other", role)

    assert other.post(keep_url(draft), {"edition": 1}).status_code == 403
    assert other.get(reverse("admin:guidance_suggest", args=["source"])).status_code == 403
    assert other.post(change_url(draft), form_of(draft)).status_code == 403


# Names, dates and previews


@pytest.mark.parametrize(
    ("vocabulary", "words", "names"),
    [
        ("source", "note contractor", ["test-source"]),
        ("category", "CO-5", ["CO-50"]),
        ("cpt", "vein", ["96365"]),
        ("code", "J359", ["J3590", "J3591"]),
        ("specialty", "uro", ["urology"]),
        ("source", "nothing of the kind", []),
    ],
)
def test_names_are_suggested_by_words(ann, vocabulary, words, names):
    address = reverse("admin:guidance_suggest", args=[vocabulary])

    assert [name for name, _ in ann.get(address, {"q": words}).json()["names"]] == names


def test_no_list_to_choose_from_is_longer_than_fifty(ann, draft):
    for number in range(60):
        Source.objects.create(slug=f"s-{number}", issuer="A", kind="other", title="T", version="1")
        Specialty.objects.create(slug=f"x-{number}", name=f"X {number}")

    page = text(ann.get(change_url(draft)))

    assert max(part.count("<option") for part in page.split("<select")) < 50
    address = reverse("admin:guidance_suggest", args=["source"])
    assert len(ann.get(address).json()["names"]) == 20


def test_the_day_of_the_next_review_is_set_on_the_form(ann, draft):
    saved(ann, draft, form_of(draft, review_due="2027-03-01"))

    assert opened(ann, draft)["review_due"] == "2027-03-01"
    event = AuditEvent.objects.get(action="review-by")
    assert (event.actor.username, event.note) == ("ann", "2027-03-01")
    saved(ann, draft, opened(ann, draft))
    assert AuditEvent.objects.filter(action="review-by").count() == 1


def test_a_text_is_previewed_where_it_is_written(ann):
    address = reverse("admin:guidance_prose")

    assert ann.post(address, {"text": "**One**"}).json() == {"html": "<p><strong>One</strong></p>"}
    refused = ann.post(address, {"text": "x" * 20_001})
    assert "20001 characters" in refused.json()["error"]
    worse = ann.post(address, {"text": "\0" + "x" * 20_001}).json()["error"]
    assert worse == "This text has 20002 characters; 20000 at the most. Shorten it."


def test_a_published_revision_is_read_and_not_written(ann, draft, on):
    saved(
        ann,
        draft,
        form_of(draft, unit="One unit.", **rows_of("faqs", {"question": "Q?", "answer": "A."})),
    )
    actions.submit(revision=draft, by=make_account("ann", Role.EDITOR), on=on)

    page = text(ann.get(change_url(draft)))

    assert "One unit." in page
    assert "Save and submit" not in page
    assert ann.post(change_url(draft), form_of(draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.unit == "One unit."


def test_without_a_script_an_empty_row_is_asked_for(ann, draft):
    plain, with_rows = (ann.get(change_url(draft), asked) for asked in ({}, {"rows": 1}))

    assert 'name="faqs-0-question"' not in text(plain)
    assert 'name="faqs-0-question"' in text(with_rows)
    assert 'name="citations-0-source"' in text(with_rows)


# What it costs


def queries(act):
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    assert answer.status_code in (200, 302), answer
    return len(captured)


def with_rows(client, draft, rows):
    """A draft with this many questions, denials, modifiers and citations in all."""
    faqs = [{"question": f"Q {i}?", "answer": "A."} for i in range(rows // 2)]
    payers = ["any", "medicare", "medicaid", "commercial", "medicare_advantage"]
    denials = [
        {
            "category": f"CO-{carc}",
            "payer_class": payer,
            "causes": "a",
            "remedy": "appeal",
            "text": "b",
        }
        for carc in (16, 50, 151)
        for payer in payers
    ][: rows // 4]
    cited = [{"source": "test-source", "topic": "faqs", "row": i + 1} for i in range(rows // 4)]
    lists = {"faqs": faqs, "denials": denials, "citations": cited}
    sent = {
        name: value for prefix in lists for name, value in rows_of(prefix, *lists[prefix]).items()
    }
    saved(client, draft, form_of(draft, specialties="urology", **sent))


@pytest.mark.parametrize("rows", [4, 40])
def test_the_form_opens_and_is_saved_in_25_queries(ann, draft, rows):
    with_rows(ann, draft, rows)
    changed = opened(ann, draft) | {"unit": "Two.", "faqs-0-answer": "B.", "denials-0-text": "c"}

    assert queries(lambda: ann.get(change_url(draft))) <= 25
    assert queries(lambda: ann.post(change_url(draft), changed)) <= 25
    draft.refresh_from_db()
    assert (draft.unit, draft.faqs.first().answer) == ("Two.", "B.")


@pytest.mark.parametrize("rows", [4, 40])
def test_new_rows_are_saved_together(ann, draft, rows):
    asked = rows_of("faqs", *({"question": f"Q {number}?"} for number in range(rows)))

    assert queries(lambda: save(ann, draft, **asked)) <= 25
    assert draft.faqs.count() == rows
