"""What can be done with a business: start it, change its legal data, look after what is still missing."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import EllipsisType

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import audit, current, formats, terms
from accounts.models import Business, Member, SmallBusinessPeriod, User
from accounts.refusals import Refusal
from accounts.rights import Role
from accounts.wakeup import kick

BANK_FIELDS = ("account_holder", "iban", "bic")
# Everything a form or the API may change; the slug stays, links in mails hold it.
FIELDS = (
    "name", "legal_name", "legal_form", "owner_name", "trade", "street", "postcode", "city", "country", "state", "phone",
    "email", "website", "register_court", "register_number", "tax_number", "vat_id", "small_business_vat_id",
    "economic_id", "taxation", "taxation_from", "prior_year_turnover", "small_business_waived_from", "takes_cash",
    "asks_vat_office", "employees", *BANK_FIELDS, "is_regulated_trade",
    "chamber", "professional_title", "supervisory_authority", "liability_insurer", "exemption_certificate",
    "exemption_valid_until", "terms", "privacy_notice", "brand", "asks_postcode", "asks_signature", "quote_days",
    "estimate_percent", "payment_days", "feedback_days", "reminds_of_payment", "dunning_days",
    "dunning_costs", "dunning_is_automatic", "review_url", "takes_requests", "request_intro",
)  # fmt: skip

WAIVER_BINDS = 5  # calendar years (§ 19 (3) S. 3 UStG, R30)

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


@transaction.atomic
def create(user: User, *, name: str, legal_name: str, **fields) -> Business:
    """Start a business; the user becomes its owner. `fields` are those of FIELDS."""
    business = _with_free_slug(Business(name=name, legal_name=legal_name, **fields))
    owner = Member.objects.create(business=business, user=user, role=Role.OWNER)
    audit.record(business, audit.Event.BUSINESS_CREATED, by=owner, name=name)
    return business


@transaction.atomic
def change(business: Business, *, by: Member, **fields) -> Business:
    """Change legal data and settings. Issued documents keep the data they were issued with (R51).

    New bank details are where fraud begins (R125): they get an entry of their own, and all owners a mail.
    """
    locked = Business.objects.select_for_update().get(pk=business.pk)
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    if not changed:
        return locked
    if "small_business_waived_from" in changed:
        periods = [(period.valid_from, period.valid_until) for period in locked.small_business_periods.all()]
        _refuse_waived(fields["small_business_waived_from"], periods)
    iban_before = locked.iban
    if "terms" in changed:
        terms.keep(locked)  # the wording until now, if nobody kept it yet
    for name in changed:
        setattr(locked, name, fields[name])
    with current.acting_as(by):
        locked.save(update_fields=changed)
    if "terms" in changed:
        terms.keep(locked, by=by)
    if other := [name for name in changed if name not in BANK_FIELDS]:
        audit.record(locked, audit.Event.BUSINESS_CHANGED, by=by, fields=", ".join(sorted(other)))
    if set(changed) & set(BANK_FIELDS):
        entry = audit.record(
            locked, audit.Event.BANK_CHANGED, by=by, fields=", ".join(sorted(set(changed) & set(BANK_FIELDS))),
            before=ending(iban_before), after=ending(locked.iban),
        )  # fmt: skip
        kick("accounts.tasks.send_bank_notice", entry.pk)
    return locked


@transaction.atomic
def set_small_business(
    business: Business, periods, *, by: Member, waived_from: date | EllipsisType | None = ...
) -> None:
    """Replace the times in which the business is a Kleinunternehmer (R30); `periods` are (from, until or None). `waived_from`
    is the waiver that is to hold beside them, unless said otherwise the stored one.

    Documents are taxed by the status at their time of supply, so issued ones stay as they are. Raises Refusal for
    periods that end before they begin or overlap, and for those in years in which a waiver binds.
    """
    Business.objects.select_for_update().get(pk=business.pk)
    wanted = sorted(periods, key=lambda period: period[0])
    for start, end in wanted:
        if end is not None and end < start:
            raise Refusal(_("Ein Zeitraum endet, bevor er beginnt. Bitte prüfen Sie die Daten."))
    for (_start, end), (next_start, _end) in pairwise(wanted):
        if end is None or next_start <= end:
            raise Refusal(
                _("Zwei Zeiträume überschneiden sich. Bitte lassen Sie den einen enden, bevor der andere beginnt.")
            )
    _refuse_waived(business.small_business_waived_from if waived_from is ... else waived_from, wanted)
    there = [(period.valid_from, period.valid_until) for period in business.small_business_periods.all()]
    if there == wanted:
        return
    with current.acting_as(by):
        business.small_business_periods.all().delete()
        for start, end in wanted:  # one by one: each is told to the journal (billing.master_data)
            SmallBusinessPeriod.objects.create(business=business, valid_from=start, valid_until=end)
    said = "; ".join(f"{start} – {end or ''}".strip() for start, end in wanted)
    audit.record(business, audit.Event.BUSINESS_CHANGED, by=by, fields="small_business_periods", periods=said)


def waiver_binds(waived_from: date) -> tuple[date, date]:
    """First and last day of the years in which a waiver of § 19 UStG binds: five calendar years at least."""
    return date(waived_from.year, 1, 1), date(waived_from.year + WAIVER_BINDS - 1, 12, 31)


def _refuse_waived(waived_from, periods):
    if waived_from is None:
        return
    first, last = waiver_binds(waived_from)
    if any(start <= last and (end is None or end >= first) for start, end in periods):
        raise Refusal(
            _(
                "Der Verzicht auf § 19 UStG gilt für ganze Kalenderjahre und bindet bis %(day)s. Lassen Sie den Zeitraum als "
                "Kleinunternehmer vorher enden oder danach beginnen."
            )
            % {"day": formats.day(last)},
            field="small_business_waived_from",
        )


@dataclass(frozen=True)
class Missing:
    """One thing to fill in, and the settings page where it is asked."""

    field: str
    label: str
    page: str


def missing_for_invoices(business: Business) -> list[Missing]:
    """What keeps the business from issuing invoices (§ 14 (4) UStG; the same questions as billing's preflight)."""
    wanted = [_legal_name(business), *_address(business)]
    if not business.tax_number and not business.vat_id:
        wanted.append(Missing("tax_number", _("Steuernummer oder USt-IdNr."), "accounts:settings_tax"))
    if not business.account_holder:
        wanted.append(Missing("account_holder", _("Kontoinhaber/in laut Bank"), "accounts:settings_bank"))
    if not business.iban:
        wanted.append(Missing("iban", _("IBAN"), "accounts:settings_bank"))
    return [each for each in wanted if each]


def missing_for_quotes(business: Business) -> list[Missing]:
    """What keeps the business from sending quotes: its page for customers needs an imprint (DDG § 5, R94)."""
    wanted = _address(business)
    if not business.phone:
        wanted.append(Missing("phone", _("Telefon"), "accounts:settings"))
    if not business.email:
        wanted.append(Missing("email", _("E-Mail-Adresse"), "accounts:settings"))
    return wanted


def slug_for(name: str) -> str:
    """How a name looks in an address: „Müller & Söhne“ becomes mueller-soehne."""
    return slugify(name.translate(_UMLAUTS))[:50].strip("-") or "betrieb"


def ending(iban: str) -> str:
    """The last four digits, enough to recognise an account by."""
    return f"…{iban.replace(' ', '')[-4:]}" if iban else ""


def is_small_business_today(business: Business) -> bool:
    """Whether § 19 UStG holds today."""
    return business.is_small_business(on=timezone.localdate())


def _legal_name(business):
    return None if business.legal_name else Missing("legal_name", _("Vollständiger Name"), "accounts:settings")


def _address(business):
    facts = (("street", _("Straße und Hausnummer")), ("postcode", _("Postleitzahl")), ("city", _("Ort")))
    return [Missing(name, label, "accounts:settings") for name, label in facts if not getattr(business, name)]


def _with_free_slug(business):
    """Save under the first free address; of two who start „Maler Schulz“ at once, the second gets maler-schulz-2."""
    stem = slug_for(business.name)
    taken = set(Business.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    for number in range(1, 10_000):
        business.slug = stem if number == 1 else f"{stem}-{number}"
        if business.slug in taken:
            continue
        try:
            with transaction.atomic():
                business.save(force_insert=True)
        except IntegrityError:
            if not Business.objects.filter(slug=business.slug).exists():
                raise
            business.pk = None
            continue
        return business
    raise RuntimeError(f"No free address for {stem}")
