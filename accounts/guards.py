"""Guards that live in the database itself, the same on SQLite and PostgreSQL.

Two kinds of triggers, made after every `migrate` from what the models declare:

* **wall**: a row may only point at rows of its own business (composite foreign keys, which SQLite cannot add later);
* **frozen**: what is issued is never updated or deleted (GoBD, AO § 146 (4)); a model says so with
  ``frozen = Frozen(...)``.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connections, transaction

PREFIX = "handschlag_"
ERASING = "handschlag.erasing"  # PostgreSQL: the tables this transaction may delete frozen rows of


@dataclass(frozen=True)
class Frozen:
    """When a row may not change any more.

    `when` is SQL over the old row (``{old}.state <> 'draft'``), empty for always. `free` names the fields that stay
    free. `follows` names foreign keys that say where the row is filed: each may go from a row to the one that row was
    merged into (its `merged_into`), and back, and nowhere else. What the row says stays as it is.
    """

    when: str = ""
    free: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


@cache
def business_models():
    """Every concrete model whose rows carry a business."""
    return tuple(
        model
        for model in apps.get_models()
        if not model._meta.proxy and any(field.name == "business" for field in model._meta.concrete_fields)
    )


def frozen_models():
    """Every model that declares `frozen`."""
    return [model for model in apps.get_models() if getattr(model, "frozen", None)]


def walls(model):
    """The (column, parent table) pairs of a model that must stay within one business."""
    owned = set(business_models())
    return [
        (field.column, field.related_model._meta.db_table)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in owned
    ]


def _frozen_columns(model):
    loose = {*model.frozen.free, *model.frozen.follows}
    return [f.column for f in model._meta.concrete_fields if f.name not in loose and not f.primary_key]


def _following(model):
    """(column, SQL that is true unless the step goes along a merge) of the foreign keys that follow one."""
    for name in model.frozen.follows:
        field = model._meta.get_field(name)
        table, column = field.related_model._meta.db_table, field.column
        merged = field.related_model._meta.get_field("merged_into").column
        yield (
            column,
            f'NOT EXISTS (SELECT 1 FROM "{table}" m WHERE '
            f'(m.id = OLD."{column}" AND m."{merged}" = NEW."{column}") OR '
            f'(m.id = NEW."{column}" AND m."{merged}" = OLD."{column}"))',
        )


# A parent is found by its primary key alone and its business compared afterwards: asked for both at once, the planner of
# a fresh database may walk all rows of the business for each new row.
def _sqlite(model):
    """(name, SQL) of a model's triggers."""
    table = model._meta.db_table
    if pairs := walls(model):
        broken = " OR ".join(
            f'(NEW."{column}" IS NOT NULL AND '
            f'(SELECT p.business_id FROM "{parent}" p WHERE p.id = NEW."{column}") IS NOT NEW.business_id)'
            for column, parent in pairs
        )
        columns = ", ".join(f'"{column}"' for column, _ in [*pairs, ("business_id", "")])
        for step, verb in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}")):
            yield (
                f"{PREFIX}wall_{table}_{step}",
                f'CREATE TRIGGER "{PREFIX}wall_{table}_{step}" BEFORE {verb} ON "{table}" WHEN {broken} '
                f"BEGIN SELECT RAISE(ABORT, 'wall: {table} points at a row of another business'); END",
            )
    if frozen := getattr(model, "frozen", None):
        when = f"WHEN {frozen.when.format(old='OLD')}" if frozen.when else ""
        columns = ", ".join(f'"{column}"' for column in _frozen_columns(model))
        for step, verb in (("delete", "DELETE"), ("update", f"UPDATE OF {columns}")):
            yield (
                f"{PREFIX}frozen_{table}_{step}",
                f'CREATE TRIGGER "{PREFIX}frozen_{table}_{step}" BEFORE {verb} ON "{table}" {when} '
                f"BEGIN SELECT RAISE(ABORT, 'frozen: {table} is issued and cannot change'); END",
            )
        for column, is_elsewhere in _following(model):
            both = f"({frozen.when.format(old='OLD')}) AND {is_elsewhere}" if frozen.when else is_elsewhere
            yield (
                f"{PREFIX}follow_{table}_{column}",
                f'CREATE TRIGGER "{PREFIX}follow_{table}_{column}" BEFORE UPDATE OF "{column}" ON "{table}" WHEN {both} '
                f"BEGIN SELECT RAISE(ABORT, 'frozen: {table} is issued and stays where it is filed'); END",
            )


def _postgresql(model):
    """(name, SQL of the function, SQL of the trigger) of a model's guards. Names are cut at 63 bytes there."""
    table = model._meta.db_table
    if pairs := walls(model):
        checks = "\n".join(
            f'IF NEW."{column}" IS NOT NULL AND '
            f'(SELECT p.business_id FROM "{parent}" p WHERE p.id = NEW."{column}") IS DISTINCT FROM NEW.business_id THEN '
            f"RAISE EXCEPTION 'wall: {table} points at a row of another business' USING ERRCODE = '23503'; END IF;"
            for column, parent in pairs
        )
        columns = ", ".join(f'"{column}"' for column, _ in [*pairs, ("business_id", "")])
        name = f"{PREFIX}wall_{table}"[:63]
        yield (
            name,
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n{checks}\n'
            f"RETURN NEW; END $$",
            f'CREATE TRIGGER "{name}" BEFORE INSERT OR UPDATE OF {columns} ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{name}"()',
        )
    if frozen := getattr(model, "frozen", None):
        name = f"{PREFIX}frozen_{table}"[:63]
        when = f"WHEN ({frozen.when.format(old='OLD')})" if frozen.when else ""
        columns = ", ".join(f'"{column}"' for column in _frozen_columns(model))
        yield (
            name,
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
            f"IF TG_OP = 'DELETE' AND position(',{table},' in coalesce(current_setting('{ERASING}', true), '')) > 0 "
            f"THEN RETURN OLD; END IF; "
            f"RAISE EXCEPTION 'frozen: {table} is issued and cannot change' USING ERRCODE = '23514'; END $$",
            f'CREATE TRIGGER "{name}" BEFORE DELETE OR UPDATE OF {columns} ON "{table}" '
            f'FOR EACH ROW {when} EXECUTE FUNCTION "{name}"()',
        )
        for column, is_elsewhere in _following(model):
            name = f"{PREFIX}follow_{table}_{column}"[:63]
            yield (
                name,
                f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
                f"IF {is_elsewhere} THEN "
                f"RAISE EXCEPTION 'frozen: {table} is issued and stays where it is filed' USING ERRCODE = '23514'; "
                f"END IF; RETURN NEW; END $$",
                f'CREATE TRIGGER "{name}" BEFORE UPDATE OF "{column}" ON "{table}" '
                f'FOR EACH ROW {when} EXECUTE FUNCTION "{name}"()',
            )


@contextmanager
def erasing(models, using="default"):
    """Let rows of frozen models be deleted, never changed, inside the block: for what the law wants gone (Art. 17 GDPR), or
    need not be kept any longer, and for an import that is taken back. Inside a transaction only; others go on being refused.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Erase inside a transaction, so that it is all or nothing.")
    tables = sorted({model._meta.db_table for model in models if getattr(model, "frozen", None)})
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in tables:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{PREFIX}frozen_{table}_delete"')
            yield
            install(using)
        else:
            cursor.execute(f"SELECT set_config('{ERASING}', %s, true)", [f",{','.join(tables)},"])
            yield
            cursor.execute(f"SELECT set_config('{ERASING}', '', true)")


def _existing(connection):
    """The guards that are there: {name: (table, SQL)}; PostgreSQL keeps no SQL to compare."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [PREFIX + "%"]
            )
        else:
            cursor.execute(
                "SELECT tgname, relname, '' FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE tgname LIKE %s AND NOT tgisinternal",
                [PREFIX + "%"],
            )
        return {name: (table, sql) for name, table, sql in cursor.fetchall()}


def lift(using="default", plan=(), **kwargs):
    """Take the guards away while tables change (only when something will change)."""
    if not plan:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, (table, _sql) in _existing(connection).items():
            cursor.execute(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"'))


def install(using="default", **kwargs):
    """Make every guard that is missing or says something else by now. Runs after each `migrate`; a model whose tables
    are not all made yet is left for the next turn.
    """
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    there = _existing(connection)
    models = {model for model in [*business_models(), *frozen_models()] if model._meta.db_table in tables}
    with connection.cursor() as cursor:
        for model in sorted(models, key=lambda model: model._meta.db_table):
            if not {parent for _, parent in walls(model)} <= tables:
                continue
            if connection.vendor == "sqlite":
                for name, sql in _sqlite(model):
                    if name in there and there[name][1] != sql:
                        cursor.execute(f'DROP TRIGGER "{name}"')
                    if name not in there or there[name][1] != sql:
                        cursor.execute(sql)
            else:
                for name, function, trigger in _postgresql(model):
                    cursor.execute(function)
                    if name not in there:
                        cursor.execute(trigger)
