"""No token reaches a log."""

import logging

from config.logs import HideTokens


def test_the_token_of_a_link_is_replaced():
    record = logging.LogRecord("web", logging.INFO, __file__, 1, 'GET "%s" 302', ("/l/abc_DEF-123/?x=1",), None)
    assert HideTokens().filter(record)
    assert record.getMessage() == 'GET "/l/[link]/?x=1" 302'


def test_other_paths_stay():
    record = logging.LogRecord("web", logging.INFO, __file__, 1, "GET /kontakte/12/", (), None)
    HideTokens().filter(record)
    assert record.getMessage() == "GET /kontakte/12/"


def test_the_token_of_an_invitation_is_replaced():
    record = logging.LogRecord("web", logging.INFO, __file__, 1, "GET /einladung/abc123/ 302", (), None)
    HideTokens().filter(record)
    assert record.getMessage() == "GET /einladung/[link]/ 302"
