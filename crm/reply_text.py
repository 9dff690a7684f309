"""What somebody wrote in a mail, without what they answered to: pure, text in and text out.

Rather a quoted line too many than a written word too few: something is only cut where it is plain what it is. That is
why this is our own and not a library: those guess signatures by their greeting ("Mit freundlichen Grüßen") and cut it off.
"""

import re
from html.parser import HTMLParser

MOST = 200_000  # characters that are looked at

# "Am Sa., 21. Nov. 2026 um 17:05 Uhr schrieb Tischlerei Haselbach <post@…>:", also over two or three lines
_WROTE = re.compile(r"\b(?:schrieb|geschrieben|wrote)\b", re.I)
_CLOCK_OR_ADDRESS = re.compile(r"\d:\d\d|\d\.\d\d Uhr|@")
_BEGINS = re.compile(r"^(?:Am|On)\b", re.I)
_SEPARATOR = re.compile(
    r"^\s*-{2,}\s*(?:Urspr(?:ü|ue)ngliche Nachricht|Original[- ]?(?:Message|Nachricht)|Weitergeleitete Nachricht"
    r"|Forwarded message|Reply message)\s*-{2,}\s*$",
    re.I,
)
_FROM = re.compile(r"^\*?(?:Von|From)\s*:\*?\s*\S", re.I)
_FIELD = re.compile(r"^\*?(?:Gesendet|Sent|Datum|Date|An|To|Cc|Betreff|Subject)\s*:", re.I)
_RULE = re.compile(r"^\s*[_*=-]{5,}\s*$")
_SIGNATURE = re.compile(r"^--\s?$")
_SENT_WITH = re.compile(
    r"^(?:Von meine[mr] .{1,40} gesendet|Diese Nachricht wurde von .{1,60} gesendet"
    r"|Gesendet (?:von|mit|aus|via) .{1,60}|Sent (?:from|with|via) .{1,60}|Get Outlook for .{1,20}"
    r"|Outlook für .{1,20} (?:beziehen|herunterladen).{0,60})\.?$",
    re.I,
)


def new_words(text: str) -> str:
    """The words of a plain text mail without quoted history and signature; the whole text if nothing would be left."""
    whole = text[:MOST].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    lines = [line.rstrip() for line in whole.split("\n")]
    kept: list[str] = []
    index = 0
    while index < len(lines):
        if length := _introduction(lines, index):
            index += length
            if not any(_is_quoted(line) for line in lines[index:]):
                break  # what follows is the old mail as it was
            continue
        if _SEPARATOR.match(lines[index]) or _is_header_block(lines, index) or _SIGNATURE.match(lines[index]):
            break
        if not _is_quoted(lines[index]):
            kept.append(lines[index])
        index += 1
    return _tidied(kept) or _tidied([line.lstrip("> ") for line in lines])


def from_html(html: str) -> str:
    """A mail's HTML as plain text, quoted parts marked with ">" as in plain mails. Shows nothing, runs nothing."""
    reader = _Reader()
    reader.feed(html[:MOST])
    reader.close()
    return reader.text


def _introduction(lines, index):
    """Of how many lines the sentence that introduces a quotation consists; 0 where none begins."""
    if not lines[index].strip() or _is_quoted(lines[index]):
        return 0
    for length in (1, 2, 3):
        part = [line.strip() for line in lines[index : index + length]]
        sentence = " ".join(part)
        if len(part) < length or not part[-1] or len(sentence) > 600:
            return 0
        if length > 1 and (_BEGINS.match(part[-1]) or _introduces(part[-1])):
            return 0  # it begins further down
        if _introduces(sentence):
            following = next((line for line in lines[index + length :] if line.strip()), "")
            return length if _is_quoted(following) or _CLOCK_OR_ADDRESS.search(sentence) else 0
    return 0


def _introduces(sentence):
    begins_so = _BEGINS.match(sentence) or re.search(r"@|\d{4}", sentence)
    return bool(sentence.endswith(":") and _WROTE.search(sentence) and begins_so)


def _is_header_block(lines, index):
    """Whether an old mail's headers stand here, as Outlook puts them above it."""
    if not _FROM.match(lines[index].strip()):
        return False
    return sum(1 for line in lines[index + 1 : index + 7] if _FIELD.match(line.strip())) >= 2


def _is_quoted(line):
    return line.lstrip().startswith(">")


def _tidied(lines):
    while lines and (not lines[-1].strip() or _SENT_WITH.match(lines[-1].strip()) or _RULE.match(lines[-1])):
        lines = lines[:-1]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects the text of HTML: blocks are lines, cells are set apart, quotations begin with ">"."""

    SILENT = {"script", "style", "head", "title", "template", "noscript"}
    BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "pre"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line, self.quoted, self.silent = "", 0, 0

    @property
    def text(self):
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()

    def handle_starttag(self, tag, attrs):
        if tag in self.SILENT:
            self.silent += 1
        elif tag == "blockquote":
            self._end_line()
            self.quoted += 1
        elif tag in self.BLOCKS:
            self._end_line(is_break=tag == "br")
        elif tag in ("td", "th"):
            self.line += " "

    def handle_endtag(self, tag):
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "blockquote":
            self._end_line()
            self.quoted = max(0, self.quoted - 1)
        elif tag in self.BLOCKS and tag != "br":
            self._end_line()
            if tag == "p":
                self.lines.append("")

    def handle_data(self, data):
        if not self.silent:
            self.line += data

    def _end_line(self, *, is_break=False):
        line = " ".join(self.line.split())
        if line or is_break:
            self.lines.append("> " * min(self.quoted, 3) + line)
        self.line = ""
