"""Papers for DATEV Belegtransfer: a document.xml (version 6.0) that names each file, and the GUIDs by which bookings find
theirs (R119). Pure.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

NAMESPACE = "http://xml.datev.de/bedi/tps/document/v06.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OUTGOING = "2"  # Rechnungsausgang
_SPACE = uuid.UUID("4f0f2f0c-5b4e-5d7e-8f0a-3a8f6c1d9e21")


@dataclass(frozen=True)
class Paper:
    """An issued document and its files, by name."""

    guid: str
    number: str
    files: tuple[str, ...]


def guid(business: int, number: str) -> str:
    """The same for a document in every package."""
    return str(uuid.uuid5(_SPACE, f"{business}/{number}"))


def manifest(papers: Iterable[Paper], *, created_at: datetime, description: str) -> bytes:
    """document.xml. `created_at` is local time. Raises ValueError without papers: DATEV takes no empty archive."""
    archive = etree.Element(f"{{{NAMESPACE}}}archive", nsmap={None: NAMESPACE, "xsi": XSI})  # type: ignore[dict-item]
    archive.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} Document_v060.xsd")
    archive.set("version", "6.0")
    archive.set("generatingSystem", "Handschlag")
    header = etree.SubElement(archive, f"{{{NAMESPACE}}}header")
    etree.SubElement(header, f"{{{NAMESPACE}}}date").text = f"{created_at:%Y-%m-%dT%H:%M:%S}"
    etree.SubElement(header, f"{{{NAMESPACE}}}description").text = description
    content = etree.SubElement(archive, f"{{{NAMESPACE}}}content")
    for paper in papers:
        document = etree.SubElement(content, f"{{{NAMESPACE}}}document", guid=paper.guid, processID="1", type=OUTGOING)
        etree.SubElement(document, f"{{{NAMESPACE}}}description").text = paper.number
        for name in paper.files:
            etree.SubElement(document, f"{{{NAMESPACE}}}extension", {f"{{{XSI}}}type": "File", "name": name})
    if not len(content):
        raise ValueError("an archive without papers")
    return etree.tostring(archive, xml_declaration=True, encoding="UTF-8", pretty_print=True)
