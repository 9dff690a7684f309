"""Documents on paper: A4 PDF/A-3b after DIN 5008, with the structured invoice inside where there is one.

Tagged for screen readers as PDF/A-3a and PDF/UA-1 ask for. The archive calls itself 3b all the same: readers refuse two
identifications in one file, and of the others this is what receivers of invoices know.

Rendered once when a document is issued and stored; the same document gives the same bytes. Everything printed comes
from the frozen document, nothing a user types is markup, and nothing is fetched but our own style sheet and fonts.
"""

import base64
import re
import threading
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from html import escape
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from weasyprint import CSS, HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from billing.documents import prepayments, protocol, sheet, sign_off_report, texts
from billing.documents.einvoice import EN16931, XRECHNUNG, xml_text
from billing.documents.glyphs import printable
from billing.documents.model import Document

FOLDER = Path(settings.BASE_DIR) / "static" / "documents"
IMAGES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp", b"GIF8": "image/gif"}
NEUTRAL = "#24594a"

# Pango's font maps are not made for several threads at once; a document takes a fraction of a second
_engine = threading.Lock()


class OwnFiles(URLFetcher):
    """Serves the files of one folder and data: addresses. Everything else is refused, whoever asks for it."""

    def __init__(self, folder: Path = FOLDER):
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self._folder = folder.resolve()

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        if parts.scheme != "file":
            return super().fetch(url, headers)
        path = Path(url2pathname(parts.path)).resolve()
        if parts.netloc or not path.is_relative_to(self._folder):
            raise ValueError(f"not one of our files: {url}")
        return URLFetcherResponse(url, path.read_bytes())


def render_pdf(document: Document, *, xml: bytes | None = None, logo: bytes | None = None) -> bytes:
    """The document as PDF/A-3b. With `xml` (of `build_cii`) it is a hybrid, Factur-X or XRechnung as the XML says.

    A draft has a watermark, and no GiroCode. `logo` is a PNG, JPEG, GIF or WebP; anything else is left out.
    """
    with override(document.language):
        found = sheet.context(document, logo=_data_url(logo))
        html = render_to_string("billing/documents/document.html", found)
        subject = f"{found['heading']}, {document.buyer.name}"
    facts = {"title": found["heading"], "author": document.seller.official_name, "subject": subject}
    return _print(html, brand=document.seller.brand, day=document.issued_on, facts=facts, xml=xml)


def render_text_pdf(
    text: str, *, heading: str, subtitle: str, author: str, day: date, language: str = "de", plain: bool = False
) -> bytes:
    """A text a contract was concluded with, as it was. `plain`: without headings of its own, paragraphs only."""
    with override(language):
        parts = [("", text)] if plain else texts.parts(text)[1]
        title = heading if plain else texts.parts(text)[0]
        words = {
            "language": language, "created": day.isoformat(), **sheet.page_numbers(), "title": title,
            "subtitle": subtitle, "author": author, "parts": parts,
        }  # fmt: skip
        html = render_to_string("billing/documents/text.html", words)
    return _print(html, brand=NEUTRAL, day=day, facts={"title": title, "author": author, "subject": subtitle})


def render_protocol_pdf(record: dict, *, signature: str = "", language: str = "de") -> bytes:
    """The evidence record of an acceptance (R87) as a list on A4, with the hash of its canonical JSON at the foot.

    `signature` is the data of the SVG path that was drawn; the record holds its hash.
    """
    day = protocol.day_of(record)
    with override(language):
        found = protocol.context(record)
        created = day.isoformat() if day else ""
        words = {"language": language, "created": created, **sheet.page_numbers(), **found, "signature": signature}
        html = render_to_string("billing/documents/protocol.html", words)
    facts = {"title": found["title"], "author": "", "subject": found["subtitle"]}
    return _print(html, brand=NEUTRAL, day=day, facts=facts)


def render_letter_pdf(
    document: Document, *, title: str, reference: str, paragraphs: list[str], parts: list[tuple[str, str]], notice: str,
    regards: str, day: date, logo: bytes | None = None,
) -> bytes:  # fmt: skip
    """A letter after DIN 5008. `document` says who writes to whom; `notice` stands in a box of its own."""
    with override(document.language):
        words = {
            **sheet.letterhead(document, day=day, logo=_data_url(logo)), "title": title, "subject": reference,
            "paragraphs": paragraphs, "parts": parts, "notice": notice, "regards": regards,
            "created": day.isoformat(),
        }  # fmt: skip
        html = render_to_string("billing/documents/letter.html", words)
    facts = {"title": title, "author": document.seller.official_name, "subject": f"{reference}, {document.buyer.name}"}
    return _print(html, brand=document.seller.brand, day=day, facts=facts)


def render_prepayments_pdf(document: Document, *, logo: bytes | None = None) -> bytes:
    """The list of part payments that goes inside an Endrechnung (R39d)."""
    title, seller = prepayments.title(document), document.seller
    with override(document.language):
        words = {
            **sheet.letterhead(document, day=document.issued_on, logo=_data_url(logo)), "title": title,
            "created": f"{document.issued_on:%Y-%m-%d}", **prepayments.context(document),
        }  # fmt: skip
        html = render_to_string("billing/documents/prepayments.html", words)
    facts = {"title": title, "author": seller.official_name, "subject": f"{title}, {document.buyer.name}"}
    return _print(html, brand=seller.brand, day=document.issued_on, facts=facts)


def render_dunning_pdf(
    document: Document, *, words: dict, amount: Decimal, purpose: str, day: date, logo: bytes | None = None
) -> bytes:
    """A letter of reminder after DIN 5008. `document` says who writes to whom, `words` what (billing/dunning_letters.py)."""
    with override(document.language):
        html = render_to_string(
            "billing/documents/dunning.html",
            {
                **sheet.letterhead(document, day=day, logo=_data_url(logo)), **words, "created": day.isoformat(),
                "girocode": sheet.transfer_code(document.seller, amount, purpose),
            },
        )  # fmt: skip
    seller = document.seller
    facts = {"title": words["title"], "author": seller.official_name, "subject": f"{purpose}, {document.buyer.name}"}
    return _print(html, brand=seller.brand, day=day, facts=facts)


def render_sign_off_pdf(
    record: dict, *, photos: Mapping[int, bytes | None], customer_signature: str = "", business_signature: str = "",
    logo: bytes | None = None, brand: str = NEUTRAL,
) -> bytes:  # fmt: skip
    """The protocol of a sign-off (R92), made of its record, with the hash of the record at the foot.

    `photos` are JPEG by the id the record names; signatures the data of SVG paths, of which the record has the hashes.
    """
    day = sign_off_report.day_of(record)
    with override(record["language"]):
        found = sign_off_report.context(record)
        pictures = {pk: _data_url(photo) for pk, photo in photos.items()}
        for row in found["defects"]:
            row["picture"] = pictures.get(row["photo"], "")
        words = {
            "language": record["language"], "created": day.isoformat(), **sheet.page_numbers(), **found,
            "logo": _data_url(logo), "signed": {"customer": customer_signature, "business": business_signature},
        }  # fmt: skip
        html = render_to_string("billing/documents/sign_off.html", words)
    facts = {"title": found["title"], "author": record["business"]["name"], "subject": found["subtitle"]}
    return _print(html, brand=brand, day=day, facts=facts)


def warm_up() -> None:
    """Load fonts and style sheet now: the first document of a process would wait a second for them."""
    _print(
        '<html lang="de"><title>·</title><p>·<b>·</b>',
        brand=NEUTRAL,
        day=None,
        facts={"title": "·", "author": "", "subject": ""},
    )


def _print(html, *, brand, day, facts, xml=None) -> bytes:
    profile = None if xml is None else XRECHNUNG if XRECHNUNG.guideline.encode() in xml else EN16931
    color = brand if re.fullmatch(r"#[0-9a-fA-F]{6}", brand) else NEUTRAL
    with _engine:
        fonts, styles, fetcher = _kit()
        brand_style = CSS(string=f":root {{ --brand: {color} }}", url_fetcher=fetcher, font_config=fonts)
        options = {"pdf_variant": "pdf/a-3b", "pdf_tags": True, "output_intent": "own", "dpi": 300}
        pages = HTML(string=printable(html, FOLDER), base_url=None, url_fetcher=fetcher).render(
            font_config=fonts, color_profiles={"own": _srgb()}, stylesheets=[styles, brand_style], **options
        )
        for attempt in range(9):

            def finish(_document, pdf, attempt=attempt):
                _describe(pdf, facts, day, profile)
                _compress(pdf)
                pdf.info["Writing"] = pydyf.String(str(attempt))

            found = pages.write_pdf(finisher=finish, attachments=_attachments(xml, profile, day), **options)
            if not _BREAK_BEFORE_END.search(found):
                break
        return found


def _attachments(xml, profile, day):
    if not profile:
        return []
    at = datetime.combine(day, time(0), UTC)
    return [Attachment(string=xml, name=profile.filename, relationship="Alternative", created=at, modified=at)]


@cache
def _kit():
    """Fonts, style sheet and fetcher, once per process."""
    fonts, fetcher = FontConfiguration(), OwnFiles()
    return fonts, CSS(filename=FOLDER / "document.css", font_config=fonts, url_fetcher=fetcher), fetcher


def _srgb():
    """WeasyPrint's own colour profile, without the file it would leave open."""
    with (files("weasyprint.pdf") / "sRGB2014.icc").open("rb") as file:
        return ColorProfile(BytesIO(file.read()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _data_url(image: bytes | None) -> str:
    kind = next((kind for start, kind in IMAGES.items() if image and image.startswith(start)), None)
    return f"data:{kind};base64,{base64.b64encode(image).decode()}" if image and kind else ""


def _describe(pdf, facts, day, profile):
    """One complete XMP packet in place of WeasyPrint's, uncompressed, and each attached file named once."""
    stamp = f"{day:%Y-%m-%d}" if day else ""
    title, author, subject = (escape(xml_text(facts[name])) for name in ("title", "author", "subject"))
    creator = f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>" if author else ""
    description = f"<dc:description>{_ALT % subject}</dc:description>" if subject else ""
    dates = f"<xmp:CreateDate>{stamp}</xmp:CreateDate><xmp:ModifyDate>{stamp}</xmp:ModifyDate>" if stamp else ""
    invoice = _invoice_facts(profile) if profile else ""
    packet = _XMP.substitute(
        about=f"<dc:title>{_ALT % title}</dc:title>{creator}{description}",
        producer=pdf.info["Producer"].string,
        dates=dates,
        invoice=invoice,
    )
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream, metadata.compress = [packet.encode()], False
    pdf.info["Title"] = pydyf.String(facts["title"])
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _invoice_facts(profile):
    properties = "\n".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        for name, meaning in _FACTUR_X_PROPERTIES
    )
    return _FACTUR_X.substitute(name=profile.filename, level=profile.conformance, properties=properties)


# Readers that look for the line break before "endstream" take such a last byte of a stream for it. The standard
# allows it, strict validators complain; one compressed stream in 128 ends so. Streams made here then end in the "~>"
# of ASCII85; those made while writing (lists of objects) get other bytes by another info entry.
_BREAK_BEFORE_END = re.compile(rb"[\r\n]\nendstream")


def _compress(pdf):
    """Compress every stream that wants it, and let none end in a line break."""
    for found in pdf.objects:
        if not isinstance(found, pydyf.Stream):
            continue
        wants_packing, found.compress = found.compress, False
        content = found.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
        if wants_packing:
            content = zlib.compress(content, 9)
            found.stream, found.extra["Filter"] = [content], "/FlateDecode"
        if content[-1:] in (b"\r", b"\n") and "Filter" in found.extra:
            found.stream = [base64.a85encode(content) + b"~>"]
            found.extra["Filter"] = pydyf.Array(["/ASCII85Decode", found.extra["Filter"]])
            if "DecodeParms" in found.extra:
                found.extra["DecodeParms"] = pydyf.Array(["null", found.extra["DecodeParms"]])


_ALT = '<rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt>'
_XMP = Template("""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
$about</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>$producer</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">$dates</rdf:Description>
$invoice</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""")

_FACTUR_X_PROPERTIES = (
    ("DocumentFileName", "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE"),
    ("Version", "The actual version of the Factur-X XML schema"),
    ("ConformanceLevel", "The conformance level of the embedded Factur-X data"),
)
# The fx: properties and the extension schema that declares them (Factur-X 1.0, PDF/A-3 section)
_FACTUR_X = Template("""<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>$name</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>$level</fx:ConformanceLevel></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
$properties
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
""")
