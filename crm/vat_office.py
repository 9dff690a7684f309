"""Asking the Federal Central Tax Office (BZSt) about a VAT ID: the qualified confirmation of § 18e UStG over its REST
interface eVatR. The only module that knows its host, its words and its codes.

Without key or account; the office says yes or no for the number and, for each part of name and address that was sent, whether
it is what the other member state has registered. Addresses are never told, only compared.
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date
from http.client import HTTPException

from django.conf import settings

PATH = "/app/v1/abfrage"
TIMEOUT = 20  # seconds for each step of the connection: other member states answer slowly, and nobody waits for it
LONGEST = 100_000  # bytes of an answer

VALID = frozenset({"evatr-0000", "evatr-2008"})
# not given, not valid yet or no longer, or no number of that state at all
INVALID = frozenset({"evatr-0005", "evatr-0012", "evatr-2001", "evatr-2002", "evatr-2003", "evatr-2006"})
# our own number is wrong, not valid or may not ask
OURS = frozenset({"evatr-0004", "evatr-0006", "evatr-2005"})
# a part that must be sent is missing; without name and place there is only a simple confirmation
INCOMPLETE = frozenset({"evatr-0002", "evatr-0003"})
MATCHES = frozenset("ABCD")


class Unreachable(Exception):
    """No answer that says anything: the office or the other member state is away."""


class NotAllowed(Exception):
    """The office does not answer us: our own VAT ID is not the right one."""


class Incomplete(Exception):
    """Name or place of the customer is missing."""


@dataclass(frozen=True)
class Question:
    """Our own VAT ID, the one in question, and what is said to belong to it."""

    own: str
    vat_id: str
    name: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True)
class Answer:
    """What came back. Matches are A agrees, B does not agree, C was not asked, D was not told by the member state."""

    is_valid: bool
    status: str
    request_id: str
    name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


class _Stay(urllib.request.HTTPRedirectHandler):
    """The office does not send us elsewhere; a customer's address would go along."""

    def redirect_request(self, *args, **kwargs):
        return None


_opener = urllib.request.build_opener(_Stay)


def ask(question: Question) -> Answer:
    """Ask, and read the answer. Raises Unreachable, NotAllowed or Incomplete; never called inside a transaction."""
    said = _sent(
        {
            "anfragendeUstid": question.own,
            "angefragteUstid": question.vat_id,
            "firmenname": question.name,
            "strasse": question.street,
            "plz": question.postcode,
            "ort": question.city,
        }
    )
    status = _text(said, "status", 20)
    if status in OURS:
        raise NotAllowed(status)
    if status in INCOMPLETE:
        raise Incomplete(status)
    if status not in VALID | INVALID:
        raise Unreachable(status or "no status")
    return Answer(
        is_valid=status in VALID,
        status=status,
        request_id=_text(said, "id", 60),
        name=_match(said, "ergFirmenname"),
        street=_match(said, "ergStrasse"),
        postcode=_match(said, "ergPlz"),
        city=_match(said, "ergOrt"),
        valid_from=_day(said, "gueltigAb"),
        valid_until=_day(said, "gueltigBis"),
    )


def _sent(body) -> dict:
    """The JSON of an answer; a no of the office comes with a 4xx and says in JSON why."""
    request = urllib.request.Request(  # noqa: S310 - from the settings
        settings.VAT_OFFICE_API + PATH,
        data=json.dumps(body).encode(),
        method="POST",
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            status, content = answer.status, answer.read(LONGEST)
    except urllib.error.HTTPError as error:
        with error:
            status, content = error.code, _rest(error)
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(str(error)) from error
    if status == 429 or status >= 500 or 300 <= status < 400:
        raise Unreachable(f"answered {status}")
    try:
        said = json.loads(content)
    except ValueError as error:
        raise Unreachable("no JSON") from error
    if not isinstance(said, dict):
        raise Unreachable("no object")
    return said


def _rest(error):
    try:
        return error.read(LONGEST)
    except (OSError, HTTPException):
        return b""


def _text(said, name, longest):
    value = said.get(name)
    return value.strip()[:longest] if isinstance(value, str) else ""


def _match(said, name):
    value = _text(said, name, 2)
    return value if value in MATCHES else ""


def _day(said, name):
    try:
        return date.fromisoformat(_text(said, name, 40)[:10])
    except ValueError:
        return None
