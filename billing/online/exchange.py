"""One request to a provider and its answer. The only place where billing talks to somebody else's server."""

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from billing.online.interface import Declined, Unreachable, WrongKeys

logger = logging.getLogger(__name__)

TIMEOUT = 8  # seconds for each step of the connection; a customer waits for it
LONGEST = 1_000_000  # bytes of an answer


@dataclass(frozen=True)
class Reply:
    """Status and JSON of an answer."""

    status: int
    said: dict[str, Any] = field(default_factory=dict)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A provider's API does not send us elsewhere; keys would go along."""

    def redirect_request(self, *args, **kwargs):
        return None


_opener = urllib.request.build_opener(_Stay)


def send(method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
    """Send it and give back what was answered, also if that is a no (4xx).

    Raises Unreachable when there is no answer in time, none that can be read, or one of 429 or 5xx, and WrongKeys for 401
    and 403.
    """
    request = urllib.request.Request(url, data=body, method=method, headers={**headers, "Accept": "application/json"})  # noqa: S310 - from the settings
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            status, content = answer.status, answer.read(LONGEST)
    except urllib.error.HTTPError as error:
        with error:
            status, content = error.code, _rest(error)
    except (OSError, HTTPException, ValueError) as error:
        logger.warning("%s %s: %s", method, url, error)
        raise Unreachable(str(error)) from error
    if status == 429 or status >= 500 or 300 <= status < 400:
        logger.warning("%s %s: %s", method, url, status)
        raise Unreachable(f"answered {status}")
    reply = Reply(status, _read(content))
    if status in (401, 403):
        raise WrongKeys(why(reply))
    return reply


def accepted(reply: Reply) -> dict[str, Any]:
    """What was said. Raises Declined when it was a no."""
    if reply.status >= 400:
        raise Declined(why(reply))
    return reply.said


def why(reply: Reply) -> str:
    """The reason of a no, in the provider's words, for the log."""
    error = reply.said.get("error")
    said = error if isinstance(error, dict) else reply.said
    return f"{reply.status} {said.get('code') or said.get('name') or ''} {said.get('message') or error or ''}".strip()


def _rest(error):
    try:
        return error.read(LONGEST)
    except (OSError, HTTPException):
        return b""


def _read(content):
    try:
        said = json.loads(content) if content.strip() else {}
    except ValueError as error:
        raise Unreachable("no JSON") from error
    return said if isinstance(said, dict) else {}
