"""What of the tax of an invoice, and of the quote before it, can be judged only with what is known beside the document:
answers, certificates, checks of VAT IDs, receipts of the year (R11, R19 to R21, R27, R32 to R36). Run together with
`preflight`, before a number is taken.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from billing import construction_withholding, reverse_charge, settlement, small_business, tax, tax_cases, tax_decisions
from billing.documents import preflight
from billing.documents.model import BuyerKind, Document
from billing.documents.preflight import Problem
from billing.models import Invoice, Quote
from billing.reverse_charge import Facts, Ground, Work
from billing.tax_cases import TaxCase
from crm import vat_id_checks
from crm.models import VatIdCheck

CHECK_HOLDS = timedelta(days=90)  # how old the last check of a VAT ID may be


def problems(invoice: Invoice, document: Document) -> list[Problem]:
    """What keeps a draft from being issued because of its tax, and what should be looked at."""
    if not document.is_demand:
        return []
    return [
        *_property(invoice, document),
        *_reverse_charge(invoice, document, _facts(invoice, document)),
        *_photovoltaics(invoice, document),
        *_vat_id(invoice, document),
        *_across_the_border(invoice, document),
        *_small_business(invoice, document),
        *_withholding(invoice, document),
    ]


def of_quote(quote: Quote, document: Document) -> list[Problem]:
    """What keeps a quote from being sent because of its tax: its price would be another one than that of the invoice.

    What hangs on the day of supply alone, such as a check of the VAT ID, is asked when the invoice is issued.
    """
    if document.seller.small_business:
        return []
    found = [
        *preflight.tax_case(document),
        *_property_of_quote(quote),
        *_reverse_charge(quote, document, _facts_of_quote(quote, document)),
        *_photovoltaics(quote, document),
    ]
    return [problem for problem in found if not problem.is_warning]


def noted_of_quote(quote: Quote, document: Document) -> str:
    """The answers with what they were judged by, as they are kept with the sent quote; empty where nothing was asked."""
    decision = tax_decisions.from_json(tax_decisions.answers_in(quote.tax_decision))
    if document.seller.small_business or not quote.tax_decision:
        return tax_decisions.to_json(decision)
    facts = _facts_of_quote(quote, document)
    if quote.tax_case == TaxCase.REVERSE_CHARGE or decision.work:
        decision = replace(decision, ground=reverse_charge.decide(decision.answers, facts).value, net=facts.net)
    return tax_decisions.to_json(replace(decision, supplied_on=facts.supplied_on))


def noted(invoice: Invoice, document: Document) -> str:
    """The answers with what they were judged by, as they are kept with the issued invoice; empty where nothing was asked."""
    if not document.is_demand:  # it follows the invoice it is about
        return invoice.tax_decision
    decision = tax_decisions.from_json(tax_decisions.answers_in(invoice.tax_decision))
    if invoice.tax_case == TaxCase.DOMESTIC and not invoice.tax_decision:
        return ""
    facts = _facts(invoice, document)
    if invoice.tax_case == TaxCase.REVERSE_CHARGE or decision.work:
        decision = replace(decision, ground=reverse_charge.decide(decision.answers, facts).value, net=facts.net)
        if decision.builder == reverse_charge.Builder.CERTIFICATE and reverse_charge.has_certificate(facts):
            days = (formats.day(facts.certificate_from), formats.day(facts.certificate_until))
            decision = replace(decision, certificate=f"{invoice.customer.builder_certificate} ({days[0]} – {days[1]})")
    if invoice.tax_case in tax_cases.WITHIN_EU and (check := vat_id_checks.latest(invoice.customer)):
        words = (
            check.vat_id,
            check.get_result_display(),
            formats.day(timezone.localdate(check.checked_at)),
            check.request_id,
        )
        decision = replace(decision, vat_id_check=", ".join(filter(None, words)))
    return tax_decisions.to_json(replace(decision, supplied_on=facts.supplied_on))


def ground(invoice: Invoice, document: Document) -> Ground:
    """Whether the customer owes the tax by what is answered and known now (§ 13b UStG)."""
    return reverse_charge.decide(tax_decisions.of(invoice).answers, _facts(invoice, document))


def _facts(invoice, document) -> Facts:
    customer = invoice.customer
    return Facts(
        supplied_on=_supplied_on(document),
        net=_net_of_supply(invoice, document),
        buyer_kind=document.buyer.kind,
        small_business=document.seller.small_business,
        is_zero_rated=any(row.is_item and row.vat_category == "Z" for row in invoice.lines.all()),
        property_country=_property_country(invoice),
        certificate_from=customer.builder_from,
        certificate_until=customer.builder_until,
    )


def _facts_of_quote(quote, document) -> Facts:
    """What is known when a quote is written; the day of supply is not, so the certificate counts that holds today."""
    order = quote.amends
    whole = order.frozen_document.totals.net if order and order.document else Decimal(0)
    return Facts(
        supplied_on=timezone.localdate(),
        net=document.totals.net + whole,  # a change order is a part of the job
        buyer_kind=document.buyer.kind,
        small_business=document.seller.small_business,
        is_zero_rated=any(line.vat and line.vat.category == "Z" for line in document.items),
        property_country=_country_of_work(quote),
        certificate_from=quote.customer.builder_from,
        certificate_until=quote.customer.builder_until,
    )


def _country_of_work(quote) -> str:
    """Where the building stands that is worked on: as answered, else by the site. "DE" for other work."""
    decision = tax_decisions.of(quote)
    if decision.work not in {Work.BUILDING, Work.CLEANING} and quote.tax_case != TaxCase.REVERSE_CHARGE:
        return decision.property_country or "DE"
    return decision.property_country or (quote.site.country if quote.site else quote.customer.country)


def _property_of_quote(quote) -> Iterator[Problem]:
    """§ 3a (3) Nr. 1 UStG: work on a property is taxed where it lies (R21)."""
    if quote.tax_case in tax_cases.GOODS:
        return
    country = _country_of_work(quote)
    if country != "DE":
        yield Problem("property_country", _elsewhere(country))


def _supplied_on(document) -> date:
    return document.service_until or document.service_from or document.issued_on or timezone.localdate()


def _net_of_supply(invoice, document) -> Decimal:
    """A part of a job is judged by the whole job: that is the single supply."""
    if invoice.order and invoice.order.document:
        return max(document.totals.net, invoice.order.frozen_document.totals.net)
    return document.totals.net


def _property_country(invoice) -> str:
    """Where the property lies: as answered, else by the site, else the customer's country. "DE" for other work."""
    if not invoice.is_property_work:
        return "DE"
    site = invoice.order.site if invoice.order else None
    return tax_decisions.of(invoice).property_country or (site.country if site else invoice.customer.country)


def _property(invoice, document) -> Iterator[Problem]:
    """§ 3a (3) Nr. 1 UStG: work on a property is taxed where it lies (R21)."""
    if not invoice.is_property_work or invoice.tax_case in tax_cases.GOODS:
        return
    country = _property_country(invoice)
    if country != "DE":
        yield Problem("property_country", _elsewhere(country))
    elif invoice.tax_case in tax_cases.ABROAD:
        message = _(
            "Arbeit an einem Grundstück in Deutschland wird in Deutschland versteuert. Wählen Sie „Inland“ oder „§ 13b“, "
            "oder nehmen Sie den Haken bei „Arbeit an einem Grundstück“ weg."
        )
        yield Problem("is_property_work", message)


def _elsewhere(country) -> str:
    message = _(
        "Arbeit an einem Grundstück im Land %(country)s wird dort versteuert, nicht in Deutschland (§ 3a Abs. 3 Nr. 1 UStG). "
        "Fragen Sie Ihren Steuerberater. Liegt das Grundstück in Deutschland, tragen Sie beim Land DE ein."
    )
    return message % {"country": country}


def _reverse_charge(written: Invoice | Quote, document, facts: Facts) -> Iterator[Problem]:
    """The case must be what the answers lead to, either way (R20, R32)."""
    if document.seller.small_business or document.buyer.kind == BuyerKind.CONSUMER:
        return
    case, decision = written.tax_case, tax_decisions.of(written)
    if case not in {TaxCase.DOMESTIC, TaxCase.REVERSE_CHARGE}:
        return
    found = reverse_charge.decide(decision.answers, facts)
    if case == TaxCase.REVERSE_CHARGE:
        if not found.applies:
            yield Problem(
                _asked(found, decision), _("Steuerfall § 13b: %(ground)s") % {"ground": tax_decisions.GROUNDS[found]}
            )
    elif found.applies:
        message = _(
            "Nach Ihren Antworten schuldet der Kunde die Steuer, Sie dürfen keine ausweisen. Wählen Sie den Steuerfall „§ 13b“."
        )
        yield Problem("tax_case", message)
    elif found in {Ground.UNANSWERED, Ground.NOT_AGREED} and document.totals.tax:
        if reverse_charge.has_certificate(facts):
            message = _(
                "Der Kunde hat einen Nachweis USt 1 TG: Bei Bauleistungen schuldet er die Steuer. Beantworten Sie die Fragen "
                "zu § 13b, sonst weisen Sie vielleicht Steuer aus, die Sie nicht dürfen."
            )
            yield Problem(_asked(found, decision), message)
        elif isinstance(written, Invoice) and tax_decisions.is_building_work(written):
            message = _("Bauleistung an ein Unternehmen: Beantworten Sie die Fragen zu § 13b.")
            yield Problem(_asked(found, decision), message, is_warning=True)


def _asked(found, decision) -> str:
    """The question that a ground without § 13b hangs on."""
    fields = {
        Ground.OTHER_WORK: "work",
        Ground.PUBLIC_SPHERE: "is_private_sphere",
        Ground.NO_BUILDER: "builder",
        Ground.NO_CERTIFICATE: "builder",
        Ground.SMALL_REPAIR: "is_repair",
        Ground.NOT_AGREED: "agreed_on",
        Ground.UNANSWERED: "builder" if decision.work else "work",
        Ground.ABROAD: "property_country",
    }
    return fields.get(found, "tax_case")


def _photovoltaics(written: Invoice | Quote, document) -> Iterator[Problem]:
    """§ 12 (3) UStG: 0 % is for the operator, and for homes and public buildings (R11)."""
    if not any(line.vat and line.vat.category == "Z" for line in document.items):
        return
    decision = tax_decisions.of(written)
    if not decision.is_operator:
        message = _(
            "Der Nullsteuersatz gilt nur, wenn der Kunde die Photovoltaikanlage selbst betreibt. Setzen Sie den Haken."
        )
        yield Problem("is_operator", message)
        return
    most = tax.threshold("photovoltaics_power", _supplied_on(document))
    if decision.pv_place not in {"home", "public"} and not (decision.kwp and decision.kwp <= most):
        message = _(
            "Für den Nullsteuersatz fehlt noch die Leistung der Anlage (bis %(most)s kWp) oder ihr Ort auf oder bei einem "
            "Wohnhaus oder öffentlichen Gebäude."
        )
        yield Problem("kwp", message % {"most": formats.quantity(most)})


def _vat_id(invoice, document) -> Iterator[Problem]:
    """The buyer's VAT ID was asked about not long ago, and it is good (§§ 6a, 18e UStG, R35, R36)."""
    if invoice.tax_case not in tax_cases.WITHIN_EU or not document.buyer.vat_id:
        return
    check = vat_id_checks.latest(invoice.customer)
    if check is None:
        message = _(
            "Die USt-IdNr. des Kunden ist nicht geprüft. Fragen Sie beim BZSt nach und tragen Sie das Ergebnis beim Kunden ein."
        )
    elif check.result == VatIdCheck.Result.INVALID:
        message = _(
            "Die USt-IdNr. des Kunden ist bei der letzten Prüfung ungültig gewesen. Klären Sie das mit dem Kunden."
        )
    elif check.checked_at < timezone.now() - CHECK_HOLDS:
        message = _(
            "Die letzte Prüfung der USt-IdNr. des Kunden ist älter als %(days)s Tage. Prüfen Sie sie noch einmal."
        ) % {"days": CHECK_HOLDS.days}
    elif check.differs:
        message = _(
            "Die USt-IdNr. ist gültig, aber Name oder Anschrift sind beim anderen Staat anders eingetragen. Klären Sie das mit "
            "dem Kunden: Gehört die Nummer jemand anderem, ist die Rechnung nicht steuerfrei."
        )
        yield Problem("buyer.vat_id_check", message, is_warning=True)
        return
    else:
        return
    yield Problem("buyer.vat_id_check", message)


def _across_the_border(invoice, document) -> Iterator[Problem]:
    """German tax for a business abroad is rarely right (§ 3a (2) UStG)."""
    buyer = document.buyer
    if invoice.tax_case != TaxCase.DOMESTIC or invoice.is_property_work or not document.totals.tax:
        return
    if buyer.kind == BuyerKind.CONSUMER or buyer.country == "DE":
        return
    message = _(
        "Ihr Kunde ist ein Unternehmen im Ausland (%(country)s). Leistungen und Lieferungen dorthin tragen meist keine deutsche "
        "Umsatzsteuer. Prüfen Sie den Steuerfall."
    )
    yield Problem("tax_case", message % {"country": buyer.country}, is_warning=True)


def _small_business(invoice, document) -> Iterator[Problem]:
    """§ 19 (1) UStG: what crosses the limit carries tax already (R27)."""
    today = timezone.localdate()
    if not document.seller.small_business or _supplied_on(document).year != today.year:
        return
    found = small_business.of_business(invoice.business, on=today)
    if found is None:
        return
    if found.had_too_much:
        message = _(
            "Ihr Umsatz im Vorjahr war %(previous)s, erlaubt sind %(limit)s: Sie sind seit dem 1. Januar kein Kleinunternehmer "
            "mehr. Beenden Sie den Zeitraum in den Betriebsdaten."
        )
        words = {"previous": formats.euro(found.previous), "limit": formats.euro(found.previous_limit)}
        yield Problem("seller.small_business", message % words)
    elif found.would_cross(document.payable):
        message = _(
            "Mit dieser Rechnung überschreiten Sie die Grenze für Kleinunternehmer: %(received)s eingenommen, erlaubt sind "
            "%(limit)s im Jahr. Sie muss schon Umsatzsteuer ausweisen. Beenden Sie den Zeitraum in den Betriebsdaten."
        )
        words = {"received": formats.euro(found.received), "limit": formats.euro(found.limit)}
        yield Problem("seller.small_business", message % words)
    elif found.would_cross(document.payable + small_business.awaited()):
        message = _(
            "Sind alle offenen Rechnungen und diese bezahlt, überschreiten Sie die Grenze für Kleinunternehmer von %(limit)s. "
            "Sprechen Sie mit Ihrem Steuerberater, bevor Sie sie stellen."
        )
        yield Problem("seller.small_business", message % {"limit": formats.euro(found.limit)}, is_warning=True)


def _withholding(invoice, document) -> Iterator[Problem]:
    """§ 48 EStG: without a certificate on the day of payment the customer keeps 15 % back (R19)."""
    if not construction_withholding.concerns(invoice):
        return
    paid_on = document.due_on or timezone.localdate()
    if construction_withholding.certificate(invoice.business, on=paid_on):
        return
    gross = document.payable
    if _billed_this_year(invoice) + gross <= tax.threshold("construction_withholding", paid_on):
        return
    kept = settlement.withholding_of(gross, paid_on)
    message = _(
        "Bis zum Zahlungsziel gilt keine Freistellungsbescheinigung (§ 48b EStG): Der Kunde muss %(kept)s einbehalten und zahlt "
        "Ihnen %(rest)s. Tragen Sie die Bescheinigung in den Betriebsdaten ein."
    )
    words = {"kept": formats.euro(kept), "rest": formats.euro(gross - kept)}
    yield Problem("seller.exemption_certificate", message % words, is_warning=True)


def _billed_this_year(invoice) -> Decimal:
    """What this customer was billed in the year, in euros with VAT; cancelled invoices not."""
    issued = Invoice.objects.filter(
        customer=invoice.customer, kind__in=Invoice.DEMANDS, issued_on__year=timezone.localdate().year
    ).exclude(state=Invoice.State.CANCELLED)
    return issued.aggregate(sum=Sum("gross"))["sum"] or Decimal("0.00")
