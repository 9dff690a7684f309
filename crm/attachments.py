"""Photos and files of contacts: what is accepted, how it is kept, the only form it is shown in (security.md 4.5)."""

import hashlib
import io
import logging
import unicodedata
from email.parser import BytesHeaderParser
from pathlib import PurePosixPath
from typing import IO, cast

import filetype
import pi_heif
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from accounts import current
from accounts.refusals import Refusal
from accounts.wakeup import kick
from crm import office_files, pdf_pictures, timeline
from crm.models import Attachment

logger = logging.getLogger(__name__)

BIGGEST = 25 * 1024 * 1024  # bytes
MOST_PIXELS = 50_000_000
MOST_FRAMES = 100
PREVIEW_EDGE = 1600  # pixels
SMALL, THUMB = 640, 192  # pixels; a phone's first view may cost 60 kB of pictures
HEAD = 64 * 1024  # bytes read to find out what a file is

_OFFICE = office_files.OOXML
# What a file is by its first bytes -> our kind, and the suffix it is kept and handed out with
TYPES = {
    "image/jpeg": (Attachment.Kind.PHOTO, ".jpg"),
    "image/png": (Attachment.Kind.PHOTO, ".png"),
    "image/webp": (Attachment.Kind.PHOTO, ".webp"),
    "image/heic": (Attachment.Kind.PHOTO, ".heic"),
    "application/pdf": (Attachment.Kind.PDF, ".pdf"),
    f"{_OFFICE}.wordprocessingml.document": (Attachment.Kind.OFFICE, ".docx"),
    f"{_OFFICE}.spreadsheetml.sheet": (Attachment.Kind.OFFICE, ".xlsx"),
    "application/vnd.oasis.opendocument.text": (Attachment.Kind.OFFICE, ".odt"),
    "application/vnd.oasis.opendocument.spreadsheet": (Attachment.Kind.OFFICE, ".ods"),
    "message/rfc822": (Attachment.Kind.MAIL, ".eml"),
}
_PILLOW_FORMATS = {
    "image/jpeg": ("JPEG",),  # also with a second picture behind it, as many phones write (MPO)
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}

pi_heif.register_heif_opener(thumbnails=False)


@transaction.atomic
def add(
    customer, uploaded_file, *, by=None, note=None, message=None, is_shared=False, is_told=True, client_id=None
) -> Attachment:
    """Keep a photo or file of a contact. Sent again with the same `client_id` it is found, not kept twice (P74).

    `is_told` writes a line on the timeline; a note or message with files tells it itself. Raises Refusal (field
    "files") for a file that is not accepted, and for a known `client_id` with other bytes.
    """
    digest = _sha256(uploaded_file)
    if client_id and (known := Attachment.objects.filter(client_id=client_id).first()):
        if known.sha256 != digest:
            raise Refusal(_("Diese Datei wurde schon mit anderem Inhalt gesendet. Bitte wählen Sie sie noch einmal."))
        return known
    content_type = check(uploaded_file)
    kind, suffix = TYPES[content_type]
    attachment = Attachment(
        customer=customer,
        note=note,
        message=message,
        kind=kind,
        name=clean_name(uploaded_file.name, suffix),
        content_type=content_type,
        size=uploaded_file.size,
        sha256=digest,
        is_shared=is_shared,
        by=by,
        client_id=client_id,
    )
    attachment.file = File(uploaded_file, name=f"original{suffix}")
    attachment.save()
    if attachment.has_pictures:
        kick("crm.tasks.make_preview", attachment.pk)
    if is_shared:
        _tell_of_sharing(attachment, by)
    if is_told:
        timeline.record(timeline.Event.FILE_ADDED, customer=customer, subject=attachment, by=by, kind=kind)
    return attachment


def check(file) -> str:
    """The content type a file really has. Raises Refusal for what is not accepted; decodes no picture."""
    if file.size == 0:
        raise _refuse(_("Die Datei ist leer. Bitte wählen Sie sie noch einmal."))
    if file.size > BIGGEST:
        raise _refuse(_("Das Foto ist größer als 25 MB. Bitte wählen Sie ein kleineres."))
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    content_type = _recognise(head, file.name or "")
    if head.startswith(b"PK\x03\x04"):
        content_type = office_files.recognise(file)
        file.seek(0)
    if content_type not in TYPES:
        raise _refuse(_("Wir können JPG, PNG, HEIC und PDF annehmen."))
    if TYPES[content_type][0] == Attachment.Kind.PHOTO:
        _check_picture(file, content_type)
        file.seek(0)
    return content_type


@transaction.atomic
def set_shared(attachment: Attachment, is_shared: bool, *, by=None) -> None:
    """Let the customer see a photo or file, or no longer."""
    Attachment.objects.filter(pk=attachment.pk).update(is_shared=is_shared)
    attachment.is_shared = is_shared
    _tell_of_sharing(attachment, by)


def delete(attachment: Attachment) -> None:
    """Take a file out of sight; `restore` brings it back."""
    Attachment.objects.filter(pk=attachment.pk).update(deleted_at=timezone.now())


def restore(attachment: Attachment) -> None:
    """Undo `delete`."""
    Attachment.objects.filter(pk=attachment.pk).update(deleted_at=None)


def make_preview(attachment_id: int) -> None:
    """Make what people are shown of a photo or PDF: WebP, without place and camera data (P73), in three sizes.

    A photo upright, at most 1,600 pixels; of a PDF its first pages, each drawn as a picture. Safe to run twice. What cannot
    be decoded gets no preview, and width and height 0 to say so.
    """
    attachment = Attachment.unscoped.select_related("business").filter(pk=attachment_id, preview="").first()
    if attachment is None or not attachment.has_pictures:
        return
    row = Attachment.unscoped.filter(pk=attachment_id, preview="")
    try:
        with attachment.file.open() as file:
            pictures = [_reencoded(file)] if attachment.is_photo else pdf_pictures.of(file)
    except Exception as error:  # decoders raise all sorts; tried every minute again it would not get better
        logger.info("attachment %s has no preview: %s", attachment_id, error)
        row.update(width=0, height=0)
        return
    (first, (width, height)), *others = pictures
    with current.working_for(attachment.business):
        attachment.preview.save("preview.webp", ContentFile(first), save=False)
    beside = {smaller(attachment, edge): _scaled(first, edge) for edge in (SMALL, THUMB)}
    beside |= {page_name(attachment, number): content for number, (content, _size) in enumerate(others, 2)}
    for name, content in beside.items():
        default_storage.save(name, ContentFile(content))
    pages = None if attachment.is_photo else len(pictures)
    changed = {"preview": attachment.preview.name, "width": width, "height": height, "page_count": pages}
    if not row.update(**changed):  # another run was faster
        for name in beside:
            default_storage.delete(name)
        attachment.preview.delete(save=False)


def reencode(file) -> tuple[bytes, tuple[int, int]]:
    """A photo that just came, in the only form people are shown one (WebP, without place and camera data), and its size.

    Raises Refusal (field "files") for what is no photo, is too big or cannot be decoded.
    """
    if TYPES[check(file)][0] != Attachment.Kind.PHOTO:
        raise _refuse(_("Wir können Fotos als JPG, PNG und HEIC annehmen."))
    try:
        return _reencoded(file)
    except Exception as error:  # decoders of foreign bytes raise all sorts
        raise _refuse(_("Das Foto lässt sich nicht lesen. Bitte nehmen Sie es noch einmal auf.")) from error


def for_mail(file) -> tuple[str, str, bytes]:
    """A file as it may leave the house: (name, content type, bytes). Photos anew as JPEG, without place and camera data.

    Raises Refusal (field "files") for what is not accepted.
    """
    content_type = check(file)
    kind, suffix = TYPES[content_type]
    if kind != Attachment.Kind.PHOTO:
        return clean_name(file.name, suffix), content_type, file.read()
    with Image.open(io.BytesIO(reencode(file)[0])) as picture:
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=88)
    return clean_name(file.name, ".jpg"), "image/jpeg", out.getvalue()


def is_shown(attachment: Attachment) -> bool:
    """Whether there is something of a photo to show."""
    return bool(attachment.preview) and attachment.deleted_at is None


def smaller(attachment: Attachment, edge: int) -> str:
    """The storage name of a preview in one of the smaller sizes; it stands beside the preview."""
    return f"{str(attachment.preview.name).removesuffix('.webp')}-{edge}.webp"


def page_name(attachment: Attachment, number: int) -> str:
    """The storage name of the picture of one page of a PDF; the first page is the preview itself."""
    name = str(attachment.preview.name)
    return name if number == 1 else f"{name.removesuffix('.webp')}-p{number}.webp"


def stored_beside(attachment: Attachment) -> list[str]:
    """The storage names of the pictures that were made of a file and that no field names."""
    if not attachment.preview:
        return []
    sizes = [smaller(attachment, edge) for edge in (SMALL, THUMB)]
    return sizes + [page_name(attachment, number) for number in range(2, (attachment.page_count or 1) + 1)]


def without_preview(limit: int = 50) -> list[int]:
    """Photos and PDFs of all businesses whose preview nobody has tried to make: the wake-up got lost."""
    return list(
        Attachment.unscoped.filter(kind__in=[Attachment.Kind.PHOTO, Attachment.Kind.PDF], preview="", width=None)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )


def clean_name(name: str, suffix: str) -> str:
    """A sender's file name as text: no path, no control or direction characters, our suffix, at most 160 characters."""
    base = PurePosixPath((name or "").replace("\\", "/")).name
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    stem = " ".join(PurePosixPath(base).stem.split()).strip(". ") or _("Datei")
    return stem[: 160 - len(suffix)] + suffix


def _tell_of_sharing(attachment, by):
    for name in settings.WHEN_SHARED:
        import_string(name)(attachment, by=by)


def _refuse(message):
    return Refusal(message, field="files")


def _recognise(head: bytes, name: str) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "image/heic"  # filetype knows two of the six brands phones write
    if b"%PDF" in head[:8] and not head.startswith(b"%PDF-"):
        return ""
    guessed = filetype.guess_mime(head) or ""
    if not guessed and PurePosixPath(name).suffix.lower() == ".eml" and _is_mail(head):
        return "message/rfc822"
    return guessed


def _is_mail(head: bytes) -> bool:
    """A mail as programs save it: a text that begins with headers, who wrote it and when among them."""
    headers = BytesHeaderParser().parsebytes(head)
    return b"\0" not in head and not headers.defects and "From" in headers and "Date" in headers


def _check_picture(file, content_type):
    too_big = _("Das Foto hat mehr als 50 Megapixel. Bitte wählen Sie ein kleineres.")
    try:
        with Image.open(cast(IO[bytes], _Borrowed(file)), formats=_PILLOW_FORMATS[content_type]) as picture:
            width, height = picture.size
            # a moving picture costs its pixels per frame; a phone's second frame (depth, burst) is never decoded
            frames = getattr(picture, "n_frames", 1) if content_type in ("image/png", "image/webp") else 1
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refuse(too_big) from None
    except Exception as error:  # decoders of foreign bytes raise all sorts
        raise _refuse(_("Das Foto lässt sich nicht lesen. Bitte nehmen Sie es noch einmal auf.")) from error
    if width * height > MOST_PIXELS:
        raise _refuse(too_big)
    if frames > MOST_FRAMES:
        raise _refuse(_("Bewegte Bilder nehmen wir nicht an. Wir können JPG, PNG, HEIC und PDF annehmen."))


def _reencoded(file) -> tuple[bytes, tuple[int, int]]:
    with Image.open(file, formats=[name for names in _PILLOW_FORMATS.values() for name in names]) as picture:
        picture.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))  # decodes a JPEG at reduced size
        upright = ImageOps.exif_transpose(picture)
        profile = picture.info.get("icc_profile")
    has_alpha = "A" in upright.mode or "transparency" in upright.info
    shown = _in_srgb(upright.convert("RGBA" if has_alpha else "RGB"), profile if upright.mode == "RGB" else None)
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=80, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue(), shown.size


def _scaled(preview: bytes, edge: int) -> bytes:
    with Image.open(io.BytesIO(preview)) as picture:
        picture.thumbnail((edge, edge))
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=70, method=6)
    return out.getvalue()


def _in_srgb(picture, profile):
    """Phones photograph in wider colours; without their profile a sample of paint would look dull."""
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=picture.mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _sha256(file) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in iter(lambda: file.read(1024 * 1024), b""):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class _Borrowed:
    """An open file that Pillow reads but does not close: it is stored afterwards."""

    def __init__(self, file):
        self.read, self.seek, self.tell = file.read, file.seek, file.tell
