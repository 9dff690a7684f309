"""Settings page "Arten der Arbeit": shaped without script."""

import pytest
from django.urls import reverse

from billing import work_kinds
from billing.models import WorkKind
from tests import make

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"billing:work_kind_{name}", args=args)


@pytest.fixture
def repair(business):
    return work_kinds.create_from_template("repair")


def form(*rows, **more):
    """What the page sends: rows are (label, step, is shown)."""
    return {
        "name": "Reparatur", "label": [label for label, _step, _shown in rows], "step": [step for _label, step, _shown in rows],
        "shown": [str(place) for place, (_label, _step, shown) in enumerate(rows) if shown], **more,
    }  # fmt: skip


def labels(response):
    return [row.label for row in response.context["rows"]]


def test_without_a_kind_the_page_says_which_way_orders_take(office):
    page = office.get(url("list")).content.decode()
    assert "Noch keine eigene Art." in page and "Beauftragt, Termin steht, In Arbeit, Fertig, Abgerechnet" in page


def test_a_template_is_taken_twice_under_names_of_their_own(office):
    answer = office.post(url("create"), {"template": "repair"})
    office.post(url("create"), {"template": "repair"})
    kinds = list(WorkKind.objects.order_by("pk"))
    assert [kind.name for kind in kinds] == ["Reparatur", "Reparatur 2"]
    assert answer.url == url("edit", kinds[0].pk)
    unknown = office.post(url("create"), {"template": "raumfahrt"})
    assert unknown.status_code == 409 and "Diese Vorlage gibt es nicht." in unknown.content.decode()


def test_rows_are_moved_added_and_removed_by_buttons_that_save_nothing(office, repair):
    rows = [("A", "placed", True), ("B", "", False), ("C", "completed", True)]
    for deed, expected in {
        "hoch-2": ["A", "C", "B"], "runter-0": ["B", "A", "C"], "weg-1": ["A", "C"], "neu": ["A", "B", "C", ""],
        "hoch-0": ["A", "B", "C"], "weg-9": ["A", "B", "C"], "unfug": ["A", "B", "C"],
    }.items():  # fmt: skip
        answer = office.post(url("edit", repair.pk), form(*rows, tun=deed))
        assert (answer.status_code, labels(answer)) == (200, expected), deed
    moved = office.post(url("edit", repair.pk), form(*rows, tun="hoch-2")).context["rows"]
    assert [(row.step, row.is_shown) for row in moved] == [("placed", True), ("completed", True), ("", False)]
    assert work_kinds.steps_of(repair)[1].label == "Ersatzteil bestellt"


def test_the_preview_shows_what_the_customer_sees(office, repair):
    answer = office.post(
        url("edit", repair.pk), form(("A", "placed", True), ("B", "", False), ("C", "", True), tun="zeigen")
    )
    assert [(each["title"], each["state"]) for each in answer.context["milestones"]] == [("A", "done"), ("C", "now")]
    alone = office.post(url("edit", repair.pk), form(("A", "placed", True), tun="zeigen"))
    assert [(each["title"], each["state"]) for each in alone.context["milestones"]] == [("A", "now")]
    nothing = office.post(url("edit", repair.pk), form(("B", "", False), tun="zeigen"))
    assert "Der Kunde sieht noch nichts." in nothing.content.decode()


def test_saved_it_counts_for_later_orders(office, repair):
    rows = [("Beauftragt", "placed", True), ("Termin", "scheduled", True), ("Kaffee", "", False)]
    assert office.post(url("edit", repair.pk), form(*rows, name="Notdienst")).url == url("list")
    repair.refresh_from_db()
    assert (repair.name, [step.label for step in work_kinds.steps_of(repair)]) == (
        "Notdienst", ["Beauftragt", "Termin", "Kaffee"],
    )  # fmt: skip
    office.post(url("default", repair.pk))
    assert [str(milestone) for milestone in make.make_order().milestones.all()] == ["Beauftragt", "Termin", "Kaffee"]
    office.post(url("default", repair.pk), {"aus": "1"})
    assert work_kinds.default() is None


def test_what_is_refused_keeps_what_was_typed(office, repair):
    answer = office.post(url("edit", repair.pk), form(("A", "placed", True), ("", "", True)))
    assert answer.status_code == 422 and labels(answer) == ["A", ""]
    page = answer.content.decode()
    assert "Meilenstein 2 hat noch keinen Namen." in page and "<title>Fehler: " in page
    nameless = office.post(url("edit", repair.pk), form(("A", "placed", True), name=" "))
    assert (
        nameless.status_code == 422 and "Bitte geben Sie der Art der Arbeit einen Namen." in nameless.content.decode()
    )


def test_archived_it_is_offered_no_more_and_comes_back(office, repair):
    office.post(url("archive", repair.pk))
    assert not work_kinds.active().exists()
    assert "Archiviert" in office.get(url("list")).content.decode()
    office.post(url("unarchive", repair.pk))
    assert work_kinds.active().get() == repair


def test_the_list_costs_the_same_for_any_number(office, repair):
    one = make.count_queries(office, url("list"))
    work_kinds.create_from_template("delivery")
    work_kinds.create_from_template("furniture")
    assert make.count_queries(office, url("list")) == one
