"""What each role may do. One table; views, templates and the API ask it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The part a member plays in a business."""

    OWNER = "owner", _("Inhaber/in")
    OFFICE = "office", _("Büro")
    FIELD_WORKER = "field_worker", _("Vor Ort")
    TAX_ADVISER = "tax_adviser", _("Steuerberatung (nur lesen)")
    AUDITOR = "auditor", _("Betriebsprüfung (nur lesen, nach Jahren)")


class Right:
    """Names of rights, used as `staff(Right.SEE_MONEY)` and as `rights.see_money` in templates."""

    SEE_CONTACTS = "see_contacts"  # master data of contacts
    SEE_NOTES = "see_notes"  # timeline, notes, photos
    WRITE_NOTES = "write_notes"  # notes, photos, tasks
    WRITE_CONTACTS = "write_contacts"
    SEE_ORDERS = "see_orders"  # orders without amounts
    SEE_MONEY = "see_money"  # amounts, quotes, invoices, figures
    ACCEPT_ON_SITE = "accept_on_site"  # hand a quote over on the tablet; workers those of customers they visit
    WRITE_DOCUMENTS = "write_documents"  # quotes, orders, drafts of invoices
    ISSUE_INVOICES = "issue_invoices"  # issue, cancel, book payments
    EXPORT_DATA = "export_data"
    AUDIT_BOOKS = "audit_books"  # the pages for tax audits: documents, payments, journal, Z3 (§ 147 (6) AO)
    MANAGE_BUSINESS = "manage_business"  # legal data, members, tokens


_WORKER = {Right.SEE_CONTACTS, Right.SEE_NOTES, Right.WRITE_NOTES, Right.SEE_ORDERS, Right.ACCEPT_ON_SITE}
_OFFICE = _WORKER | {
    Right.WRITE_CONTACTS,
    Right.SEE_MONEY,
    Right.WRITE_DOCUMENTS,
    Right.ISSUE_INVOICES,
    Right.EXPORT_DATA,
    Right.AUDIT_BOOKS,
}

RIGHTS = {
    Role.OWNER: frozenset(_OFFICE | {Right.MANAGE_BUSINESS}),
    Role.OFFICE: frozenset(_OFFICE),
    Role.FIELD_WORKER: frozenset(_WORKER),
    # Reads and exports; sees no notes about people (legal-de.md R121).
    Role.TAX_ADVISER: frozenset(
        {Right.SEE_CONTACTS, Right.SEE_ORDERS, Right.SEE_MONEY, Right.EXPORT_DATA, Right.AUDIT_BOOKS}
    ),
    # Only the pages made for it, and there only the years that are audited (Member.audits_from, R58).
    Role.AUDITOR: frozenset({Right.AUDIT_BOOKS}),
}


class Rights:
    """The rights of one role as attributes: `rights.see_money`."""

    def __init__(self, role: str | None):
        self._names = RIGHTS.get(Role(role), frozenset()) if role else frozenset()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __getattr__(self, name: str) -> bool:
        if name.startswith("_"):
            raise AttributeError(name)
        return name in self._names
