"""The check of a structured invoice before it goes out (R42, R46): official schema, official rules, what XRechnung adds.

The report names the versions of what was asked, so that years later one can say what "valid" meant that day.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from billing.documents.einvoice import official, xrechnung
from billing.documents.einvoice.profiles import XRECHNUNG

LONGEST_CONTENT = 4000  # signs of an embedded file that are looked at; what it is was checked when it was added
_EMBEDDED = ("AttachmentBinaryObject", "EmbeddedDocumentBinaryObject")


@dataclass(frozen=True)
class RuleSet:
    """What was asked: its name, version, and how many rules it has (0: a schema)."""

    name: str
    version: str
    rules: int = 0


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold."""

    rule: str
    message: str
    is_warning: bool = False


@dataclass(frozen=True)
class Report:
    """What was checked, when, by which rules, and what does not hold."""

    number: str
    guideline: str  # BT-24
    checked_at: str  # ISO, UTC
    xml_sha256: str
    rule_sets: tuple[RuleSet, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.faults

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What a receiver's program would refuse it for."""
        return tuple(each for each in self.findings if not each.is_warning)


def validate(xml: bytes, *, number: str, at: datetime) -> Report:
    """The report on a structured invoice of ours. Raises ValueError for what is none at all."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    root = etree.fromstring(xml, parser)
    publication = official.publication_for(root)
    if publication is None:
        raise ValueError(f"{root.tag} is no invoice")
    found = [Finding(each.rule, each.message) for each in official.schema_complaints(root, publication)]
    rule_sets = [
        RuleSet(publication.schema_name, official.version(official.CII) if publication == official.CII else "2.1"),
        RuleSet(publication.name, official.version(publication), official.count(publication)),
    ]
    if not found:  # the rules speak about documents the schema accepts
        _shorten(root)
        found += [Finding(*_said(each)) for each in official.complaints(root, publication)]
    guideline = _guideline(root)
    if guideline == XRECHNUNG.guideline and publication != official.CII:
        rule_sets.append(RuleSet("XRechnung", xrechnung.VERSION, xrechnung.count()))
        found += [Finding(rule, f"[{rule}] XRechnung {xrechnung.VERSION}") for rule in xrechnung.complaints(root)]
    digest = hashlib.sha256(xml).hexdigest()
    return Report(number, guideline, at.isoformat(timespec="seconds"), digest, tuple(rule_sets), tuple(found))


def _said(complaint):
    return complaint.rule, complaint.message, complaint.is_warning


def _shorten(root):
    """An embedded file is megabytes of one text, and each rule about texts would read it."""
    for name in _EMBEDDED:
        for each in root.iter(f"{{*}}{name}"):
            each.text = (each.text or "")[:LONGEST_CONTENT]


def _guideline(root) -> str:
    paths = ("{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID", "{*}CustomizationID")
    return next((found.strip() for path in paths if (found := root.findtext(path))), "")
