"""Many who hand the same month over at the same moment: real threads, real transactions (R119)."""

from datetime import date

import pytest
import time_machine

from accounts import current
from accounts.refusals import Refusal
from billing import invoices
from billing.datev import exports, package
from billing.models import DatevExport, DatevItem
from tests import make
from tests.parallel import at_once

TOGETHER = 6


@pytest.fixture
def business(transactional_db):
    """A business whose rows are really there for other connections."""
    with current.working_for(make.make_business(datev_consultant=29098, datev_client=55003)) as business:
        yield business


def ask(_n):
    try:
        return exports.ask(date(2026, 11, 1), by=None)
    except Refusal as refusal:
        return refusal.message


def test_a_month_goes_out_once_and_its_file_is_one(business):
    with time_machine.travel("2026-11-20 10:00:00+01:00"):
        draft = invoices.create(
            make.make_customer(), by=None, title="Fassade", lines=[make.line()], service_from=date(2026, 11, 18)
        )
        invoices.issue(draft, by=None)
    with time_machine.travel("2026-12-03 10:00:00+01:00"):
        answers = at_once(ask, TOGETHER, business=business)
        export = DatevExport.objects.get()
        assert answers.count(export) == 1
        assert {each for each in answers if each != export} == {
            "Dieser Monat ist schon ganz übergeben. Noch einmal geht er nur als Korrektur hinaus."
        }
        assert DatevItem.objects.count() == 1
        at_once(lambda _n: package.make(DatevExport.objects.get()), TOGETHER, business=business)
    export.refresh_from_db()
    folder = export.file.rpartition("/")[0]
    assert package.default_storage.listdir(folder)[1] == [export.file.rpartition("/")[2]]
