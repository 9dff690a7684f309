"""Celery's broker for a machine without Redis: kombu's messages as files, but each appears whole.

Kombu opens the file under its final name and writes afterwards; a worker that looks in between takes an empty message and
ends. Writing beside it and renaming is atomic on every file system (POSIX rename).
"""

import os
from pathlib import Path
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's channel; `_get` takes only names that end in `.<queue>.msg`, in their order."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # kombu renames it too
        name = f"{monotonic_ns()}_{uuid4()}"
        unfinished = Path(self.data_folder_out, f"{name}.unfinished")
        unfinished.write_bytes(str_to_bytes(dumps(payload)))
        os.replace(unfinished, Path(self.data_folder_out, f"{name}.{queue}.msg"))


class Transport(filesystem.Transport):
    """What a broker address `whole-files://` leads to."""

    Channel = Channel


def register() -> None:
    """Make the address `whole-files://` known to kombu."""
    TRANSPORT_ALIASES["whole-files"] = f"{__name__}:Transport"
