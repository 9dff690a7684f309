"""The Celery application. Tasks only wake up rows; what must happen stands in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("handschlag")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
