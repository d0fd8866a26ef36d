"""Accounts of staff: who is let in, in which roles, and with which second step.

Each write leaves an audit row whose subject is `account NAME`.
"""

import smtplib
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from codes.calendar import EASTERN
from guidance.actions.audit import record_shared
from guidance.actions.workflow import NotAllowed, roles_of
from guidance.workflow import Role

RECOVERY_CODES = 10
DIGITS = 6  # of a code from an authenticator; a recovery code is longer


class WrongCode(ValueError):
    """A code of the second step that does not let in; str() says why."""


# Who is let in


@transaction.atomic
def invite(*, name: str, email: str, roles: Collection[str], by: Any) -> Any:
    """A new account, which nobody can sign in to before its password is set by a mailed link."""
    _begin(by)
    account = get_user_model()(username=name, email=email, is_staff=True)
    account.set_unusable_password()
    account.save()
    account.groups.set(Group.objects.filter(name__in=roles))
    _record("invite", account, by, note=_listed(roles))
    return account


@transaction.atomic
def change_roles(*, account: AbstractUser, roles: Collection[str], by: Any) -> None:
    """Give an account these roles and no others."""
    _begin(by)
    before = account.groups.values_list("name", flat=True)
    note = f"{_listed(before)} → {_listed(roles)}"
    account.groups.set(Group.objects.filter(name__in=roles))
    _require_someone_left()
    _record("change roles", account, by, note=note)


@transaction.atomic
def deactivate(*, account: AbstractUser, by: Any) -> None:
    """Let an account in no longer. Its password goes too, and with it every session and link."""
    _begin(by)
    if account.pk == by.pk:
        raise NotAllowed("This is your own account: another administrator must deactivate it.")
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    _require_someone_left()
    _record("deactivate", account, by)


@transaction.atomic
def reactivate(*, account: AbstractUser, by: Any) -> None:
    """Let an account in again, once its password is set anew by a mailed link."""
    _begin(by)
    account.is_active = True
    account.save(update_fields=["is_active"])
    _record("reactivate", account, by)


@transaction.atomic
def grant_link(*, account: AbstractUser, by: Any) -> None:
    """Let an account choose its password by a link, which is then mailed or shown."""
    _begin(by)
    if not account.is_active:
        raise NotAllowed(f"{account} is deactivated: reactivate the account first.")
    _record("send link", account, by)


def password_link(account: Any, site: str) -> str:
    """Where the account chooses its password, on a site such as `https://host`. Good once, for
    PASSWORD_RESET_TIMEOUT seconds, until the password or the address changes."""
    token = default_token_generator.make_token(account)
    parts = [urlsafe_base64_encode(force_bytes(account.pk)), token]
    return site + reverse("password_reset_confirm", args=parts)


def mail_link(*, account: AbstractUser, site: str) -> None:
    """Mail the link that was granted. What the mail server refuses with is written down, and
    raised."""
    link = password_link(account, site)
    text = render_to_string("registration/invitation.txt", {"account": account, "link": link})
    try:
        send_mail("Your account for the HCPCS Portal", text, None, [account.email])
    except (smtplib.SMTPException, OSError) as error:
        _record("link not mailed", account, None, note=str(error))
        raise


def mail_reset_links(*, email: str, site: str) -> None:
    """Mail a link to each account with a password that has the address, if there is any."""
    scheme, _, host = site.partition("://")
    form = PasswordResetForm({"email": email})
    if form.is_valid():
        form.save(domain_override=host, use_https=scheme == "https")


@transaction.atomic
def set_password(*, account: AbstractUser, password: str) -> None:
    """The holder of an account chooses its password; other sessions of the account end."""
    account.set_password(password)
    account.save(update_fields=["password"])
    _record("set password", account, account)


# The second step


def is_enrolled(account: Any) -> bool:
    """Whether signing in to this account takes a code."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).exists()


def begin_enrolment(*, account: Any) -> TOTPDevice:
    """The secret to be scanned; the same one until it is confirmed."""
    waiting = TOTPDevice.objects.filter(user=account, confirmed=False).first()
    return waiting or TOTPDevice.objects.create(user=account, name="Authenticator", confirmed=False)


def confirm_enrolment(*, account: Any, code: str) -> tuple[Device, list[str]]:
    """The authenticator is in use from now on; also the recovery codes. Raises WrongCode."""
    device = _verified(account, begin_enrolment(account=account), code)
    with transaction.atomic():
        TOTPDevice.objects.filter(user=account).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        _record("enrol second step", account, account)
        return device, _new_codes(account)


@transaction.atomic
def new_recovery_codes(*, account: Any) -> list[str]:
    """Recovery codes in the place of all older ones; they are not to be had again."""
    _record("new recovery codes", account, account)
    return _new_codes(account)


def take_second_step(*, account: Any, code: str) -> Device:
    """The device that this code belongs to; the code is used up. Raises WrongCode."""
    is_recovery = len(code) != DIGITS
    devices = StaticDevice.objects if is_recovery else TOTPDevice.objects
    device = devices.filter(user=account, confirmed=True).first()
    if device is None:
        raise WrongCode("There is no such code for this account.")
    verified = _verified(account, device, code)
    if is_recovery:
        _record("use recovery code", account, account)
    return verified


@transaction.atomic
def remove_second_step(*, account: AbstractUser, by: Any) -> None:
    """Forget the authenticator and the recovery codes, for someone who has lost both."""
    _begin(by)
    TOTPDevice.objects.filter(user=account).delete()
    StaticDevice.objects.filter(user=account).delete()
    _record("remove second step", account, by)


def _verified(account: Any, device: Any, code: str) -> Device:
    # Outside any transaction of ours: a wrong code must be counted though it is refused.
    allowed, brake = device.verify_is_allowed()
    if not allowed:
        again = timezone.localtime(brake["locked_until"] + timedelta(seconds=1), EASTERN)
        raise WrongCode(
            f"Too many wrong codes. From {again:%H:%M:%S} Eastern time the newest one is looked at."
        )
    verified = verify_token(account, device.persistent_id, code)
    if verified is None:
        raise WrongCode(
            "This code is wrong, or was used before. Wait for the next one, and check that the "
            "clock of the device is right."
        )
    return verified


def _new_codes(account: Any) -> list[str]:
    device = StaticDevice.objects.filter(user=account).first()
    device = device or StaticDevice.objects.create(user=account, name="Recovery codes")
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


# Who may do this


def _begin(by: Any) -> None:
    """Wait until no other account is being changed, and see that `by` is an administrator now."""
    list(Group.objects.select_for_update().filter(name=Role.ADMINISTRATOR))
    current = get_user_model().objects.get(pk=by.pk)
    if Role.ADMINISTRATOR not in roles_of(current):
        raise NotAllowed(f"{by} is no administrator: only administrators change accounts.")


def _require_someone_left() -> None:
    administrators = get_user_model().objects.filter(
        Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR), is_active=True
    )
    if not administrators.exclude(password__startswith="!").exists():
        raise NotAllowed(
            "This is the last administrator who can sign in: make someone else one first."
        )


def _listed(roles: Collection[str]) -> str:
    return ", ".join(sorted(roles)) or "no role"


def _record(action: str, account: Any, by: Any, note: str = "") -> None:
    subject = f"account {account.get_username()}"[:120]
    record_shared(action, subject, by, note=note)
