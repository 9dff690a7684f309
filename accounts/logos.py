"""The logo of a business: what is accepted, and the one form it is kept and shown in."""

import hashlib
import io
import warnings

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts import audit
from accounts.models import Business, Member
from accounts.refusals import Refusal

BIGGEST = 5 * 1024 * 1024  # bytes
MOST_PIXELS = 50_000_000
EDGE = 600  # pixels: three times the height of a letterhead's logo
FORMATS = ("PNG", "JPEG", "WEBP")  # never SVG, which is a document with scripts (P53)


class NotALogo(Refusal):
    """The file is not accepted, with the reason."""

    status = 415

    def __init__(self, message):
        super().__init__(message, field="logo")


@transaction.atomic
def change(business: Business, file, *, by: Member) -> Business:
    """Keep an uploaded picture as the logo: decoded and written anew as PNG of at most 600 pixels, without its metadata.

    Raises NotALogo for a file that is too big or no PNG, JPEG or WebP, whatever its name and type say.
    """
    content = as_png(file)
    digest = hashlib.sha256(content).hexdigest()[:16]
    return _keep(business, f"logos/{business.pk}/{digest}.png", content, by=by)


@transaction.atomic
def remove(business: Business, *, by: Member) -> Business:
    """Go back to the first letter of the name."""
    return _keep(business, "", b"", by=by)


def as_png(file) -> bytes:
    """The picture as PNG. Raises NotALogo; a picture is only decoded when its header says that it is not too large."""
    if file.size > BIGGEST:
        raise NotALogo(_("Das Logo ist größer als 5 MB. Bitte wählen Sie ein kleineres."))
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(file, formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            picture.draft("RGB", (EDGE, EDGE))  # JPEG: decode at the size that is needed
            picture = ImageOps.exif_transpose(picture)
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
            picture.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotALogo(_("Das Bild hat mehr als 50 Megapixel. Bitte wählen Sie ein kleineres.")) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        # Pillow raises any of these for broken files
        raise NotALogo(
            _("Wir können das Logo als PNG, JPG oder WebP annehmen. Diese Datei ist keines davon.")
        ) from None
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def key(business: Business) -> str:
    """The part of the logo's address that changes with the picture; empty without a logo."""
    return (business.logo.name or "").rpartition("/")[2].removesuffix(".png")


def url(business: Business | None) -> str:
    """The public address of the logo; empty without one. It names the content, so browsers may keep it for ever."""
    return reverse("business_logo", args=[business.slug, key(business)]) if business and business.logo else ""


def _keep(business, name, content, *, by):
    locked = Business.objects.select_for_update().get(pk=business.pk)
    before = locked.logo.name or ""
    if before == name:
        return locked
    if name and not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(content))
    locked.logo = name
    locked.save(update_fields=["logo"])
    audit.record(locked, audit.Event.BUSINESS_CHANGED, by=by, fields="logo")
    if before:
        transaction.on_commit(lambda: default_storage.delete(before))
    return locked
