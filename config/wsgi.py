"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded by now stays: the collector need not walk it in the middle of a request, nor look so often. Any rarer, and
# drawn PDFs pile up.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 10, 10)
