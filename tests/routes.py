"""Every address of the product, and a whole business whose rows can be put into them.

`test_walls.py` walks these. A new address is walked by itself: its class follows from how its view is guarded
(`accounts.staff.staff`, `crm.link_pages.customer_page`, an API view), public ones are named below. A new kind of id in an
address needs a line in KEYS, a new model a row in World.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone

from accounts import current, guards, members, tokens
from accounts.models import IdempotencyKey, Member, TermsVersion
from accounts.rights import Role
from billing import (
    building_blocks,
    choices,
    delivery_notes,
    dunning_claims,
    dunning_letters,
    invoice_attachments,
    invoices,
    orders,
    payments,
    sign_offs,
)
from billing.models import (
    ArrivalProof,
    AuditExport,
    BankEntry,
    BankStatement,
    ChangeRequest,
    DatevAccount,
    DatevConfirmation,
    DatevExport,
    DatevItem,
    Instalment,
    InvoiceRun,
    OnlinePayment,
    OrderNews,
    OrderPhoto,
    PaymentAccount,
    PeriodLock,
    ProcedureVersion,
    Shipment,
    StandingInvoice,
    StandingInvoiceLine,
    TextBlock,
    WorkKind,
    WorkStep,
)
from crm import (
    access,
    access_codes,
    calendar_feeds,
    comments,
    consents,
    imports,
    merging,
    messages,
    notes,
    privacy,
    segments,
    tags,
    timeline,
)
from crm.models import (
    AppointmentRules,
    Arrangement,
    ContactPerson,
    ContactProposal,
    DataExport,
    DayOff,
    DuplicatePair,
    DuplicateSearch,
    ImportedRow,
    ProposedTime,
    Restriction,
    Site,
    Suppression,
    TimelineEntry,
    VatIdCheck,
    VatIdQuestion,
    WorkRequest,
    WorkRequestPhoto,
)
from feedback import requests
from feedback.models import FeedbackRequest
from tests import make

# Open to everybody on purpose.
PUBLIC = {
    "healthz", "readyz", "metrics", "set_language", "brand_css", "business_logo", "api_schema",
    "accounts:invitation", "accounts:invitation_accept",
    "portal:door", "portal:enter", "portal:imprint", "portal:privacy", "portal:accessibility",
    "portal:withdraw_openly", "portal:request_form",
    "portal:request_check", "portal:request_sent",
    "portal:center_public", "portal:consent_confirm", "crm:calendar_feed",
    "feedback:unsubscribe", "portal:stop_reminders", "portal:payment_message",
}  # fmt: skip
# For everybody who signed in, whatever their part in a business.
SIGNED_IN = {"accounts:business_create", "accounts:business_switch", "accounts:business_leave", "accounts:profile"}

# What stands in an address before an id -> what the id is of; the longest fitting one counts.
KEYS = {
    "verlauf/": "entry", "kommentare/": "comment", "tags/": "tag",
    "kontakte/": "customer", "kontakte/uebernehmen/": "import", "notizen/": "note", "aufgaben/": "todo",
    "termine/": "appointment", "terminvorschlaege/": "arrangement", "freie-tage/": "day_off", "einstellungen/kalender/": "feed",
    "kalender/": "feed_token",
    "dateien/": "attachment", "fragen/": "message", "postausgang/": "mail",
    "vorlagen/": "quote_template", "textbausteine/": "text_block",
    "leistungen/": "catalogue", "angebote/": "quote", "links/": "link", "auftraege/": "order", "rechnungen/": "invoice",
    "wuensche/": "change_request", "arten/": "work_kind", "meilensteine/": "milestone", "abnahmen/": "sign_off",
    "maengel/": "defect", "mahnungen/": "dunning_letter", "mahnungen/kontakt/": "customer",
    "sendungen/": "shipment", "auftragsfotos/": "order_photo", "anfragen/": "work_request",
    "anfragefotos/": "work_request_photo", "vorschlaege/": "proposal", "anfrage/": "slug", "kundencenter/": "slug",
    "anlagen/": "invoice_attachment", "anlage/": "invoice_attachment",
    "eingang/": "incoming_invoice", "z3/": "audit_export", "verfahren/": "procedure",
    "bank/auszuege/": "bank_statement", "bank/buchungen/": "bank_entry",
    "zahlungen/": "payment", "einstellungen/team/": "member", "einstellungen/team/einladungen/": "invitation",
    "einstellungen/api/": "token", "einstellungen/belege/agb/": "terms", "feedback/fragen/": "order",
    "v1/contacts/": "customer", "v1/catalogue/": "catalogue", "v1/quotes/": "quote", "v1/orders/": "order",
    "v1/invoices/": "invoice", "payments/": "payment",
    "datev/pakete/": "datev_export", "datev/konten/": "datev_account",
    "k/": "public_id", "bild/": "picture", "bilder/": "picture", "termin/": "appointment", "datei/": "attachment",
    "zusammenfuehren/": "double", "zusammenfuehrungen/": "merge", "doppelte/": "duplicate_pair",
    "nachtrag/": "quote", "wiederkehrend/": "standing", "lieferscheine/": "delivery_note",
    "marke/": "slug", "impressum/": "slug", "datenschutz/": "slug", "barrierefreiheit/": "slug",
    "zahlungsmeldung/": "slug", "widerruf/": "slug",
    "segmente/": "segment",
    "datenschutzanfragen/": "privacy_request", "einwilligung/": "consent_token",
    "einladung/": "invitation_token", "l/": "link_token",
}  # fmt: skip
CONSTANTS = {
    "version": 1,
    "colour": "24594a",
    "key": "0123456789abcdef",
    "edge": 480,
    "page": 1,
    "provider": "stripe",
    "kind": "information",
}
UNKNOWN = 999_999_999
NOTED = {"last_used_at", "last_fetched_at"}  # when a key was last used is noted on looking


@dataclass(frozen=True)
class Route:
    """One address."""

    pattern: str
    name: str
    view: object = field(compare=False)

    @property
    def params(self) -> list[tuple[str, str]]:
        """(name, what it is the id of) of each id in the address."""
        found = []
        for match in re.finditer(r"<(?:\w+:)?(\w+)>(?:\[0-9\]\{1,30\}\))?", self.pattern):
            if match[1] not in CONSTANTS:
                before = re.sub(r"[\^$]|\(\?P$", "", self.pattern[: match.start()])
                fitting = [text for text in KEYS if before.endswith(text)]
                if not fitting:
                    raise LookupError(f"{self.pattern}: say in tests/routes.py KEYS what {match[1]} is the id of")
                found.append((match[1], KEYS[max(fitting, key=len)]))
        return found

    def url(self, world, **others) -> str:
        """The address with ids of that world, or with `others`."""
        values = {name: others.get(name, world[key]) for name, key in self.params}
        values |= {name: value for name, value in CONSTANTS.items() if re.search(f"[:<]{name}>", self.pattern)}
        return reverse(self.name, kwargs=values)

    @property
    def kind(self) -> str | None:
        """How the address is guarded; None for a new one that nobody has thought about."""
        if self.name in PUBLIC:
            return "public"
        if self.name in SIGNED_IN:
            return "signed in"
        if self.pattern.startswith("konto/"):
            return "account"  # django-allauth guards its own pages
        if getattr(self.view, "right", None):
            return "staff"
        if hasattr(self.view, "link_methods"):
            return "link"
        if self.name.startswith("api:"):
            return "api"
        return None


def all_routes() -> list[Route]:
    """Every address of the product."""

    def walk(resolver, prefix="", names=()):
        for pattern in resolver.url_patterns:
            text = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, text, (*names, pattern.namespace) if pattern.namespace else names)
            else:
                yield Route(text, ":".join([*names, pattern.name or ""]), pattern.callback)

    return list(walk(get_resolver()))


def of_kind(*kinds) -> list[Route]:
    """The addresses that are guarded in one of these ways."""
    return [route for route in all_routes() if route.kind in kinds]


class World:
    """A business with at least one row of everything. `world["quote"]` is an id; `variants` are further ones."""

    def __init__(self, name):
        self.business = make.make_business(name, terms=f"AGB {name}", takes_requests=True)
        with current.working_for(self.business):
            self.owner = make.make_member(Role.OWNER, name=f"Chef {name}")
            self.raw = tokens.create(self.owner, name="Kasse")[1]
            self._fill(name)

    def _fill(self, name):
        customer = make.make_customer(name, by=self.owner, tags=[f"Tag {name}"])
        ContactPerson.objects.create(customer=customer, name="Ada")
        Site.objects.create(customer=customer, label="Haus", street="Weg 1", postcode="22397", city="Hamburg")
        double, third = (make.make_customer(f"{name}-{n}", by=self.owner) for n in (2, 3))
        merge = merging.merge(double, third, by=self.owner)
        merging.undo(merge, by=self.owner)
        pair = DuplicatePair.objects.create(first=customer, second=double, score=90)
        DuplicateSearch.objects.create(state="done")
        segment = segments.create("Privat", {"kind": {"kinds": ["consumer"]}}, by=self.owner)
        note = make.make_note(customer, by=self.owner, files=[make.upload()], is_shared=True)
        picture = note.attachments.get()
        entry = TimelineEntry.objects.get(event="crm.note_added")
        notes.correct(note, "Flur 2,95 m breit", by=self.owner)
        timeline.pin(entry, by=self.owner)
        tags.add_to_entry(entry, [f"Tag {name}"])
        comment = comments.on_entry(entry, "Nachmessen", by=self.owner)
        todo = make.make_todo(by=self.owner, customer=customer, due_on=timezone.localdate() + timedelta(days=1))
        appointment = make.make_appointment(customer, by=self.owner)
        AppointmentRules.objects.create()
        day_off = DayOff.objects.create(first_on=timezone.localdate(), last_on=timezone.localdate(), member=self.owner)
        arrangement = Arrangement.objects.create(customer=customer, title="Aufmaß", assignee=self.owner)
        starts_at = timezone.now() + timedelta(days=2)
        ProposedTime.objects.create(
            arrangement=arrangement, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        feed, address = calendar_feeds.create(self.owner, "Handy", is_of_all=True)
        self.feed_token = address.rpartition("/")[2].removesuffix(".ics")
        table = make.upload(b"Firma;Ort\nCafe;Hamburg\n", "kontakte.csv", "text/csv")
        contact_import = imports.upload(table, by=self.owner)
        draft_quote = make.make_quote(customer, by=self.owner)
        sent = make.make_sent_quote(customer, by=self.owner)
        order = make.make_order(make.make_sent_quote(customer, by=self.owner))
        orders.withdraw(order, name="Ada", email="ada@kunde.example")
        running = make.make_order(make.make_sent_quote(customer, by=self.owner))
        draft = make.make_draft_invoice(make.make_completed_order(make.make_sent_quote(customer, by=self.owner)))
        invoice = make.make_draft_invoice(make.make_completed_order(make.make_sent_quote(customer, by=self.owner)))
        attachment = invoice_attachments.add(invoice, make.upload())
        invoices.issue(invoice, by=None, send_to=customer.email)
        invoices.deliver(invoice)
        invoice.refresh_from_db()
        payment = payments.record(invoice, amount=1, received_on=timezone.localdate(), by=self.owner)
        self.link = make.link_to(sent)
        access_codes.issue(self.link)
        message = messages.ask(self.link, "Wann?", author_name="Ada")
        request = requests.plan(invoice.order)
        FeedbackRequest.objects.filter(pk=request.pk).update(state="sent")
        requests.answer(request, recommendation=9)
        worker = make.make_member(Role.FIELD_WORKER)
        invitation = members.invite(
            self.business, email=f"neu{self.business.pk}@haselbach.example", role="office", by=self.owner
        )
        template = building_blocks.save_as_template(draft_quote, name="Einbauschrank")
        text_block = TextBlock.objects.create(name="Gruß", text="Mit besten Grüßen")
        chosen = choices.as_record(choices.default(sent.frozen_document))
        wish = ChangeRequest.objects.create(
            quote=sent, customer=customer, name="Ada", text="Ohne Leisten", choice=chosen
        )
        proposal = ContactProposal.objects.create(customer=customer, values={"phone": "040 1"})
        DataExport.objects.create(customer=customer, link=self.link)
        self.consent = consents.ask(customer, "marketing")
        self.privacy_request = privacy.receive(
            customer, kind="information", received_on=timezone.localdate(), identity="known", by=self.owner
        )
        Restriction.objects.create(customer=make.make_customer("Gelöscht"), until=timezone.localdate())
        Suppression.objects.create(address_hash="a")
        ImportedRow.objects.create(source=contact_import, subject=note)
        asked = WorkRequest.objects.create(customer=customer, source="center", name="Ada", text="Noch ein Regal")
        asked_photo = WorkRequestPhoto.objects.create(request=asked, name="a.jpg", file="a.jpg", width=4, height=3)
        work_kind = WorkKind.objects.create(name="Möbel")
        WorkStep.objects.create(work_kind=work_kind, label="Aufmaß")
        OrderNews.objects.create(order=running, kind="milestone", label="Aufmaß")
        order_photo = OrderPhoto.objects.create(order=running, attachment=picture)
        shipment = Shipment.objects.create(order=running, carrier="dhl", shipped_on=timezone.localdate())
        decided = make.make_sign_off(running, by=self.owner, defects=["Beule"])
        frozen_defect = decided.defects.get()
        sign_offs.refuse(decided, reason="", customer_name="Ada", channel="on_site", by=self.owner)
        sign_off = sign_offs.start(running, self.owner)
        defect = sign_off.defects.get()
        PaymentAccount.objects.create(provider="stripe")
        OnlinePayment.objects.create(
            invoice=invoice,
            provider="stripe",
            amount=1,
            external_id=f"cs_{invoice.pk}",
            page_url="https://pay.example/",
        )
        IdempotencyKey.objects.create(member=self.owner, key="a", request_hash="b")
        self._keep_books(customer, running, invoice)
        self.rows = {
            "entry": entry, "comment": comment, "tag": customer.customer_tags.get().tag,
            "customer": customer, "note": note, "todo": todo, "appointment": appointment,
            "arrangement": arrangement, "day_off": day_off, "feed": feed, "import": contact_import,
            "attachment": picture, "picture": picture, "message": message, "mail": make.make_failed_mail(customer),
            "catalogue": make.make_catalogue_item(), "quote": sent, "link": self.link, "order": running, "invoice": invoice,
            "payment": payment, "terms": TermsVersion.objects.get(), "member": worker, "invitation": invitation,
            "token": tokens.create(worker, name="Zweiter")[0], "quote_template": template, "text_block": text_block,
            "change_request": wish, "proposal": proposal, "work_request": asked, "work_request_photo": asked_photo,
            "work_kind": work_kind, "milestone": running.milestones.first(), "order_photo": order_photo,
            "shipment": shipment, "sign_off": sign_off, "defect": defect, "audit_export": self.audit_export,
            "datev_export": self.datev_export, "datev_account": self.datev_account,
            "procedure": self.procedure, "dunning_letter": self.letter,
            "bank_statement": BankStatement.objects.get(), "bank_entry": BankEntry.objects.get(),
            "standing": self.standing, "delivery_note": self.note,
            "incoming_invoice": self.incoming, "privacy_request": self.privacy_request, "invoice_attachment": attachment,
            "segment": segment, "double": double, "merge": merge, "duplicate_pair": pair,
        }  # fmt: skip
        self.variants = {
            "quote": [draft_quote], "invoice": [draft], "order": [order], "member": [self.owner], "sign_off": [decided],
            "defect": [frozen_defect],
        }  # fmt: skip
        self.words = {
            "public_id": self.link.public_id, "slug": self.business.slug, "link_token": access.token(self.link),
            "invitation_token": members.token(invitation),
            "consent_token": consents.token(self.consent), "feed_token": self.feed_token,
        }  # fmt: skip

    def _keep_books(self, customer, order, invoice):
        today = timezone.localdate()
        VatIdQuestion.objects.create(customer=customer, vat_id="ATU1")
        VatIdCheck.objects.create(customer=customer, vat_id="ATU1", result="valid", checked_at=timezone.now())
        statement = BankStatement.objects.create(name="a.xml", format="camt", sha256="a")
        BankEntry.objects.create(statement=statement, booked_on=today, amount=1, fingerprint="a")
        claim = dunning_claims.of(invoice, on=today)
        letter = dunning_letters.draft(customer, [claim], level=0, on=today)
        self.letter = dunning_letters.keep(letter, customer, [invoice], send_to="", by=self.owner)
        Instalment.objects.create(invoice=invoice, due_on=today, amount=1)
        standing = StandingInvoice.objects.create(customer=customer, title="Wartung", starts_on=today, next_from=today)
        StandingInvoiceLine.objects.create(invoice=standing, sort=0, text="Wartung")
        self.standing = standing
        InvoiceRun.objects.create(until=today)
        self.incoming = make.make_incoming_invoice()
        self.datev_account = DatevAccount.objects.create(key="revenue:19", account=8400, valid_from=today)
        ArrivalProof.objects.create(
            invoice=invoice, kind="carrier", place="Wien", arrived_in=today, issued_on=today, signed_by="Spedition"
        )
        DatevConfirmation.objects.create(key="transit", account=1360, said_by="Kanzlei Brook")
        self.datev_export = DatevExport.objects.create(first_on=today, last_on=today)
        DatevItem.objects.create(export=self.datev_export, invoice=invoice)
        PeriodLock.objects.create(until=today - timedelta(days=365))
        self.procedure = ProcedureVersion.objects.create(version=1, text="a", sha256="a")
        self.audit_export = AuditExport.objects.create(year=today.year)
        left = {row.pk: quantity for row, quantity in delivery_notes.rows_of(order)}
        self.note = delivery_notes.write(order, quantities=left, delivered_on=today, by=self.owner)

    def __getitem__(self, key):
        return self.words[key] if key in self.words else self.rows[key].pk

    def ids(self, key) -> list:
        """Every id of one kind."""
        return [self[key], *(row.pk for row in self.variants.get(key, []))]

    def browser(self, role=Role.OWNER) -> make.Browser:
        """Somebody of this business, who has just typed the password."""
        with current.working_for(self.business):
            member = (
                self.owner if role == Role.OWNER else Member.objects.filter(business=self.business, role=role).first()
            )
            return make.reauthenticated(make.signed_in(member or make.make_member(role)))

    def state(self) -> dict[str, str]:
        """A fingerprint of every table's rows of this business, to see that nothing changed."""
        return {model._meta.label: _fingerprint(model, self.business.pk) for model in guards.business_models()} | {
            "accounts.Business": str(type(self.business).objects.filter(pk=self.business.pk).values().get())
        }


def _fingerprint(model, business_id):
    names = [field.attname for field in model._meta.concrete_fields if field.name not in NOTED]
    rows = model._base_manager.filter(business_id=business_id).order_by("pk").values_list(*names)
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()
