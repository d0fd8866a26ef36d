"""Who may open and who may use which page of the admin: one table, walked whole. And drafts are
read by staff with a role alone."""

from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client

from codes.calendar import today
from guidance.workflow import APPROVERS, WRITERS, Role
from tests.admin_addresses import MARKER, addresses, make_staffed_portal
from tests.factories import make_account

# Who is let in is the same whatever the pages are read from.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOBODY: frozenset[str] = frozenset()
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, "superuser"})
STEWARDS = ADMINISTRATORS | {Role.DATA_STEWARD}
REVIEWERS = APPROVERS | ADMINISTRATORS
MANAGERS = ADMINISTRATORS | {Role.PARTNER_MANAGER}
INBOX = MANAGERS | REVIEWERS  # reviewers for corrections, of which the portal's message is one
EDITORS = WRITERS | ADMINISTRATORS
ROLES = frozenset(Role.values) | ADMINISTRATORS
STAFF = ROLES | {"without a role"}
ANYONE = STAFF | {"anonymous"}

# Each address by name: who may open it, who may send something to it.
TABLE = {
    "index": (STAFF, STAFF),
    "login": (ANYONE, ANYONE),
    "logout": (NOBODY, ANYONE),
    "second_step": (NOBODY, NOBODY),  # for those who have set one up
    "enrol": (STAFF, STAFF),
    "password_change": (STAFF, STAFF),
    "password_change_done": (STAFF, NOBODY),
    "jsi18n": (STAFF, NOBODY),
    "view_on_site": (STAFF, STAFF),
    "autocomplete": (NOBODY, NOBODY),  # without saying for which field
    "app_list": (ROLES, ROLES),
    "guidance_find": (ROLES, ROLES),
    "guidance_changed": (ROLES, ROLES),
    "guidance_changed_lists": (ROLES, ROLES),
    "guidance_board": (ROLES, ROLES),
    "guidance_queue": (ROLES, ROLES),
    "guidance_desk": (ROLES, ROLES),
    "guidance_preview": (ROLES, ROLES),
    "guidance_compare": (ROLES, ROLES),
    "guidance_batches": (ROLES, ROLES),
    "guidance_batch": (ROLES, ROLES),
    "guidance_import": (ROLES, ROLES),
    "guidance_start": (NOBODY, EDITORS),
    "guidance_still_right": (NOBODY, EDITORS),
    # Answers everyone with a role; whoever may not take the step is told so.
    "guidance_step": (NOBODY, ROLES),
    "guidance_make_link": (NOBODY, ROLES),
    "guidance_revoke_link": (NOBODY, ROLES),
    "guidance_bulk": (NOBODY, ROLES),
    # While someone types.
    "guidance_typing": (NOBODY, NOBODY),
    "guidance_drop_typing": (NOBODY, ROLES),
    "guidance_prose": (NOBODY, ROLES),
    "guidance_suggest": (EDITORS, EDITORS),
    "guidance_batch_undo": (NOBODY, ROLES),
    "guidance_import_drafts": (ROLES, ROLES),
    "codes_release_publish": (NOBODY, STEWARDS),
    "codes_release_discard": (NOBODY, STEWARDS),
    "codes_contactrequest_step": (NOBODY, INBOX),
    "codes_contactrequest_assign": (NOBODY, INBOX),
    "codes_contactrequest_note": (NOBODY, INBOX),
    "codes_contactrequest_erase": (NOBODY, INBOX),
    "auth_user_roles": (NOBODY, ADMINISTRATORS),
    "auth_user_link": (NOBODY, ADMINISTRATORS),
    "auth_user_deed": (NOBODY, ADMINISTRATORS),
}
# Each model: who sees its rows, who adds, who changes, who deletes.
READ_ONLY = (ROLES, NOBODY, NOBODY, NOBODY)
VOCABULARY = (ROLES, REVIEWERS, REVIEWERS, REVIEWERS)
MODELS = {
    "auth_user": (ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS, NOBODY),
    "codes_code": READ_ONLY,
    "codes_codechange": READ_ONLY,
    "codes_coderelation": READ_ONLY,
    "codes_contactrequest": (
        INBOX,
        NOBODY,
        NOBODY,
        NOBODY,
    ),  # its page is read, its steps are posted
    "codes_entry": READ_ONLY,
    "codes_entrychange": READ_ONLY,
    "codes_family": READ_ONLY,
    "codes_modifier": READ_ONLY,
    "codes_release": (ROLES, STEWARDS, ROLES, NOBODY),  # its page has no form of its own
    "codes_section": READ_ONLY,
    "codes_trait": READ_ONLY,
    "guidance_auditevent": READ_ONLY,
    "guidance_calltoaction": (ROLES, NOBODY, REVIEWERS, NOBODY),  # there is one
    "guidance_cptreference": VOCABULARY,
    "guidance_denialcategory": VOCABULARY,
    "guidance_guidance": READ_ONLY,
    "guidance_publishedguidance": READ_ONLY,
    "guidance_revision": (ROLES, NOBODY, EDITORS, NOBODY),
    "guidance_source": VOCABULARY,
    "guidance_specialty": VOCABULARY,
}


def model_pages(model: str) -> dict:
    see, add, change, delete = MODELS[model]
    return {
        f"{model}_changelist": (see, see),
        f"{model}_history": (see, see),
        f"{model}_add": (add, add),
        f"{model}_change": (see, change),
        f"{model}_delete": (delete, delete),
    }


for name in MODELS:
    TABLE |= model_pages(name)
TABLE["guidance_guidance_change"] = (STAFF, STAFF)  # leads on to the desk, which sees to it

PEOPLE = ["anonymous", "without a role", *Role.values, "superuser"]


@pytest.fixture(scope="module")
def portal(module_db, tmp_path_factory):
    return make_staffed_portal(tmp_path_factory.mktemp("pack"), today())


def client_of(person: str) -> Client:
    client = Client()
    if person != "anonymous":
        is_one = person == "superuser"
        roles = [person] if person in Role.values else []
        client.force_login(make_account(f"a {person}", *roles, is_superuser=is_one))
    return client


def is_let_in(answer) -> bool:
    """Whether the page did what it is for, be it only to say what is wrong with what was sent."""
    sent_away = answer.status_code == 302 and answer.url.startswith("/admin/login/")
    assert answer.status_code < 500
    return not sent_away and answer.status_code not in (400, 403, 404, 405)


def ask(client: Client, method: str, address: str):
    """What the address answers this client; whatever it wrote is taken back, signing out too."""
    asking = Client()
    asking.cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = getattr(asking, method)(address)
        transaction.set_rollback(True)
    return answer


def test_the_table_names_every_address(portal):
    assert addresses(portal).keys() == TABLE.keys()


@pytest.mark.parametrize("person", PEOPLE)
def test_each_page_lets_in_whom_the_table_lets_in_and_shows_drafts_to_roles_alone(portal, person):
    client, wrong, shown = client_of(person), [], set()
    for name, address in addresses(portal).items():
        for method, allowed in zip(("get", "post"), TABLE[name], strict=True):
            answer = ask(client, method, address)
            if is_let_in(answer) != (person in allowed):
                wrong.append(f"{method} {name}")
            if MARKER in answer.content.decode():
                shown.add(name)

    assert wrong == []
    assert bool(shown) == (person in ROLES)
    if person in ROLES:
        assert {"guidance_preview", "guidance_compare", "guidance_revision_change"} <= shown


def test_the_public_pages_show_no_draft_to_staff_either(portal, client):
    client.force_login(make_account("a superuser", is_superuser=True))

    for address in ["/", "/codes/J3490/", "/api/v1/codes/J3490/", "/faqs/", "/codes/?q=J3490"]:
        assert MARKER not in client.get(address).content.decode(), address
