"""What an office file really is: by what lies inside its ZIP, whatever it is called (P53). Nothing of it is unpacked but two
small parts that say so.
"""

import re
import zipfile
import zlib

OOXML = "application/vnd.openxmlformats-officedocument"
MOST_PARTS = 20_000
MOST_BYTES = 256 * 1024  # of a part that is read

# the main part of an Office Open XML file, as [Content_Types].xml names it -> what it is. Files with macros name others.
_MAIN = {f"{OOXML}.{kind}.main+xml": f"{OOXML}.{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet")}
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip


def recognise(file) -> str:
    """The content type of a text or table document; empty for any other ZIP, for one with macros and for a broken one."""
    try:
        with zipfile.ZipFile(file) as parts:
            names = parts.namelist()
            if len(names) > MOST_PARTS or any("vbaproject" in name.lower() for name in names):
                return ""
            if "mimetype" in names:
                return _open_document(parts, names)
            return _office_open_xml(parts, names) if "[Content_Types].xml" in names else ""
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError, OSError, RuntimeError, NotImplementedError):
        return ""  # what broken and encrypted ones do to the reader


def _open_document(parts, names):
    said = _read(parts, "mimetype").decode("ascii", "replace").strip()
    has_macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
    return said if said in _OPEN_DOCUMENT and "content.xml" in names and not has_macros else ""


def _office_open_xml(parts, names):
    said = re.findall(rb'ContentType="([^"]{1,200})"', _read(parts, "[Content_Types].xml"))
    found = {_MAIN[name] for name in (each.decode("ascii", "replace") for each in said) if name in _MAIN}
    return found.pop() if len(found) == 1 and "_rels/.rels" in names else ""


def _read(parts, name):
    with parts.open(name) as part:
        return part.read(MOST_BYTES)
