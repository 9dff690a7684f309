"""„Rückgängig“ after a step: kept for a few seconds in a signed cookie, so that no page view changes anything."""

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

COOKIE = "undo"
SECONDS = 20


def offer(response: HttpResponse, text: str, url: str) -> HttpResponse:
    """Say what was done and where it is undone (a POST); shown on the next page."""
    response.set_signed_cookie(COOKIE, f"{url}|{text}", max_age=SECONDS, httponly=True, samesite="Lax")
    return response


def offered(request: HttpRequest) -> dict | None:
    """What can be undone now: {"url", "text"}."""
    try:
        url, _bar, text = request.get_signed_cookie(COOKIE, max_age=SECONDS).partition("|")
    except (KeyError, BadSignature):
        return None
    return {"url": url, "text": text}


def taken(response: HttpResponse) -> HttpResponse:
    """The offer was taken."""
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
