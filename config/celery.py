"""The Celery application. Tasks only wake up rows; what must happen stands in the database."""

import os

from celery import Celery
from celery.signals import worker_init, worker_process_init

from config import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

file_broker.register()
app = Celery("handschlag")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@worker_process_init.connect
def warm_up(**kwargs):
    """Load the PDF engine and the rules of e-invoices before the first document asks for them (a second the first customer
    need not wait).
    """
    from billing.documents import pdf
    from billing.documents.einvoice import official

    pdf.warm_up()
    official.warm_up()
