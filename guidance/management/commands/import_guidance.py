"""Make drafts of guidance from files."""

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from guidance.actions import NotAllowed, Proposal, compare_files, make_drafts
from guidance.exchange import incoming
from guidance.pack import BadPack


class Command(BaseCommand):
    help = (
        "Make drafts of what files say otherwise than the portal: a folder such as guidance/starter, "
        "a zip, a yaml file or a csv sheet. What is published stays as it is until drafts are approved."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what differs")
        parser.add_argument("--by", help="the account whose drafts they are; not for --dry-run")

    def handle(self, *, path: Path, dry_run: bool, by: str | None, **options) -> None:
        person = _account(by) if by else None
        if not dry_run and person is None:
            raise CommandError("Say whose drafts they are: --by NAME; or look first: --dry-run.")
        try:
            proposals = compare_files(files=incoming.read_path(path), by=person)
        except BadPack as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        for proposal in proposals:
            self.stdout.write(_line(proposal))
        self.stdout.write(f"{len(proposals)} subjects differ.")
        if not dry_run:
            self._make(proposals, person)

    def _make(self, proposals: list[Proposal], person: Any) -> None:
        try:
            drafts = make_drafts(proposals=proposals, by=person)
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(drafts)} drafts by {person}.")


def _account(name: str) -> Any:
    users = get_user_model()
    person = users.objects.filter(**{users.USERNAME_FIELD: name}).first()
    if person is None:
        raise CommandError(f"There is no account {name}.")
    return person


def _line(proposal: Proposal) -> str:
    said = str(proposal)
    if proposal.earlier:
        said += f" (and for dates from {', '.join(proposal.earlier)}: import again when published)"
    return f"{said} (left out: open by {proposal.held_by})" if proposal.held_by else said
