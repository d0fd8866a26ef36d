"""Assembles the portal: settings, addresses, tasks. No domain logic, and no app imports it."""

from hcpcs_portal.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
