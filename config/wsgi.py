"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded by now stays: the collector need not walk it in the middle of a request, nor look so often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
