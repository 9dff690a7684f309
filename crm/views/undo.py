"""„Rückgängig“ after a step: kept for a few seconds in a signed cookie, so that no page view changes anything."""

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "undo"
SECONDS = 20


def offer(response: HttpResponse, text: str, url: str) -> HttpResponse:
    """Say what was done and where it is undone (a POST); shown on the next page."""
    value = signing.dumps([text, url], salt=COOKIE)  # a header holds no „quotation marks“
    response.set_cookie(COOKIE, value, max_age=SECONDS, httponly=True, samesite="Lax")
    return response


def offered(request: HttpRequest) -> dict | None:
    """What can be undone now: {"text", "url"}."""
    try:
        text, url = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return {"text": text, "url": url}


def taken(response: HttpResponse) -> HttpResponse:
    """The offer was taken."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
