"""Keeping secrets out of the logs."""

import logging
import re

TOKEN_IN_PATH = re.compile(r"(/l/|/einladung/)[^/\s\"'?]+")


class HideTokens(logging.Filter):
    """Replace the token of a customer's link or an invitation by [link] wherever a message or its arguments show a path."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if TOKEN_IN_PATH.search(message):
            record.msg, record.args = TOKEN_IN_PATH.sub(r"\1[link]", message), ()
        return True
