"""The demo's mailbox: a real SMTP server that delivers nowhere and writes each mail as a file.

``python -m config.mail_catcher DIR PORT`` listens on 127.0.0.1 until it is told to stop. One mail is one ``.eml`` file
(any mail program opens it); the names sort by time of arrival.
"""

import asyncio
import re
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope

LARGEST = 50 * 1024 * 1024  # bytes of one mail; photos and PDF files come along


class Mailbox:
    """Takes every mail for every address and keeps it in ``folder``."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.numbers = count(1)

    async def handle_DATA(self, server, session, envelope: Envelope) -> str:
        self.keep(envelope)
        return "250 Message accepted"

    def keep(self, envelope: Envelope) -> Path:
        """Write the mail as it came, below the envelope's addresses as headers (Bcc is nowhere else)."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        header = f"X-Envelope-From: {envelope.mail_from or '<>'}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        now = datetime.now(UTC)
        receiver = re.sub(r"[^\w.@+-]", "_", envelope.rcpt_tos[0] if envelope.rcpt_tos else "nobody")[:80]
        path = self.folder / f"{now:%Y%m%d-%H%M%S-%f}-{next(self.numbers):04}-{receiver}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(header.encode() + content)
        unfinished.rename(path)  # whoever watches the folder sees only whole mails
        return path


async def serve(folder: Path, port: int) -> None:
    """Listen until SIGTERM or SIGINT. OSError if the port is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    mailbox = Mailbox(folder)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(mailbox, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="localhost", loop=loop),
        "127.0.0.1",
        port,
    )
    await stop.wait()
    server.close()  # mails under way are given up: their sender tries again


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
