"""Keeping secrets out of the logs."""

import logging
import re

FORMATTER = logging.Formatter()
TOKEN_IN_PATH = re.compile(r"(/l/|/einladung/|/kalender/)[^/\s\"'?]+")


class HideTokens(logging.Filter):
    """Replace the token of a link, an invitation or a calendar by [link] wherever a message, its arguments or the words of
    an exception show a path.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if TOKEN_IN_PATH.search(message):
            record.msg, record.args = TOKEN_IN_PATH.sub(r"\1[link]", message), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = TOKEN_IN_PATH.sub(r"\1[link]", FORMATTER.formatException(record.exc_info))
        return True
