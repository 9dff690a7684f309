"""What a page costs, in queries."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries(browser, url) -> int:
    """How many queries a page needs, once what is remembered is remembered."""
    browser.get(url)
    with CaptureQueriesContext(connection) as found:
        browser.get(url)
    return len(found)
