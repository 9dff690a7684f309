"""The evidence record of an acceptance (R87): what it says, how it is written, and its hash. Pure: values in, values out.

Who was shown what, by which words, when, and what was answered. Texts are named by id and hash, the documents by their
hashes; the record itself is frozen, and its hash is a link of the journal's chain.
"""

import hashlib
import json
from datetime import datetime


def canonical(record: dict) -> str:
    """The one way a record is written, so that its hash can be worked out again."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def of_quote(quote) -> dict:
    """Which quote, to the byte, by whom and for whom."""
    return {
        "quote": {
            "id": quote.pk, "number": quote.number, "version": quote.version, "title": quote.title, "kind": quote.kind,
        },
        "document_sha256": quote.document_hash,
        "pdf_sha256": quote.pdf_sha256,
        "business": {"name": quote.business.legal_name, "slug": quote.business.slug},
        "customer": {"number": quote.customer.number, "name": quote.customer.name, "kind": quote.customer.kind},
        "building_description": _file(quote.building_description),
    }  # fmt: skip


def of_link(link, mails) -> dict:
    """By which link the customer came, how it reached him (burden of proof, §§ 312m (2), 361 (3) BGB), and what he knew."""
    if link is None:
        return {"link": None, "sending": []}
    known = {"public_id": link.public_id, "sent_to": link.sent_to, "postcode_asked": link.asks_postcode}
    return {
        "link": known | {"second_factor": "postcode" if link.asks_postcode else ""},
        "sending": [
            {"to": mail.to, "message_id": mail.message_id, "state": mail.state, "sent_at": _moment(mail.sent_at)}
            for mail in mails
        ],
    }


def of_time(at: datetime, *, local: datetime, noted_at: datetime) -> dict:
    """When. What was said elsewhere counts from when it came, and was noted later."""
    return {
        "accepted_at_utc": at.isoformat(),
        "accepted_at_local": local.isoformat(),
        "clock": "server" if at == noted_at else "typed by the member",
        "noted_at_utc": None if at == noted_at else noted_at.isoformat(),
    }


def of_choice(choice: dict, chosen, document) -> dict:
    """What was ordered: the choice with its quantities, in words, and what it costs."""
    totals = document.totals
    return {
        "choice": choice,
        "chosen": [{"set": name, "text": text} for name, text in chosen],
        "totals": {"net": str(totals.net), "tax": str(totals.tax), "gross": str(totals.gross)},
    }


def of_law(regime, *, negotiation: str, until, texts, statements: dict, ticked: dict, terms) -> dict:
    """Which row of the withdrawal matrix held, which texts were handed over, what was declared besides (R82 to R84)."""
    by_kind = {str(text.kind): text for text in texts}
    instruction, information = by_kind.get("instruction"), by_kind.get("information")
    return {
        "withdrawal": {
            "regime": regime.id,
            "ground": regime.ground,
            "negotiation": negotiation,
            "function": regime.needs_function,
            "paper": regime.needs_paper,
            "until": until.isoformat() if until else None,
            "instruction": instruction.text_id if instruction else None,
            "instruction_sha256": instruction.sha256 if instruction else None,
        },
        "information": _text(information),
        "terms": {"version": terms.number, "since": _moment(terms.valid_from), "sha256": terms.sha256} if terms else None,
        "statements": {
            name: {"ticked": bool(ticked.get(name)), "text": text.id} for name, text in statements.items()
        } or None,
    }  # fmt: skip


def of_office(by, note: str, proof) -> dict:
    """Who took it down, where the customer did not act on his own page."""
    if by is None:
        return {"taken_down": None}
    return {"taken_down": {"by": str(by), "member": by.pk, "note": note, "proof": _file(proof)}}


def of_signature(signature: str) -> dict:
    """The drawn signature by its hash; the drawing itself is kept beside the record."""
    return {"signature_sha256": digest(signature) if signature else None}


def _text(text):
    return {"id": text.text_id, "sha256": text.sha256} if text else None


def _file(attachment):
    if attachment is None:
        return None
    return {"id": attachment.pk, "name": attachment.name, "sha256": attachment.sha256}


def _moment(value):
    return value.isoformat() if value else None
