"""Saving a vocabulary entry publishes what uses it."""

from datetime import date

from django.db import transaction

from codes import publication
from guidance.models import CallToAction


@transaction.atomic
def save_call_to_action(*, panel: CallToAction, on: date) -> None:
    """Keep the panel, of which there is one, and publish it. `on` is today."""
    publication.wait_for_turn()
    panel.pk = 1
    panel.save()
    publication.publish({"call_to_action": None}, on=on, reason="Call to action saved")
