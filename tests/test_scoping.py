"""The wall between businesses in the models and in the database itself, on both engines (security.md 4.1, P11)."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from accounts import current, guards
from accounts.scoping import ScopedModel
from tests import routes

# Models that carry a business without being scoped: they decide who works for which business.
NOT_SCOPED = {"accounts.Member", "accounts.Invitation", "accounts.SmallBusinessPeriod"}
SCOPED = [model for model in guards.business_models() if issubclass(model, ScopedModel)]
EVERY_SCOPED = pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)


@pytest.fixture
def a(db):
    return routes.World("Haselbach")


@pytest.fixture
def b(db):
    return routes.World("Schulz")


def test_every_row_with_a_business_is_scoped():
    assert {model._meta.label for model in guards.business_models() if not issubclass(model, ScopedModel)} == NOT_SCOPED


@EVERY_SCOPED
def test_without_a_business_there_are_no_rows(model, db):
    for ask in (
        lambda: list(model.objects.all()),
        lambda: model.objects.count(),
        lambda: model.objects.filter(pk=1).exists(),
        lambda: model.objects.filter(pk=1).update(pk=2),
        lambda: model.objects.filter(pk=1).delete(),
        lambda: model.objects.none(),
        lambda: model().save(),
        lambda: model.objects.bulk_create([model()]),
    ):
        with pytest.raises(current.NoBusiness):
            ask()


def test_each_business_finds_its_own_rows_of_everything(a, b):
    for model in SCOPED:
        for world in (a, b):
            with current.working_for(world.business):
                mine = set(model.objects.values_list("pk", flat=True))
            assert mine == set(model.unscoped.filter(business=world.business).values_list("pk", flat=True))
            assert mine, f"{model._meta.label}: let tests/routes.py World have one"


def test_a_row_of_another_business_is_not_saved(a, b):
    for model in SCOPED:
        with current.working_for(a.business), pytest.raises(ValueError, match="belongs to another business"):
            model.unscoped.filter(business=b.business).first().save()


def test_the_database_refuses_a_row_that_points_into_another_business(a, b):
    """Also for raw SQL, on both engines: a copy of each row with one parent of B."""
    refused, wrong = 0, []
    for model in guards.business_models():
        row = model._base_manager.filter(business_id=a.business.pk).values_list().first()
        columns = [column.column for column in model._meta.concrete_fields]
        for column, parent in guards.walls(model):
            table = next(each for each in guards.business_models() if each._meta.db_table == parent)
            foreign = table._base_manager.filter(business_id=b.business.pk).values_list("pk", flat=True).first()
            values = dict(zip(columns, row, strict=True)) | {column: foreign}
            values = {
                field.column: field.get_db_prep_save(values[field.column], connection)
                for field in model._meta.concrete_fields
                if not field.primary_key and not field.generated
            }
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(["%s"] * len(values))
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(
                        f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})',  # noqa: S608
                        list(values.values()),
                    )
            except DatabaseError as error:
                if "wall: " in str(error):
                    refused += 1
                    continue
                wrong.append((model._meta.label, column, str(error)))
            else:
                wrong.append((model._meta.label, column, "accepted"))
    assert wrong == []
    assert refused > 50


def test_a_row_does_not_move_to_another_business(a, b):
    """What has a parent cannot leave it; frozen rows cannot change at all."""
    wrong = []
    for model in guards.business_models():
        if not guards.walls(model) and not getattr(model, "frozen", None):
            continue
        parents = [column for column, _parent in guards.walls(model)]
        rows = model._base_manager.filter(business_id=a.business.pk)
        row = next((row for row in rows if any(getattr(row, column) for column in parents)), None)
        if row is None:
            continue
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET business_id = %s WHERE id = %s',  # noqa: S608
                    [b.business.pk, row.pk],
                )
        except DatabaseError:
            continue
        wrong.append(model._meta.label)
    assert wrong == []


# Where rows of every business may be looked for, and why.
CROSSINGS = {
    "accounts/idempotency.py": "forgets old keys",
    "accounts/notices.py": "a task by id, and the sweep",
    "accounts/tokens.py": "a key says for which business",
    "crm/access.py": "a link's token says for which business",
    "crm/link_pages.py": "a link's cookie says for which business",
    "crm/attachments.py": "a task by id, and the sweep",
    "crm/consents.py": "a link to confirm says of which business",
    "crm/imports.py": "a task by id, and the sweep",
    "crm/duplicate_searches.py": "a task by id, and the sweep",
    "crm/bounces.py": "what comes back says of which mail",
    "crm/due.py": "what is due, over all businesses",
    "crm/mail.py": "the outbox, over all businesses",
    "crm/replies.py": "an answer says to which mail",
    "crm/models/access_link.py": "what lines of one timeline are about",
    "crm/calendar_feeds.py": "the secret address of a calendar says for which business",
    "crm/models/arrangement.py": "what lines of one timeline are about",
    "crm/models/attachment.py": "what lines of one timeline are about",
    "crm/models/appointment.py": "what lines of one timeline are about",
    "crm/models/mail.py": "what lines of one timeline are about",
    "crm/models/message.py": "what lines of one timeline are about",
    "crm/models/note.py": "what lines of one timeline are about",
    "crm/models/todo.py": "what lines of one timeline are about",
    "crm/models/work_request.py": "what lines of one timeline are about",
    "crm/vat_id_checks.py": "a question on its way, by id",
    "billing/confirmations.py": "mails that left, over all businesses",
    "billing/datev/exports.py": "packages that wait, over all businesses",
    "billing/invoice_runs.py": "runs that stopped half way, over all businesses",
    "billing/models/delivery_note.py": "what lines of one timeline are about",
    "billing/models/sign_off.py": "what lines of one timeline are about",
    "billing/rendering.py": "files that are missing, over all businesses",
    "billing/z3/handing_over.py": "exports that wait, over all businesses",
    "billing/tasks.py": "tasks by id, and quotes past their day",
}


def test_the_wall_is_crossed_only_where_it_is_named():
    """`unscoped` finds rows of every business. Pages and the API never use it."""
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("accounts", "crm", "billing", "feedback", "portal", "config")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts and ".unscoped" in path.read_text()
    }
    assert found == set(CROSSINGS)
