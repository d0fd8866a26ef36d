"""What visitors write to the people of the portal, and what is noted beside it. Personal data:
it is deleted by a task, and no log, audit row or count holds any of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from codes.querysets import ContactRequestQuerySet


class ContactRequest(models.Model):
    """One message of the contact form."""

    class Kind(models.TextChoices):
        TALK = "talk", "Talk to a revenue-cycle team"
        CORRECTION = "correction", "Report a problem with a page"
        PARTNER = "partner", "Ask for partner access"
        OTHER = "other", "Something else"

    class Status(models.TextChoices):
        NEW = "new", "New"
        IN_WORK = "in_work", "In work"
        ANSWERED = "answered", "Answered"
        SPAM = "spam", "Spam"

    received_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    about = models.CharField(max_length=5, blank=True, help_text="The code that it is about")
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail", blank=True)
    organisation = models.CharField(max_length=120, blank=True)
    message = models.TextField()
    sending = models.CharField(
        max_length=64,
        help_text="Digest of the form and of what was typed: the same one is sent once",
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    mail_tried_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="contact_request_is_sent_once", fields=["sending"]),
            models.CheckConstraint(
                name="contact_request_is_answered_at_a_time",
                condition=Q(status="answered", answered_at__isnull=False)
                | (~Q(status="answered") & Q(answered_at__isnull=True)),
            ),
            models.CheckConstraint(name="contact_request_has_a_message", condition=~Q(message="")),
        ]
        indexes = [models.Index(name="contact_requests_by_time", fields=["-received_at", "-id"])]

    def __str__(self) -> str:
        return f"contact request {self.pk}"


class ContactNote(models.Model):
    """What someone of the staff notes beside a message; it goes with the message."""

    request = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.request}"
