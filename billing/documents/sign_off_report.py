"""A sign-off's record (R92) as what stands on its protocol. Pure: values in, values out, in the active language."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts import formats
from billing import sign_off_texts
from billing.documents import evidence

BUILDING = ("building", "vob")


def context(record: dict) -> dict:
    """Everything the template asks for."""
    state, order = record["sign_off"]["state"], record["order"]
    return {
        "title": _titles()[state],
        "subtitle": _("Auftrag %(number)s: %(title)s") % order,
        "result": _result(record),
        "is_bad": state == "refused",
        "facts": _filled(_facts(record)),
        "scope": record["scope"],
        "is_part": record["sign_off"]["is_part"],
        "defects": [_defect(n, each) for n, each in enumerate(record["defects"], 1)],
        "questions": [_answer(record["reserves"][name]) for name in ("defects", "penalty") if record["reserves"][name]],
        "is_deemed": state == "deemed",
        "refusal_reason": record["refusal_reason"],
        "finding": sign_off_texts.joint_finding(record["language"]).text
        if state == "refused" and record["warranty"]["kind"] in BUILDING
        else "",
        "handed_over": record["handed_over"],
        "warranty": _filled(_warranty(record["warranty"])),
        "request": _filled(_request(record["request"])),
        "notice": (record["request"] or {}).get("notice", ""),
        "names": {"customer": record["customer_name"], "business": record["business_name"]},
        "proof": _filled(_proof(record)),
        "footer": _("Prüfsumme des Protokolls (SHA-256): %s") % evidence.digest(evidence.canonical(record)),
    }


def day_of(record: dict) -> date:
    """The day of the decision."""
    return datetime.fromisoformat(record["decided_at_local"]).date()


def _titles():
    return {
        "accepted": _("Abnahmeprotokoll"),
        "deemed": _("Abnahme durch Ablauf der Frist"),
        "refused": _("Protokoll: Abnahme verweigert"),
    }


def _result(record):
    day = formats.day(date.fromisoformat(record["accepted_on"])) if record["accepted_on"] else ""
    moment = formats.moment_long(datetime.fromisoformat(record["decided_at_local"]))
    if record["sign_off"]["state"] == "refused":
        return _("Der Kunde hat die Abnahme am %(moment)s verweigert.") % {"moment": moment}
    if record["sign_off"]["state"] == "deemed":
        return _(
            "Der Kunde hat innerhalb der gesetzten Frist keinen Mangel genannt. Die Leistung gilt mit Ablauf des %(day)s als "
            "abgenommen (§ 640 Abs. 2 BGB)."
        ) % {"day": day}
    if record["sign_off"]["is_part"]:
        return _("Der unten beschriebene Teil der Leistung ist am %(moment)s abgenommen.") % {"moment": moment}
    return _("Die Leistung ist am %(moment)s abgenommen.") % {"moment": moment}


def _facts(record):
    customer, business = record["customer"], record["business"]
    placed = formats.day(date.fromisoformat(record["order"]["placed_on"]))
    return (
        (_("Betrieb"), _party(business)),
        (_("Kunde"), _party(customer)),
        (_("Kundennummer"), str(customer["number"])),
        (_("Auftrag"), _("%(number)s vom %(day)s") % {"number": record["order"]["number"], "day": placed}),
        (_("Ort"), record["place"]),
        (_("Anwesend"), record["present"]),
        (_("Weg"), _channels().get(record["channel"], record["channel"])),
    )


def _channels():
    return {
        "on_site": _("vor Ort"), "portal": _("auf der Kundenseite"), "period": _("durch Ablauf der Frist"),
    }  # fmt: skip


def _party(side):
    return ", ".join(filter(None, (side["name"], side["street"], side["place"])))


def _defect(number, defect):
    notes = [_("vom Kunden genannt")] if defect["from_customer"] else []
    if defect["photo"]:
        notes.append(_("mit Foto"))
    day = formats.day(date.fromisoformat(defect["mend_by"])) if defect["mend_by"] else _("ohne Frist")
    return {
        "number": number, "text": defect["text"], "until": day, "notes": ", ".join(notes),
        "photo": (defect["photo"] or {}).get("id"),
    }  # fmt: skip


def _answer(asked):
    return {"text": asked["text"], "answer": _("Ja, vorbehalten") if asked["answer"] else _("Nein, kein Vorbehalt")}


def _warranty(found):
    if "until" not in found:
        return ()
    kinds = {
        "thing": _("Reparatur, Wartung oder Herstellung einer Sache"),
        "building": _("Bauwerk"),
        "vob": _("Bauwerk nach VOB/B"),
    }
    return (
        (_("Art"), kinds.get(found["kind"], found["kind"])),
        (_("Dauer"), _("%(years)s Jahre (%(ground)s)") % found),
        (_("Beginn"), formats.day(date.fromisoformat(found["begins"]))),
        (_("Ende"), formats.day(date.fromisoformat(found["until"]))),
    )


def _request(found):
    if not found:
        return ()
    sent = [
        " ".join(filter(None, (each["to"], formats.moment_long(_moment(each["sent_at"])) if each["sent_at"] else "")))
        for each in found["sending"]
    ]
    return (
        (_("Um Abnahme gebeten"), formats.moment_long(_moment(found["requested_at"]))),
        (_("Frist bis"), formats.day(date.fromisoformat(found["deadline"])) if found["deadline"] else ""),
        (_("Gesendet an"), "\n".join(sent)),
        (_("Prüfsumme des Schreibens (SHA-256)"), found["letter_sha256"]),
    )


def _proof(record):
    taken, link = record["taken_down"], record["link"]
    signatures = record["signatures"]
    return (
        (_("Zeitpunkt"), f"{formats.moment_long(_moment(record['decided_at_local']))} ({record['decided_at_utc']})"),
        (_("Aufgenommen von"), taken["by"] if taken else ""),
        (_("Zugangslink gesendet an"), link["sent_to"] if link else ""),
        (_("Kennung des Zugangslinks"), link["public_id"] if link else ""),
        (_("IP-Adresse"), record["client"]["ip"]),
        (_("Prüfsumme der Unterschrift des Kunden (SHA-256)"), signatures["customer_sha256"] or ""),
        (_("Prüfsumme der Unterschrift des Betriebs (SHA-256)"), signatures["business_sha256"] or ""),
    )


def _moment(text):
    return datetime.fromisoformat(text)


def _filled(rows):
    return [(label, value) for label, value in rows if value]
