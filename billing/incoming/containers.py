"""The structured part of a file: the XML itself, or what lies inside a PDF."""

import subprocess
import sys
from pathlib import Path

from django.utils.translation import gettext as _
from lxml import etree

from accounts.refusals import Refusal
from billing.incoming import extract

BIGGEST = 25 * 1024 * 1024  # bytes of a file
BIGGEST_XML = extract.MOST_BYTES
SECONDS = 20  # wall time for a PDF, on a machine that is busy too

_PROLOGUE = 64 * 1024  # a document type stands before the first element


def structured_part(content: bytes) -> bytes | None:
    """The XML of a file; None for a PDF without one.

    Raises Refusal (field "file") for what is neither, and for a PDF that cannot be read.
    """
    if not content:
        raise _refuse(_("Die Datei ist leer. Bitte wählen Sie sie noch einmal."))
    if len(content) > BIGGEST:
        raise _refuse(_("Die Datei ist größer als 25 MB. Bitten Sie den Absender um eine kleinere."))
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return _from_pdf(content)
    if b"<" in content[:1024]:
        return content
    raise _refuse(_("Das ist weder XML noch PDF. Wählen Sie die Rechnung, wie Sie sie bekommen haben."))


def tree(xml: bytes) -> etree._Element:
    """The parsed XML. Nothing outside is fetched, nothing is expanded. Raises Refusal (field "file")."""
    if len(xml) > BIGGEST_XML:
        raise _refuse(_("Das XML ist größer als 10 MB. Bitten Sie den Absender um eine kleinere Datei."))
    # whatever the encoding, without its zero bytes the word is there
    if b"<!DOCTYPE" in xml[:_PROLOGUE].replace(b"\0", b"").upper():
        raise _refuse(_("DTD ist nicht erlaubt. Bitten Sie den Absender um eine Datei ohne Dokumenttyp."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refuse(_("Die Datei ist kein gültiges XML. Bitten Sie den Absender um eine neue.")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refuse(_("DTD ist nicht erlaubt. Bitten Sie den Absender um eine Datei ohne Dokumenttyp."))
    return root


def _from_pdf(content):
    command = [sys.executable, "-I", str(Path(extract.__file__))]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS)  # noqa: S603 - our own file
    except subprocess.TimeoutExpired as error:
        raise _refuse(_("Datei nicht lesbar. Bitten Sie den Absender um eine neue.")) from error
    if done.returncode == extract.NONE:
        return None
    if done.returncode == extract.SEVERAL:
        raise _refuse(_("In der PDF stecken mehrere Rechnungen. Welche gilt, muss der Absender sagen."))
    if done.returncode:
        raise _refuse(_("Datei nicht lesbar. Bitten Sie den Absender um eine neue."))
    return done.stdout


def _refuse(sentence):
    return Refusal(sentence, field="file")
