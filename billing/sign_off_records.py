"""The record of a decided sign-off (R92): everything its protocol says, written once in canonical JSON, with its hash.

Texts are named by id with their words, photos and signatures by hash; the
record is frozen with its row, and its hash is a link of the journal's chain.
"""

from datetime import date, datetime

from django.utils import timezone

from billing import legal_texts, sign_off_texts, warranties
from billing.documents import evidence
from billing.models import SignOff

State = SignOff.State


def of(
    sign_off: SignOff, *, at: datetime, local: datetime, accepted_on: date | None, warranty_until, said: dict
) -> dict:
    """What stands on record. `said` is what the two sides declared (fields of SignOff and `state`), and by which way."""
    order = sign_off.order
    language = legal_texts.spoken(order.customer.language)
    defects = list(sign_off.defects.select_related("photo"))
    return {
        "language": language,
        "sign_off": {"id": sign_off.pk, "number": sign_off.number, "state": str(said["state"]), "is_part": sign_off.is_part},
        "order": {
            "id": order.pk, "number": order.number, "title": order.title,
            "placed_on": timezone.localdate(order.placed_at).isoformat(), "document_sha256": evidence.digest(order.document),
        },
        "business": business(order.business),
        "customer": customer(order.customer),
        "scope": sign_off.scope,
        "place": sign_off.place,
        "present": sign_off.present,
        "handed_over": sign_off.handed_over,
        "defects": [_defect(defect) for defect in defects],
        "reserves": {
            "defects": _reserve(said.get("reserves_defects"), sign_off_texts.reserve_defects(language)),
            "penalty": _reserve(said.get("reserves_penalty"), sign_off_texts.reserve_penalty(language)),
        },
        "has_penalty": sign_off.has_penalty,
        "refusal_reason": said.get("refusal_reason", ""),
        "request": _request(sign_off, said.get("mails", ())),
        "channel": str(said["channel"]),
        "decided_at_utc": at.isoformat(),
        "decided_at_local": local.isoformat(),
        "accepted_on": accepted_on.isoformat() if accepted_on else None,
        "warranty": _warranty(sign_off.warranty, accepted_on, warranty_until),
        "customer_name": said.get("customer_name", ""),
        "business_name": said.get("business_name", ""),
        "signatures": {
            "customer_sha256": _hash(said.get("customer_signature", "")),
            "business_sha256": _hash(said.get("business_signature", "")),
        },
        "taken_down": {"by": str(said["by"]), "member": said["by"].pk} if said.get("by") else None,
        **evidence.of_link(said.get("link"), []),
        "client": {"ip": said.get("ip", ""), "user_agent": said.get("user_agent", "")[:300]},
    }  # fmt: skip


def business(firm) -> dict:
    """One party, as the protocol names it."""
    return {
        "name": firm.legal_name or firm.name, "street": firm.street, "place": f"{firm.postcode} {firm.city}".strip(),
        "slug": firm.slug,
    }  # fmt: skip


def customer(contact) -> dict:
    """The other one."""
    return {
        "number": contact.number, "name": contact.name, "kind": contact.kind, "street": contact.street,
        "place": f"{contact.postcode} {contact.city}".strip(),
    }  # fmt: skip


def shown(sign_off: SignOff) -> str:
    """A mark of what is to be decided about. What changed in between is looked at again before it is signed."""
    defects = list(sign_off.defects.values_list("pk", "text", "mend_by"))
    facts = [
        sign_off.pk,
        sign_off.scope,
        sign_off.is_part,
        sign_off.warranty,
        sign_off.has_penalty,
        sign_off.handed_over,
    ]
    return evidence.digest(evidence.canonical({"facts": facts, "defects": [str(each) for each in defects]}))[:16]


def _defect(defect):
    photo = defect.photo
    return {
        "text": defect.text,
        "mend_by": defect.mend_by.isoformat() if defect.mend_by else None,
        "from_customer": defect.is_from_customer,
        "photo": {"id": photo.pk, "name": photo.name, "sha256": photo.sha256} if photo else None,
    }


def _reserve(answer, text):
    """The answer with the question that was asked; None where it was not asked."""
    return None if answer is None else {"answer": answer, "id": text.id, "text": text.text}


def _request(sign_off, mails):
    if sign_off.requested_at is None:
        return None
    return {
        "requested_at": sign_off.requested_at.isoformat(),
        "deadline": sign_off.deadline.isoformat() if sign_off.deadline else None,
        "notice": sign_off.notice,
        "letter_sha256": sign_off.letter_sha256,
        "sending": evidence.of_link(mails[0].link, mails)["sending"] if mails else [],
    }


def _warranty(kind, accepted_on, until):
    if accepted_on is None:
        return {"kind": kind}
    period = warranties.period(kind, on=accepted_on)
    return {
        "kind": kind, "years": period.years, "ground": period.ground, "begins": accepted_on.isoformat(),
        "until": until.isoformat(),
    }  # fmt: skip


def _hash(signature):
    return evidence.digest(signature) if signature else None
