"""Celery's side of feedback: look down for orders that were completed."""

from celery import shared_task

from accounts import current
from accounts.models import Business
from feedback import requests


@shared_task
def plan_requests():
    """Plan what is missing, business by business."""
    for business in Business.objects.all():
        with current.working_for(business):
            requests.plan_missing()
