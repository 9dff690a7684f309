"""Write the export of a year as a stream: rows are read in portions, files pass by in portions, and what has to wait lies in
temporary files, so a year of any size needs the same memory (but for the directory of the ZIP).

The tables and the list of files are read as of one moment; the files themselves never change and are packed after it.
"""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from django.core.files.storage import default_storage
from django.db import connection, transaction

from billing.z3 import contents, description
from billing.z3 import tables as t

IN_MEMORY = 1024 * 1024  # bytes of a table; what is more is written to a temporary file
AT_ONCE = 1 << 20  # bytes of a file
ABOUT = """Datenüberlassung {year} ({law})

index.xml beschreibt die Tabellen (CSV, UTF-8, Semikolon, Dezimalkomma, Datum JJJJ-MM-TT).
belege/ enthält jeden Beleg, wie er festgeschrieben wurde: PDF, strukturierte Rechnung (XML) und den Inhalt (JSON);
darin auftraege/, lieferscheine/, mahnungen/, kontoauszuege/ (die Dateien der Bank), anlagen/ (was in den Rechnungen
mitreist) und eingang/ (empfangene Rechnungen).
SHA256SUMS nennt die Prüfsumme jeder Datei (prüfen: sha256sum -c SHA256SUMS).
Das Journal ist verkettet: Prüfsumme = SHA-256 über die JSON-Liste
[Betrieb-ID, Nummer, Ereignis, Gegenstand, Belegnummer, Benutzer-ID, Zeitpunkt, Prüfsumme Inhalt, Angaben, Prüfsumme davor];
Trennzeichen ", ", leere Nummern als null.
"""


def write(year: int, target: IO[bytes], *, tell: Callable[[int, int], None] = lambda done, total: None) -> None:
    """The whole export of a year of the current business. `tell` hears how many of how many files are packed."""
    with ExitStack() as stack:
        archive = Archive(stack.enter_context(zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)), stack)
        files = _Waiting(stack)
        with _one_moment():
            for table, written in _tables(contents.Contents(year, file=files.put, text=archive.text), stack):
                archive.file(table.file, written)
            owner = contents.business()
        for done, (name, stored) in enumerate(files, 1):
            with default_storage.open(stored) as source:
                archive.file(name, source)
            tell(done, files.count)
        place = ", ".join(part for part in (owner.street, f"{owner.postcode} {owner.city}".strip()) if part)
        comment = f"Handschlag, Datenüberlassung nach § 147 Abs. 6 AO, Jahr {year}"
        index = description.index(name=owner.legal_name or owner.name, place=place, comment=comment, year=year)
        archive.text("index.xml", index)
        archive.text(description.DTD_NAME, description.DTD.encode())
        archive.text("LIESMICH.txt", ABOUT.format(year=year, law="Z3, § 147 Abs. 6 AO").encode())
        archive.close()


class Archive:
    """A ZIP that is written from front to back, and the checksums of what is in it."""

    def __init__(self, archive: zipfile.ZipFile, stack: ExitStack):
        self.archive, self.sums = archive, _temporary(stack)

    def text(self, name: str, content: bytes) -> None:
        self.archive.writestr(name, content)
        self._sum(name, hashlib.sha256(content))

    def file(self, name: str, source: IO[bytes]) -> None:
        digest = hashlib.sha256()
        with self.archive.open(name, "w", force_zip64=True) as out:
            while portion := source.read(AT_ONCE):
                digest.update(portion)
                out.write(portion)
        self._sum(name, digest)

    def close(self) -> None:
        """Put the list of checksums in, which is its last file."""
        self.sums.seek(0)
        with self.archive.open("SHA256SUMS", "w") as out:
            while portion := self.sums.read(AT_ONCE):
                out.write(portion)

    def _sum(self, name, digest):
        self.sums.write(f"{digest.hexdigest()}  {name}\n".encode())


class _Waiting:
    """Stored files that are still to be packed, as (name in the archive, storage name)."""

    def __init__(self, stack):
        self.lines, self.count = _temporary(stack), 0

    def put(self, name, stored):
        self.lines.write(f"{name}\t{stored}\n".encode())
        self.count += 1

    def __iter__(self) -> Iterator[tuple[str, str]]:
        self.lines.seek(0)
        for line in self.lines:
            name, _tab, stored = line.decode().rstrip("\n").partition("\t")
            yield name, stored


@contextmanager
def _one_moment():
    """What is read in here is as of one moment, whatever others write meanwhile. Inside somebody's own transaction, as tests
    have it, that is the caller's matter.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _tables(found: contents.Contents, stack) -> Iterator[tuple[t.Table, IO[bytes]]]:
    """Each table as a file that was just written."""
    outs = {table: _temporary(stack) for table in t.TABLES}
    texts = {table: io.TextIOWrapper(out, "utf-8", newline="", write_through=True) for table, out in outs.items()}
    writers = {table: t.writer(text) for table, text in texts.items()}
    for table in t.TABLES:
        writers[table].writerow(t.head(table))
    for table, values in found.rows():
        writers[table].writerow(t.line(table, values))
    for table in t.TABLES:
        texts[table].detach()
        outs[table].seek(0)
        yield table, outs[table]


def _temporary(stack) -> IO[bytes]:
    return stack.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
