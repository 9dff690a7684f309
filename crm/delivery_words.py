"""What mail servers say when they refuse, in words for people. Pure: a server's answer in, a sentence out."""

import re

from django.utils.translation import gettext as _

# enhanced status codes, RFC 3463; the plain ones of SMTP (RFC 5321) say less
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_PLAIN = re.compile(r"\b([45]\d\d)\b")


def of(answer: str) -> str:
    """The sentence for "550 5.1.1 <x@y>: User unknown"."""
    found = _ENHANCED.search(answer)
    subject, detail = (found[2], found[3]) if found else ("", "")
    if subject == "1":
        return _("Der Mailserver kennt diese Domain nicht.") if detail == "2" else _("Diese Adresse gibt es nicht.")
    if subject == "2":
        return {
            "1": _("Dieses Postfach ist abgeschaltet."),
            "2": _("Das Postfach ist voll."),
            "3": _("Die E-Mail ist dem Postfach zu groß."),
        }.get(detail, _("Das Postfach nimmt nichts an."))
    if subject == "3" and detail == "4":
        return _("Die E-Mail ist dem Postfach zu groß.")
    if subject == "4":
        return _("Der Mailserver dieser Adresse ist nicht zu erreichen.")
    if subject in {"6", "7"}:
        return _("Der Mailserver des Empfängers nimmt unsere E-Mails nicht an.")
    plain = _PLAIN.search(answer)
    if plain and plain[1] in {"550", "551", "553"}:
        return _("Der Mailserver des Empfängers weist die Adresse ab.")
    if plain and plain[1] == "552":
        return _("Das Postfach ist voll.")
    return _("Die Adresse hat die E-Mail abgewiesen, oder sie war nicht erreichbar.")
