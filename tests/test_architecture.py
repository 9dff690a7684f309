"""What imports cannot show: links by name, foreign keys, templates found by a convention, guards in the database."""

import re
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.template.loader import get_template
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts import guards
from accounts.scoping import ScopedModel
from billing.events import Event as BillingEvent
from crm.timeline import Event as CrmEvent
from feedback.events import Event as FeedbackEvent
from tests import make, routes

ROOT = settings.BASE_DIR
TEMPLATES = ROOT / "templates"
APPS = ("accounts", "crm", "billing", "portal", "feedback", "config")
# An app may name what stands in its line; portal and feedback do not know each other.
BELOW = {
    "accounts": {"accounts"},
    "crm": {"crm", "accounts"},
    "billing": {"billing", "crm", "accounts"},
    "portal": {"portal", "billing", "crm", "accounts"},
    "feedback": {"feedback", "billing", "crm", "accounts"},
    "config": set(APPS) | {"api"},
}
# Pages of the whole house, which every page may link to: the start, the switch of language, the brand, one's own access.
HOUSE = {"today", "set_language", "brand_css", "business_logo"}
MAIL_FOLDERS = {"mail", "mails", "email"}

URL_TAG = re.compile(r"""{%-?\s*(?:url|nav_item)\s+["']([\w:-]+)["']""")
URL_CALL = re.compile(r"""(?:\breverse|\bredirect|\bresolve_url)\(\s*["']([a-z_]+:[\w-]+)["']""")
TASK_NAME = re.compile(r"""["']((?:accounts|crm|billing|portal|feedback|config)\.tasks\.\w+)["']""")
MAIL_KIND = re.compile(r"""["']((?:accounts|crm|billing|portal|feedback)/mail/\w+)["']""")


def templates(*folders) -> list[Path]:
    """Every template, or those of some apps."""
    return [path for folder in folders or [""] for path in sorted((TEMPLATES / folder).rglob("*.*"))]


def python(*names) -> list[Path]:
    """Every module of our apps."""
    return [
        path for app in names or APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
    ]


def named_in(paths, pattern) -> set[tuple[str, str]]:
    """(file, name) of what a pattern finds."""
    return {(str(path.relative_to(ROOT)), name) for path in paths for name in pattern.findall(path.read_text())}


# --- links by name ------------------------------------------------------------------------------------------------------
def every_link():
    return named_in(templates(), URL_TAG) | named_in(python(), URL_CALL)


def test_every_link_leads_somewhere():
    there = {route.name for route in routes.all_routes()}
    # templates that replace django-allauth's own also know what is switched off here
    library = re.compile(r"templates/(account|mfa|usersessions)/")
    assert sorted((path, name) for path, name in every_link() if name not in there and not library.match(path)) == []


def test_addresses_wired_in_settings_lead_somewhere():
    there = {route.name for route in routes.all_routes()}
    wired = {settings.ACCESS_LINK_URL, settings.LINK_HOME, settings.LINK_GATE, settings.LINK_RENEW, settings.LOGIN_URL}
    assert wired | set(settings.LINK_PAGES.values()) <= there
    assert settings.LOGIN_REDIRECT_URL in there or settings.LOGIN_REDIRECT_URL.startswith("/")


@pytest.mark.parametrize("app", [app for app in APPS if app != "config"])
def test_links_point_down(app):
    up = [
        (path, name)
        for path, name in named_in(templates(app), URL_TAG) | named_in(python(app), URL_CALL)
        if (":" in name and name.partition(":")[0] not in BELOW[app])
        or (":" not in name and name not in HOUSE and not re.match(r"(account|mfa|usersessions)_", name))
    ]
    assert sorted(up) == []


def test_names_of_views_addresses_and_templates_are_one():
    """One search finds them all (style.md 5): a page's template is named like its address."""
    wrong = []
    for route in routes.of_kind("staff", "signed in"):
        view = getattr(route.view, "__name__", "")
        if view != route.name.rpartition(":")[2]:
            wrong.append((route.name, view))
    assert wrong == []


# --- foreign keys -------------------------------------------------------------------------------------------------------
def test_foreign_keys_point_down():
    up = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in BELOW
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model._meta.app_label in APPS
        and field.related_model._meta.app_label not in BELOW[model._meta.app_label]
    ]
    assert up == []


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- found by a convention ----------------------------------------------------------------------------------------------
EVENTS = [event for events in (CrmEvent, BillingEvent, FeedbackEvent) for event in events.values]


def test_every_event_has_its_line_of_the_timeline():
    for event in EVENTS:
        app, _dot, name = event.partition(".")
        get_template(f"{app}/timeline/{name}.html")


def test_every_line_of_the_timeline_belongs_to_an_event():
    there = {f"{path.parent.parent.name}.{path.stem}" for path in templates() if path.parent.name == "timeline"}
    assert there == set(EVENTS)


def test_every_mail_has_a_text_and_a_page():
    kinds = {name for _path, name in named_in(python(), MAIL_KIND)}
    assert len(kinds) > 15
    for kind in sorted(kinds):
        get_template(f"{kind}.txt")
        get_template(f"{kind}.html")


def test_no_mail_is_written_for_nobody():
    there = {f"{path.parent.parent.name}/mail/{path.stem}" for path in templates() if path.parent.name == "mail"}
    assert there == {name for _path, name in named_in(python(), MAIL_KIND)}


def test_every_task_named_somewhere_exists():
    current_app.loader.import_default_modules()
    named = {name for _path, name in named_in(python(), TASK_NAME)}
    named |= {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert len(named) > 8
    assert sorted(named - set(current_app.tasks)) == []


def test_everything_due_has_somebody_who_does_it():
    for kind, handler in settings.DUE_HANDLERS.items():
        assert callable(import_string(handler)), kind
    planned = {name for path in python() for name in re.findall(r'^[A-Z_]+ = "(\w+\.\w+)"', path.read_text(), re.M)}
    assert set(settings.DUE_HANDLERS) <= planned


# --- pages --------------------------------------------------------------------------------------------------------------
PAGES = [path for path in templates() if path.suffix == ".html" and not MAIL_FOLDERS & set(path.parent.parts)]


def test_no_page_needs_inline_style_or_script():
    """The content security policy would block it."""
    style = re.compile(r"<style\b|\sstyle\s*=|<[^>{]*\son[a-z]+\s*=\s*[\"']|javascript:", re.I)
    script = re.compile(r"<script\b(?![^>]*(?:\bsrc\s*=|type\s*=\s*[\"']application/))", re.I)
    found = [
        (str(path.relative_to(TEMPLATES)), each.findall(path.read_text())) for path in PAGES for each in (style, script)
    ]
    assert [(name, words) for name, words in found if words] == []


# --- guards in the database ---------------------------------------------------------------------------------------------
@pytest.fixture
def world(db):
    return routes.World("Haselbach")


def triggers():
    return set(guards._existing(connection))


def test_every_wall_stands(db):
    """Each model whose rows point at rows of a business has the trigger that compares the two."""
    there = triggers()
    steps = ("_insert", "_update") if connection.vendor == "sqlite" else ("",)
    wanted = {
        f"{guards.PREFIX}wall_{model._meta.db_table}{step}"[: 63 if connection.vendor != "sqlite" else None]
        for model in guards.business_models()
        if guards.walls(model)
        for step in steps
    }
    assert len(wanted) > 20
    assert wanted - there == set()


def test_every_parent_within_a_business_is_walled():
    """A foreign key between two rows of businesses is compared, whatever it is called."""
    owned = set(guards.business_models())
    for model in apps.get_models():
        inner = {f.column for f in model._meta.concrete_fields if f.is_relation and f.related_model in owned}
        if model in owned:
            assert {column for column, _parent in guards.walls(model)} == inner
        else:
            assert inner == set(), f"{model._meta.label} points at rows of a business and has none itself"


def test_many_to_many_tables_would_have_no_wall():
    """Django makes their tables itself, without a business: write the model between out, as CustomerTag."""
    automatic = [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.auto_created and model._meta.app_label in APPS
    ]
    assert automatic == ["accounts.User_groups", "accounts.User_user_permissions"]


FROZEN = guards.frozen_models()


def test_what_is_issued_is_declared_frozen():
    assert {model._meta.label for model in FROZEN} >= {
        "accounts.AuditEntry", "crm.TimelineEntry", "billing.Quote", "billing.QuoteLine", "billing.OrderLine",
        "billing.Invoice", "billing.InvoiceLine", "billing.Payment", "billing.Acceptance", "billing.JournalEntry",
        "billing.Withdrawal",
    }  # fmt: skip
    assert all(issubclass(model, ScopedModel) for model in FROZEN)


def attempt(sql, *values):
    """What the database says to a statement; empty when it does it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as error:
        return str(error)
    return ""


def test_frozen_rows_cannot_be_changed_or_deleted_by_anybody(world):
    """Invariant 2, P80: raw SQL, every column that is not named free, on both engines."""
    wrong, walked = [], 0
    for model in FROZEN:
        table = model._meta.db_table
        condition = model.frozen.when.format(old=f'"{table}"') or "1 = 1"
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT id FROM "{table}" WHERE {condition} LIMIT 1')  # noqa: S608
            row = cursor.fetchone()
        assert row or model._meta.label == "billing.OrderLine", f"{model._meta.label}: World has no frozen row"
        if row is None:
            continue
        if "frozen: " not in attempt(f'DELETE FROM "{table}" WHERE id = %s', row[0]):  # noqa: S608
            wrong.append((model._meta.label, "deleted"))
        for field in model._meta.concrete_fields:
            if field.primary_key:
                continue
            walked += 1
            said = attempt(f'UPDATE "{table}" SET "{field.column}" = "{field.column}" WHERE id = %s', row[0])  # noqa: S608
            is_free = field.name in model.frozen.free
            if is_free == ("frozen: " in said):
                wrong.append((model._meta.label, field.name, said or "changed"))
    assert wrong == []
    assert walked > 100


def test_drafts_can_be_changed_and_thrown_away(world):
    quote = world.variants["quote"][0]
    table, lines = type(quote)._meta.db_table, quote.lines.model._meta.db_table
    assert attempt(f'UPDATE "{table}" SET title = %s WHERE id = %s', "Neu", quote.pk) == ""  # noqa: S608
    assert attempt(f'DELETE FROM "{lines}" WHERE quote_id = %s', quote.pk) == ""  # noqa: S608


def test_the_orm_does_not_get_round_the_guards(world):
    from accounts import current

    with current.working_for(world.business):
        invoice = world.rows["invoice"]
        for step in (
            lambda: type(invoice).objects.filter(pk=invoice.pk).update(gross=1),
            lambda: type(invoice).objects.filter(pk=invoice.pk).delete(),
            lambda: type(invoice).objects.bulk_update([invoice], ["title"]),
            invoice.save,
        ):
            with pytest.raises(DatabaseError, match=r"frozen|referenced"), transaction.atomic():
                step()


def test_guards_are_made_again_after_each_migrate(db):
    before = triggers()
    guards.lift(plan=["something"])
    assert triggers() == set()
    guards.install()
    assert triggers() == before


def test_the_start_page_is_there(client, db):
    assert client.get("/").status_code == 302
    assert reverse("account_login") in client.get("/").headers["Location"]
    assert make.Browser().get("/gibt-es-nicht/").status_code == 404
