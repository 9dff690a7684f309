"""Columns the database itself folds for the search, whoever writes the row: the same on SQLite and PostgreSQL."""

from functools import reduce

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Lower, Replace

_TEXT = models.TextField()
# SQLite's lower() knows only ASCII, so capitals stand here too; crm.folding folds what is searched for.
_LETTERS = {
    "Ä": "ae", "Ö": "oe", "Ü": "ue", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "É": "e", "é": "e", "è": "e",
}  # fmt: skip
_AMONG_DIGITS = {"+49": "0", " ": "", "/": "", "-": "", "(": "", ")": "", ".": ""}


def folded(*names: str, phones: tuple[str, ...] = ()) -> models.GeneratedField:
    """The texts of some fields in lower case with umlauts written out, each behind a blank; then telephone numbers as digits."""
    blank, parts = Value(" "), []
    for name in names:
        parts += [blank, Lower(_replaced(F(name), _LETTERS), output_field=_TEXT)]
    for name in phones:
        parts += [blank, _replaced(F(name), _AMONG_DIGITS)]
    return models.GeneratedField(expression=Concat(*parts, output_field=_TEXT), output_field=_TEXT, db_persist=True)


def _replaced(expression, table):
    return reduce(
        lambda found, pair: Replace(found, Value(pair[0]), Value(pair[1]), output_field=_TEXT),
        table.items(),
        expression,
    )
