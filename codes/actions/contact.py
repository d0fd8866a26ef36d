"""Messages of the contact form: kept once, told of by mail once, deleted in time."""

import hashlib
import json
import logging
import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from codes.models import ContactRequest

# How long a message may lie, whatever became of it; CONTACT_KEEP_DAYS counts from the answer.
LONGEST_DAYS = 365
SPAM_DAYS = 30
# A mail that failed is tried again after a while, and not for ever.
TRIED_AGAIN_AFTER = timedelta(minutes=10)
TRIED_FOR = timedelta(days=7)

log = logging.getLogger(__name__)


@transaction.atomic
def keep_request(*, typed: Mapping[str, str], form: str, is_spam: bool, at: datetime) -> None:
    """Keep what a valid form says (`kind about name email organisation message`).

    `form` names the form that was filled in: the same words from the same one are kept once.
    """
    words = json.dumps([form, sorted(typed.items())])
    status = ContactRequest.Status.SPAM if is_spam else ContactRequest.Status.NEW
    sending = hashlib.sha256(words.encode()).hexdigest()
    row = ContactRequest(received_at=at, status=status, sending=sending, **typed)
    # This asks for no key back: the public's database role may write here and read nothing.
    ContactRequest.objects.bulk_create([row], ignore_conflicts=True)


def mail_requests(*, at: datetime) -> int:
    """Tell CONTACT_EMAIL of each new message that it has not heard of; returns of how many."""
    if not settings.CONTACT_EMAIL:
        return 0
    waiting = ContactRequest.objects.to_be_mailed(
        since=at - TRIED_FOR, tried_before=at - TRIED_AGAIN_AFTER
    )
    # Whoever sets the time first sends; another worker at the same moment finds it set.
    taken = [one for one in waiting if waiting.filter(pk=one.pk).update(mail_tried_at=at)]
    return sum(_mail(one, at) for one in taken)


def _mail(request: ContactRequest, at: datetime) -> bool:
    """Whether the mail server took it. Neither subject nor log holds a word that was typed."""
    subject = " · ".join(filter(None, [request.get_kind_display(), request.about]))
    mail = EmailMessage(
        subject=f"HCPCS Portal: {subject}",
        body=render_to_string("contact/mail.txt", {"request": request}),
        to=[settings.CONTACT_EMAIL],
        reply_to=[request.email] if request.email else None,
        # The same each time, so that a mail that went out twice is shown once.
        headers={"Message-ID": f"<contact-{request.sending}@hcpcs-portal>"},
    )
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        log.error("%s could not be mailed (%s); kept.", request, type(error).__name__)
        return False
    ContactRequest.objects.filter(pk=request.pk).update(mailed_at=at)
    return True


def forget_old_requests(*, at: datetime) -> int:
    """Delete what has lain as long as the privacy page says; returns how many messages."""
    old = ContactRequest.objects.past_keeping(
        answered=at - timedelta(days=settings.CONTACT_KEEP_DAYS),
        spam=at - timedelta(days=SPAM_DAYS),
        received=at - timedelta(days=LONGEST_DAYS),
    )
    keys = list(old.values_list("pk", flat=True))
    ContactRequest.objects.filter(pk__in=keys).delete()
    return len(keys)
