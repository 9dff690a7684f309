"""No token reaches a log."""

import io
import logging
import sys

from config.logs import HideTokens


def test_the_token_of_a_link_is_replaced():
    record = logging.LogRecord("web", logging.INFO, __file__, 1, 'GET "%s" 302', ("/l/abc_DEF-123/?x=1",), None)
    assert HideTokens().filter(record)
    assert record.getMessage() == 'GET "/l/[link]/?x=1" 302'


def test_the_token_is_replaced_in_the_words_of_an_exception_too():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(HideTokens())
    try:
        raise ValueError("no such page: /l/abc_DEF-123/")
    except ValueError:
        handler.handle(logging.LogRecord("web", logging.ERROR, __file__, 1, "failed", (), sys.exc_info()))
    assert "ValueError: no such page: /l/[link]/" in out.getvalue()
    assert "abc_DEF" not in out.getvalue()


def test_the_web_server_writes_through_the_same_filter(settings):
    console = settings.LOGGING["handlers"]["console"]
    assert console["filters"] == ["tokens"]
    for name in ("gunicorn.error", "gunicorn.access"):
        assert settings.LOGGING["loggers"][name] == {"handlers": ["console"], "propagate": False}


def test_other_paths_stay():
    record = logging.LogRecord("web", logging.INFO, __file__, 1, "GET /kontakte/12/", (), None)
    HideTokens().filter(record)
    assert record.getMessage() == "GET /kontakte/12/"


def test_the_token_of_an_invitation_is_replaced():
    record = logging.LogRecord("web", logging.INFO, __file__, 1, "GET /einladung/abc123/ 302", (), None)
    HideTokens().filter(record)
    assert record.getMessage() == "GET /einladung/[link]/ 302"
