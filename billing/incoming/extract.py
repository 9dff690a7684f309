"""The structured invoice inside a PDF, in a process of its own: `python extract.py` reads the PDF from stdin.

A PDF of a stranger may loop or unpack to gigabytes, so this runs with little time and memory and shares nothing. It
writes the XML and ends with 0, with 3 if there is none inside, with 4 if there are several; anything else is unreadable.
"""

import resource
import sys

WANTED = {"factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"}
NONE, SEVERAL, UNREADABLE = 3, 4, 5
MOST_BYTES = 10 * 1024 * 1024
SECONDS, MEMORY = 8, 640 * 1024 * 1024
MOST_FILES = 200


def main() -> int:
    """The exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    found = []
    for number, file in enumerate(reader.attachment_list):
        if number >= MOST_FILES:
            return UNREADABLE
        if file.name.lower() in WANTED:
            found.append(file)
    if len(found) != 1:
        return SEVERAL if found else NONE
    content = found[0].content
    if len(content) > MOST_BYTES:
        return UNREADABLE
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    try:
        code = main()
    except Exception:  # whatever a broken file does to the reader, memory and depth included
        code = UNREADABLE
    sys.exit(code)
