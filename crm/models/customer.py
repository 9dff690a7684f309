from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedManager, ScopedModel, ScopedQuerySet
from accounts.validators import validate_leitweg_id, validate_vat_id
from crm import folding
from crm.models.folded import folded
from crm.models.search_word import SearchWord

GERMAN_POSTCODE = RegexValidator(r"^[0-9A-Za-z -]{3,10}$", _("Bitte prüfen Sie die Postleitzahl."))


class CustomerQuerySet(ScopedQuerySet):
    """Named selections of contacts."""

    def active(self):
        """Not put away."""
        return self.filter(archived_at=None)

    def archived(self):
        """Put away, but for those that live on in another contact (crm.merging)."""
        return self.filter(archived_at__isnull=False, merged_into=None)

    def by_name(self, *, after=None):
        """In the order of lists, the last name first; those behind the contact with this id, with which a page ended."""
        found = self.order_by("search_name", "pk")
        last = (
            Customer.objects.filter(pk=after[:18]).values_list("search_name", "pk") if (after or "").isdecimal() else []
        )
        for name, pk in last:  # the first condition is the one that an index knows
            found = found.filter(search_name__gte=name).filter(Q(search_name__gt=name) | Q(pk__gt=pk))
        return found

    def matching(self, text):
        """Contacts in whose names, addresses and numbers every word of `text` stands, however it is spelled."""
        found = self
        for word in folding.words(text):
            found = found.filter(search_text__contains=word)
        return found

    def bulk_create(self, objs, *args, **kwargs):
        created = super().bulk_create(objs, *args, **kwargs)
        SearchWord.objects.learn(word for customer in created for word in customer.words)
        return created


class Customer(ScopedModel):
    """A contact: a person or a company, customer or prospect."""

    class Kind(models.TextChoices):
        CONSUMER = "consumer", _("Privat")
        BUSINESS = "business", _("Firma")
        PUBLIC = "public", _("Öffentlich")

    class Source(models.TextChoices):
        """How a contact came to the business."""

        UNKNOWN = "", _("unbekannt")
        REFERRAL = "referral", _("Empfehlung")
        WEBSITE = "website", _("Website")
        SEARCH = "search", _("Suche oder Karte")
        REGULAR = "regular", _("Bestandskunde")
        ADVERT = "advert", _("Anzeige")
        FAIR = "fair", _("Messe")
        OTHER = "other", _("Sonstiges")

    class Salutation(models.TextChoices):
        NONE = "", _("keine Anrede")
        MS = "ms", _("Frau")
        MR = "mr", _("Herr")

    class ContactBy(models.TextChoices):
        """How the customer wants to hear from us."""

        MAIL = "mail", _("per E-Mail")
        PHONE = "phone", _("am Telefon")
        POST = "post", _("per Post")

    class InvoiceBy(models.TextChoices):
        """How the customer gets invoices; where the law demands a structured one, it is one in any case."""

        MAIL = "mail", _("als PDF per E-Mail")
        EINVOICE = "einvoice", _("als E-Rechnung per E-Mail")
        PORTAL = "portal", _("zum Abruf über den Link")
        POST = "post", _("auf Papier per Post")

    number = models.PositiveBigIntegerField(_("Kundennummer"), editable=False)
    kind = models.CharField(_("Art"), max_length=10, choices=Kind.choices, default=Kind.CONSUMER)
    company_name = models.CharField(_("Firma"), max_length=160, blank=True)
    source = models.CharField(_("Wie auf uns gekommen?"), max_length=10, choices=Source.choices, blank=True)
    salutation = models.CharField(_("Anrede"), max_length=4, choices=Salutation.choices, blank=True)
    first_name = models.CharField(_("Vorname"), max_length=80, blank=True)
    last_name = models.CharField(_("Nachname"), max_length=80, blank=True)
    name = models.CharField(max_length=200, editable=False)  # how the contact is called and sorted
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    mobile = models.CharField(_("Mobil"), max_length=40, blank=True)
    street = models.CharField(_("Straße und Hausnummer"), max_length=120, blank=True)
    postcode = models.CharField(_("Postleitzahl"), max_length=10, blank=True, validators=[GERMAN_POSTCODE])
    city = models.CharField(_("Ort"), max_length=80, blank=True)
    country = models.CharField(_("Land"), max_length=2, default="DE")
    vat_id = models.CharField(_("USt-IdNr."), max_length=14, blank=True, validators=[validate_vat_id])
    registration_number = models.CharField(_("Registernummer"), max_length=40, blank=True)
    leitweg_id = models.CharField(_("Leitweg-ID"), max_length=46, blank=True, validators=[validate_leitweg_id])
    language = models.CharField(
        _("Sprache"), max_length=5, default="de", choices=[("de", "Deutsch"), ("en", "English")]
    )
    contact_by = models.CharField(
        _("Wie erreichen wir Sie am liebsten?"), max_length=5, choices=ContactBy.choices, default=ContactBy.MAIL
    )
    invoice_by = models.CharField(
        _("Rechnungen"), max_length=8, choices=InvoiceBy.choices, default=InvoiceBy.MAIL
    )  # R9
    # USt 1 TG: that the customer himself builds, so he owes the tax (§ 13b UStG, R32)
    builder_certificate = models.CharField(_("Nachweis USt 1 TG, Sicherheitsnummer"), max_length=60, blank=True)
    builder_from = models.DateField(_("Nachweis USt 1 TG gültig ab"), null=True, blank=True)
    builder_until = models.DateField(_("Nachweis USt 1 TG gültig bis"), null=True, blank=True)
    dunning_stop = models.CharField(_("Nicht mahnen, weil"), max_length=200, blank=True)
    contact_note = models.CharField(_("Wann am besten?"), max_length=120, blank=True)
    is_prospect = models.BooleanField(_("Interessent"), default=True)
    follow_up_on = models.DateField(_("Wiedervorlage"), null=True, blank=True)
    # R98: a feedback mail needs the notice of the right to object, given when the address was collected
    feedback_notice_at = models.DateTimeField(null=True, editable=False)
    feedback_opt_out_at = models.DateTimeField(null=True, editable=False)
    search_text = models.TextField(editable=False, default="")
    search_name = models.TextField(editable=False, default="")  # folded, the last name first: lists go by it
    archived_at = models.DateTimeField(null=True, editable=False)
    # the contact this one lives on in: it was the same one twice (crm.merging). Set only for those put away
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="absorbed", editable=False,
        verbose_name=_("zusammengeführt mit"),
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = ScopedManager.from_queryset(CustomerQuerySet)()

    class Meta(ScopedModel.Meta):
        verbose_name = _("Kontakt")
        constraints = [
            models.UniqueConstraint(fields=["business", "number"], name="customer_number_once"),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(archived_at__isnull=False) & ~Q(merged_into=models.F("id")),
                name="customer_merged_is_put_away",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "name", "id"], name="customer_by_name"),
            models.Index(fields=["business", "id"], name="customer_newest"),
            # asked by every page of the office, for the number in the menu
            models.Index(
                fields=["business", "follow_up_on"], condition=Q(follow_up_on__isnull=False), name="customer_follow_up"
            ),
            # the pages of the list: whichever of them is asked for, it is walked in order and stops at the fiftieth
            models.Index(fields=["business", "search_name", "id"], condition=Q(archived_at=None), name="customer_list"),
            models.Index(
                fields=["business", "kind", "search_name", "id"],
                condition=Q(archived_at=None),
                name="customer_list_of_kind",
            ),
            models.Index(
                fields=["business", "search_name", "id"],
                condition=Q(archived_at=None, is_prospect=True),
                name="customer_list_of_prospects",
            ),
            models.Index(
                fields=["business", "search_name", "id"],
                condition=Q(archived_at__isnull=False),
                name="customer_list_of_archive",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("crm:customer_detail", args=[self.pk])

    def save(self, *args, **kwargs):
        self.fill_derived()
        super().save(*args, **kwargs)
        SearchWord.objects.learn(self.words)

    def fill_derived(self):
        """Compute the name and the folded search columns from the other fields."""
        self.name = self.company_name or f"{self.first_name} {self.last_name}".strip()
        self.search_text = folding.fold(
            self.name, self.person_name, self.email, self.street, self.postcode, self.city, str(self.number or "")
        ) + folding.fold_phones(self.phone, self.mobile)
        self.search_name = folding.fold(self.company_name, self.last_name, self.first_name).strip()

    @property
    def words(self):
        """What the search may guess when one of them is typed wrong."""
        return folding.name_words(self.search_name, self.city)

    @property
    def person_name(self):
        """First and last name, without the company."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_consumer(self):
        return self.kind == self.Kind.CONSUMER

    @property
    def billing_site(self) -> "Site | None":
        """The address invoices go to, where it is another than the contact's own."""
        return next((site for site in self.sites.all() if site.kind == Site.Kind.BILLING), None)

    @property
    def delivery_site(self) -> "Site | None":
        """Where goods go, where that is another place than the contact's own."""
        return next((site for site in self.sites.all() if site.kind == Site.Kind.DELIVERY), None)

    @property
    def greeting(self):
        """How a letter begins: „Guten Tag Frau Brandt“."""
        if self.salutation and self.last_name:
            return _("Guten Tag %(salutation)s %(name)s") % {
                "salutation": self.get_salutation_display(),
                "name": self.last_name,
            }
        return _("Guten Tag %(name)s") % {"name": self.person_name} if self.person_name else _("Guten Tag")


class ContactPerson(ScopedModel):
    """Somebody at a company (Ansprechpartner)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_persons")
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Funktion"), max_length=80, blank=True)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    mobile = models.CharField(_("Mobil"), max_length=40, blank=True)
    # what this person is proposed for; the contact's own address where nobody is
    gets_quotes = models.BooleanField(_("bekommt Angebote"), default=False)
    gets_invoices = models.BooleanField(_("bekommt Rechnungen und Mahnungen"), default=False)
    is_on_site = models.BooleanField(_("ist vor Ort ansprechbar"), default=False)
    folded = folded("name", "email", phones=("phone", "mobile"))

    class Meta(ScopedModel.Meta):
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class Site(ScopedModel):
    """Another address of a contact: where work happens (Einsatzort), goods go or invoices are sent."""

    class Kind(models.TextChoices):
        SITE = "site", _("Einsatzort")
        BILLING = "billing", _("Rechnungsadresse")
        DELIVERY = "delivery", _("Lieferadresse")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sites")
    kind = models.CharField(_("Wofür"), max_length=8, choices=Kind.choices, default=Kind.SITE)
    label = models.CharField(_("Bezeichnung"), max_length=80)
    addressee = models.CharField(_("zu Händen von, Abteilung"), max_length=120, blank=True)
    street = models.CharField(_("Straße und Hausnummer"), max_length=120)
    postcode = models.CharField(_("Postleitzahl"), max_length=10, validators=[GERMAN_POSTCODE])
    city = models.CharField(_("Ort"), max_length=80)
    country = models.CharField(_("Land"), max_length=2, default="DE")
    folded = folded("label", "addressee", "street", "postcode", "city")

    class Meta(ScopedModel.Meta):
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=Q(kind__in=["billing", "delivery"]),
                name="site_one_for_bills_and_goods",
            )
        ]

    def __str__(self):
        return f"{self.label}, {self.street}, {self.postcode} {self.city}"
