"""Which photos and files are taken, how they are kept, and what is shown of them (security.md P53, P54, P69 to P74)."""

import io
import struct
import uuid
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.refusals import Refusal
from crm import attachments, notes
from crm import files as files_of
from crm.models import Attachment, TimelineEntry
from tests import make

HEIC = (Path(__file__).parent / "files" / "iphone.heic").read_bytes()
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ACCEPTED = "Wir können JPG, PNG, HEIC und PDF annehmen."


def png_header(width, height):
    """A PNG that claims a size without holding the pixels."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


EML = b"From: ada@kunde.example\r\nDate: Sat, 21 Nov 2026 10:00:00 +0100\r\nSubject: Ja\r\n\r\nMachen wir so.\r\n"


def with_place(form="JPEG"):
    """A photo that says where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    exif[0x010F] = "Kamera von Emre"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 33.0, 2.0), 3: "E", 4: (10.0, 0.0, 1.0)})
    return make.picture((80, 40), form, exif=exif.tobytes())


def keep(content, name="foto.jpg", **kwargs):
    return attachments.add(make.make_customer(), make.upload(content, name), **kwargs)


@pytest.mark.parametrize(
    ("content", "name", "kind", "content_type", "kept_as"),
    [
        (make.picture(), "Flur.JPG", "photo", "image/jpeg", "Flur.jpg"),
        (make.picture(form="PNG"), "plan.png", "photo", "image/png", "plan.png"),
        (make.picture(form="WEBP"), "a.webp", "photo", "image/webp", "a.webp"),
        (HEIC, "IMG_0042.HEIC", "photo", "image/heic", "IMG_0042.heic"),
        (HEIC, "IMG_0042.jpg", "photo", "image/heic", "IMG_0042.heic"),  # P72: what it is counts, not what it is called
        (PDF, "Skizze.pdf", "pdf", "application/pdf", "Skizze.pdf"),
        (EML, "Zusage.EML", "mail", "message/rfc822", "Zusage.eml"),
    ],
)
def test_a_file_is_what_its_bytes_say(business, content, name, kind, content_type, kept_as):
    attachment = keep(content, name)
    assert (attachment.kind, attachment.content_type, attachment.name) == (kind, content_type, kept_as)
    assert files_of.read(attachment.file.name) == content
    assert attachment.size == len(content)


def office(main, **more):
    """An Office Open XML file whose main part is of that type; its parts stand in whatever order."""
    said = f'<Types><Override PartName="/a.xml" ContentType="{main}"/></Types>'.encode()
    return zip_with({"customXml/item1.xml": b"x", "_rels/.rels": b"<R/>", "[Content_Types].xml": said, **more})


def open_document(kind, **more):
    said = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zip_with({"mimetype": said, "content.xml": b"<a/>", **more})


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("make_content", "kept_as"),
    [
        (lambda: office(WORD), "a.docx"),
        (lambda: office(EXCEL), "a.xlsx"),  # what lies inside counts, not what it is called
        (lambda: open_document("text"), "a.odt"),
        (lambda: open_document("spreadsheet"), "a.ods"),
    ],
)
def test_an_office_file_is_what_lies_in_it(business, make_content, kept_as):
    found = keep(make_content(), "a.docx")
    assert (found.kind, found.name) == ("office", kept_as)


@pytest.mark.parametrize(
    "make_content",
    [
        lambda: office(WORD_WITH_MACROS),
        lambda: office(WORD, **{"word/vbaProject.bin": b"x"}),
        lambda: open_document("text", **{"Basic/Standard/a.xml": b"x"}),
        lambda: open_document("presentation"),
        lambda: office(WORD)[:-30],
        lambda: office(WORD).replace(b"PK\x01\x02", b"PK\x01\x03"),
    ],
)
def test_macros_other_documents_and_broken_ones_are_refused(business, make_content):
    with pytest.raises(Refusal, match=ACCEPTED):
        keep(make_content(), "a.docx")


def test_a_pdf_gets_pictures_of_its_pages(business):
    from weasyprint import HTML

    paper = HTML(string="<h1>eins</h1><p style='page-break-before: always'>zwei").write_pdf()
    found = keep(paper, "Plan.pdf")
    attachments.make_preview(found.pk)
    found.refresh_from_db()
    assert (found.page_count, max(found.width, found.height)) == (2, 1600)
    sizes = [
        max(Image.open(io.BytesIO(files_of.read(name))).size)
        for name in (attachments.page_name(found, 1), attachments.page_name(found, 2), attachments.smaller(found, 192))
    ]
    assert sizes == [1600, 1600, 192]


@pytest.mark.parametrize("content", [PDF, b"%PDF-1.7 (/JavaScript (while(1){}))", b"%PDF-1.4\n" + b"\x00" * 5000])
def test_a_pdf_that_cannot_be_drawn_is_kept_and_says_so(business, content):
    found = keep(content, "a.pdf")
    attachments.make_preview(found.pk)
    found.refresh_from_db()
    assert (found.preview.name, found.width) == ("", 0) and found.pk not in attachments.without_preview()


def zip_with(parts):
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "bild.svg", ACCEPTED),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bild.png", ACCEPTED),
        (b"<!doctype html><script>alert(1)</script>", "foto.jpg", ACCEPTED),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "a.xhtml", ACCEPTED),
        (make.picture(form="GIF"), "a.gif", ACCEPTED),
        (b"MZ\x90\x00" + b"\x00" * 200, "foto.jpg", ACCEPTED),
        (zip_with({"a.txt": b"hallo"}), "a.zip", ACCEPTED),
        (zip_with({"a.txt": b"hallo"}), "a.docx", ACCEPTED),
        (b"\xef\xbb\xbf%PDF-1.4 <html><script>", "a.pdf", ACCEPTED),
        (b"<html>%PDF-1.4", "a.pdf", ACCEPTED),
        (b"", "leer.jpg", "Die Datei ist leer. Bitte wählen Sie sie noch einmal."),
        # polyglots: the first bytes of a picture, and a page behind them
        (
            b"\xff\xd8\xff\xe0<script>alert(1)</script>",
            "a.jpg",
            "Das Foto lässt sich nicht lesen. Bitte nehmen Sie es noch einmal auf.",
        ),
        (
            b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>",
            "a.png",
            "Das Foto lässt sich nicht lesen. Bitte nehmen Sie es noch einmal auf.",
        ),
        (png_header(30_000, 30_000), "a.png", "Das Foto hat mehr als 50 Megapixel. Bitte wählen Sie ein kleineres."),
        (png_header(10_000, 5_001), "a.png", "Das Foto hat mehr als 50 Megapixel. Bitte wählen Sie ein kleineres."),
        (png_header(10_000, 9_500), "a.png", "Das Foto hat mehr als 50 Megapixel. Bitte wählen Sie ein kleineres."),
    ],
)
def test_what_is_not_accepted_is_refused_and_not_kept(business, files, content, name, sentence):
    with pytest.raises(Refusal) as refused:
        keep(content, name)
    assert (refused.value.message, refused.value.field) == (sentence, "files")
    assert not Attachment.objects.exists()
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_over_25_megabytes_is_refused_without_reading(business, monkeypatch):
    file = make.upload(make.picture())
    file.size = attachments.BIGGEST + 1
    with pytest.raises(Refusal, match="größer als 25 MB"):
        attachments.check(file)


def test_moving_pictures_with_many_frames_are_refused(business):
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), "white" if n % 2 else "black") for n in range(120)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=50)
    with pytest.raises(Refusal, match="Bewegte Bilder"):
        keep(out.getvalue(), "a.webp")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("..\\..\\boot.jpg", "boot.jpg"),
        ('a"\r\nX-A: b.jpg', 'a"X-A: b.jpg'),
        ('"><img onerror=1>.jpg', '"><img onerror=1>.jpg'),
        ("rechnung\u202egpj.exe.jpg", "rechnunggpj.exe.jpg"),
        ("x" * 500 + ".jpg", "x" * 156 + ".jpg"),
        (".jpg", "jpg.jpg"),
        ("", "Datei.jpg"),
    ],
)
def test_names_are_only_text(business, name, text):
    file = make.upload(make.picture())
    file._name = name
    attachment = attachments.add(make.make_customer(), file)
    assert attachment.name == text
    assert attachment.file.name.startswith(f"attachments/{business.pk}/")
    assert len(attachment.file.name.rpartition("/")[2]) == 36  # 32 hex digits and .jpg


def test_a_photo_gets_its_preview_from_a_task(business, woken):
    keep(make.picture())
    assert woken == []  # not before the commit


@pytest.mark.django_db(transaction=True)
def test_the_task_is_woken_after_the_commit(woken):
    from accounts import current

    with current.working_for(make.make_business()):
        photo, paper = keep(make.picture()), keep(PDF, "a.pdf")
        keep(EML, "a.eml")
    assert woken == [("crm.tasks.make_preview", photo.pk), ("crm.tasks.make_preview", paper.pk)]


@pytest.mark.parametrize("content", [with_place(), with_place("PNG"), with_place("WEBP"), HEIC])
def test_a_preview_tells_nothing_about_place_and_camera(business, content):
    attachment = keep(content)
    attachments.make_preview(attachment.pk)
    attachment.refresh_from_db()
    raw = files_of.read(attachment.preview.name)
    shown = Image.open(io.BytesIO(raw))
    assert shown.format == "WEBP"
    assert not shown.getexif() and b"Kamera" not in raw and b"EXIF" not in raw
    assert (attachment.width, attachment.height) == shown.size
    if content is not HEIC:
        assert shown.size == (40, 80)  # upright


def test_a_preview_has_at_most_1600_pixels(business):
    attachment = keep(make.picture((3000, 1500)))
    attachments.make_preview(attachment.pk)
    attachment.refresh_from_db()
    assert (attachment.width, attachment.height) == (1600, 800)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "RGBA", "I;16", "LA"])
def test_every_colour_mode_gets_a_preview(business, mode):
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    attachment = keep(out.getvalue())
    attachments.make_preview(attachment.pk)
    attachment.refresh_from_db()
    assert attachment.width == 20


def test_what_hides_behind_a_photo_is_not_shown(business):
    attachment = keep(make.picture() + b"<script>alert(1)</script>")
    attachments.make_preview(attachment.pk)
    attachment.refresh_from_db()
    assert b"script" not in files_of.read(attachment.preview.name)


def test_a_photo_cut_off_is_kept(business):
    """Whether the part that came is shown depends on a switch of Pillow that others set; that it is kept does not."""
    attachment = keep(make.picture((800, 600))[:900])
    attachments.make_preview(attachment.pk)
    assert len(files_of.read(attachment.file.name)) == 900
    assert attachments.without_preview() == []


def test_a_photo_that_cannot_be_decoded_is_kept_without_preview(business, monkeypatch):
    def fail(file):
        raise ValueError("cannot decode")

    monkeypatch.setattr(attachments, "_reencoded", fail)
    attachment = keep(make.picture())
    attachments.make_preview(attachment.pk)
    attachment.refresh_from_db()
    assert (attachment.preview.name, attachment.width, attachment.height) == ("", 0, 0)
    assert attachments.without_preview() == []  # it is not tried again every minute


def test_making_a_preview_twice_makes_one(business, files):
    attachment = keep(make.picture())
    assert attachments.without_preview() == [attachment.pk]
    attachments.make_preview(attachment.pk)
    attachments.make_preview(attachment.pk)
    # the original, its preview, and that in two smaller sizes
    assert len([path for path in files.rglob("*") if path.is_file()]) == 4
    assert attachments.without_preview() == []


def test_the_same_file_sent_five_times_exists_once(business):
    customer, key = make.make_customer(), uuid.uuid4()
    sent = {attachments.add(customer, make.upload(PDF, "a.pdf"), client_id=key).pk for _ in range(5)}
    assert len(sent) == 1 == Attachment.objects.count()
    with pytest.raises(Refusal):
        attachments.add(customer, make.upload(PDF + b"\n", "a.pdf"), client_id=key)


def test_a_file_alone_is_told_on_the_timeline(business, owner):
    attachment = keep(PDF, "a.pdf", by=owner)
    entry = TimelineEntry.objects.get(event="crm.file_added")
    assert (entry.subject, entry.by, entry.facts) == (attachment, owner, {"kind": "pdf"})


def test_of_several_files_all_are_taken_or_none(business, files):
    bad = [make.upload(), SimpleUploadedFile("b.svg", b"<svg/>")]
    with pytest.raises(Refusal):
        notes.add(make.make_customer(), "Flur", by=None, files=bad)
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_deleted_files_and_files_of_deleted_notes_are_not_present(business):
    customer = make.make_customer()
    note = make.make_note(customer, files=[make.upload()], is_shared=True)
    alone = attachments.add(customer, make.upload(), is_shared=True)
    assert Attachment.objects.present().count() == Attachment.objects.shared().count() == 2
    notes.delete(note)
    assert list(Attachment.objects.shared()) == [alone]
    attachments.delete(alone)
    assert not Attachment.objects.present().exists()
    attachments.restore(alone)
    attachments.set_shared(alone, False)
    assert list(Attachment.objects.present()) == [alone] and not Attachment.objects.shared().exists()
