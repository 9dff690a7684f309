"""Pictures of the pages of a PDF, drawn in a process of its own: `python pdf_pictures.py` reads the PDF from stdin.

A PDF of a stranger may loop or unpack to gigabytes, so what draws it has little time and memory, runs nothing that stands in
it and shares nothing. It writes for each page width, height and length (three numbers of four bytes) and a WebP.
"""

import struct
import subprocess
import sys

MOST_PAGES = 20
EDGE = 1600  # pixels of the longer side
SECONDS, MEMORY = 20, 1024 * 1024 * 1024
HEAD = struct.Struct(">III")


def of(file) -> list[tuple[bytes, tuple[int, int]]]:
    """The first pages as (WebP, (width, height)). Raises ValueError for what cannot be drawn."""
    file.seek(0)
    try:
        drawn = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", __file__], input=file.read(), capture_output=True, timeout=SECONDS * 2, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError("the PDF took too long") from error
    pages, rest = [], drawn.stdout
    while len(rest) >= HEAD.size:
        width, height, length = HEAD.unpack_from(rest)
        content = rest[HEAD.size : HEAD.size + length]
        if len(content) < length:
            break  # stopped in the middle of a page: those before it are whole
        pages.append((content, (width, height)))
        rest = rest[HEAD.size + length :]
    if not pages:
        raise ValueError(f"the PDF cannot be drawn ({drawn.returncode})")
    return pages


def _draw(out) -> None:
    import io
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import pypdfium2

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        scale = min(EDGE / max(1.0, *page.get_size()), 4.0)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        content = io.BytesIO()
        picture.save(content, "WEBP", quality=80, method=2)
        out.write(HEAD.pack(*picture.size, len(content.getvalue())) + content.getvalue())
        out.flush()


if __name__ == "__main__":
    _draw(sys.stdout.buffer)
