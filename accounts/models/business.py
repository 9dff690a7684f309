from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.validators import validate_iban, validate_tax_number, validate_vat_id


def _days(label, *, default):
    return models.PositiveSmallIntegerField(
        label, default=default, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )


class Business(models.Model):
    """A business (Betrieb, the tenant) with its legal data (legal-de.md "Master data")."""

    class LegalForm(models.TextChoices):
        SOLE_TRADER = "sole_trader", _("Einzelunternehmen")
        REGISTERED_SOLE_TRADER = "ek", _("e. K.")
        GBR = "gbr", _("GbR")
        OHG = "ohg", _("OHG")
        KG = "kg", _("KG")
        GMBH = "gmbh", _("GmbH")
        GMBH_CO_KG = "gmbh_co_kg", _("GmbH & Co. KG")
        UG = "ug", _("UG (haftungsbeschränkt)")
        AG = "ag", _("AG")

    class Taxation(models.TextChoices):
        SOLL = "soll", _("nach vereinbarten Entgelten (Soll)")
        IST = "ist", _("nach vereinnahmten Entgelten (Ist)")

    # who
    name = models.CharField(_("Name des Betriebs"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    legal_name = models.CharField(_("Vollständiger Name laut Gewerbeanmeldung oder Register"), max_length=160)
    legal_form = models.CharField(
        _("Rechtsform"), max_length=20, choices=LegalForm.choices, default=LegalForm.SOLE_TRADER
    )
    owner_name = models.CharField(_("Inhaber/in oder Geschäftsführung"), max_length=120, blank=True)
    trade = models.CharField(_("Gewerk"), max_length=120, blank=True)
    # where
    street = models.CharField(_("Straße und Hausnummer"), max_length=120, blank=True)
    postcode = models.CharField(
        _("Postleitzahl"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", _("Bitte geben Sie fünf Ziffern ein."))],
    )
    city = models.CharField(_("Ort"), max_length=80, blank=True)
    country = models.CharField(_("Land"), max_length=2, default="DE")
    state = models.CharField(_("Bundesland"), max_length=2, blank=True, help_text=_("für die gesetzlichen Feiertage"))
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    # register and tax
    register_court = models.CharField(_("Registergericht"), max_length=80, blank=True)
    register_number = models.CharField(_("Registernummer"), max_length=40, blank=True)
    tax_number = models.CharField(_("Steuernummer"), max_length=20, blank=True, validators=[validate_tax_number])
    vat_id = models.CharField(_("USt-IdNr."), max_length=14, blank=True, validators=[validate_vat_id])
    small_business_vat_id = models.CharField(_("Kleinunternehmer-IdNr."), max_length=20, blank=True)
    economic_id = models.CharField(_("Wirtschafts-IdNr."), max_length=20, blank=True)
    taxation = models.CharField(_("Versteuerung"), max_length=4, choices=Taxation.choices, default=Taxation.SOLL)
    # before that day it was the other one; empty: always (R120)
    taxation_from = models.DateField(
        _("Versteuerung gilt ab"),
        null=True,
        blank=True,
        help_text=_(
            "Nur nach einem Wechsel. Davor gilt die andere: So wird nichts doppelt und nichts gar nicht versteuert."
        ),
    )
    prior_year_turnover = models.DecimalField(
        _("Gesamtumsatz im Vorjahr"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    employees = models.PositiveIntegerField(_("Beschäftigte"), null=True, blank=True)
    # bank
    account_holder = models.CharField(
        _("Kontoinhaber/in laut Bank"),
        max_length=70,
        blank=True,
        help_text=_("Genau so, wie die Bank den Namen führt: Überweisungen werden damit abgeglichen."),
    )
    iban = models.CharField(_("IBAN"), max_length=34, blank=True, validators=[validate_iban])
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    # information for customers (DL-InfoV, DDG § 5)
    is_regulated_trade = models.BooleanField(_("zulassungspflichtiges Handwerk"), default=False)
    chamber = models.CharField(_("Kammer"), max_length=120, blank=True)
    professional_title = models.CharField(_("Berufsbezeichnung und Staat der Verleihung"), max_length=120, blank=True)
    supervisory_authority = models.CharField(_("Aufsichtsbehörde"), max_length=160, blank=True)
    liability_insurer = models.TextField(_("Berufshaftpflicht: Versicherer und Geltungsbereich"), blank=True)
    exemption_certificate = models.CharField(
        _("Freistellungsbescheinigung (§ 48b EStG), Nummer"), max_length=60, blank=True
    )
    exemption_valid_from = models.DateField(_("Freistellungsbescheinigung gültig ab"), null=True, blank=True)
    exemption_valid_until = models.DateField(_("Freistellungsbescheinigung gültig bis"), null=True, blank=True)
    terms = models.TextField(_("Allgemeine Geschäftsbedingungen"), blank=True)
    privacy_notice = models.TextField(_("Datenschutzhinweise"), blank=True)
    # how it looks and works
    brand = models.CharField(
        _("Farbe"),
        max_length=7,
        default="#24594a",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Bitte geben Sie eine Farbe als #rrggbb an."))],
    )
    logo = models.ImageField(_("Logo"), upload_to="logos", blank=True)
    asks_postcode = models.BooleanField(_("Kunden öffnen Links mit ihrer Postleitzahl"), default=False)
    asks_signature = models.BooleanField(_("Kunden können beim Beauftragen unterschreiben"), default=False)
    quote_days = models.PositiveSmallIntegerField(
        _("Angebote gelten (Tage)"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    payment_days = models.PositiveSmallIntegerField(
        _("Zahlungsziel (Tage)"), default=14, validators=[MaxValueValidator(60)]
    )
    # § 649 BGB: from which overrun of a Kostenvoranschlag on the customer must be told (10 to 20 % by the courts, R75)
    estimate_percent = models.PositiveSmallIntegerField(
        _("Kostenvoranschlag: warnen ab einer Überschreitung von (%)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(25)],
    )
    # a discount for paying early that quotes and invoices offer; 0 days: none
    skonto_percent = models.DecimalField(
        _("Skonto %"),
        max_digits=4,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
    )
    skonto_days = models.PositiveSmallIntegerField(
        _("Skonto bei Zahlung binnen (Tagen)"), default=0, validators=[MaxValueValidator(60)]
    )
    # reminders: who is written to when (R68, R69)
    dunning_days = models.PositiveSmallIntegerField(
        _("Neue Zahlungsfrist in Mahnungen (Tage)"),
        default=14,
        validators=[MinValueValidator(7), MaxValueValidator(60)],
    )
    dunning_costs = models.DecimalField(
        _("Mahnkosten je Brief ab der zweiten Mahnung (€)"),
        max_digits=4,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(5)],
        help_text=_("Nur was Druck und Porto wirklich kosten (BGH VIII ZR 95/18)."),
    )
    dunning_is_automatic = models.BooleanField(_("Mahnungen ohne Rückfrage senden"), default=False)
    # § 19 (3) UStG: from this calendar year on the business has waived the exemption (R30)
    small_business_waived_from = models.DateField(_("Verzicht auf § 19 UStG ab"), null=True, blank=True)
    takes_cash = models.BooleanField(_("Bargeld annehmen"), default=True)  # R61
    # ask the Federal Central Tax Office about VAT IDs (§ 18e UStG); off: asked by hand and noted (R35, R36)
    asks_vat_office = models.BooleanField(_("USt-IdNr. von Kunden beim Bundeszentralamt prüfen"), default=False)
    # the tax adviser's numbers (R115)
    datev_consultant = models.PositiveIntegerField(
        _("Beraternummer"), null=True, blank=True, validators=[MinValueValidator(1001), MaxValueValidator(9999999)]
    )
    datev_client = models.PositiveIntegerField(
        _("Mandantennummer"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(99999)]
    )
    datev_chart = models.CharField(
        _("Kontenrahmen"), max_length=5, choices=[("skr03", "SKR03"), ("skr04", "SKR04")], default="skr03"
    )
    datev_account_length = models.PositiveSmallIntegerField(
        _("Länge der Sachkonten"), default=4, validators=[MinValueValidator(4), MaxValueValidator(8)]
    )
    fiscal_year_month = models.PositiveSmallIntegerField(
        _("Wirtschaftsjahr beginnt im Monat"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    # Ablaufhemmung: nothing is deleted before this day, whatever its class (§ 147 (3) S. 5 AO, R56)
    books_held_until = models.DateField(_("Aufbewahrung verlängert bis"), null=True, blank=True)
    feedback_days = models.PositiveSmallIntegerField(_("Nach Feedback fragen (Tage nach Fertigstellung)"), default=3)
    reminds_of_payment = models.BooleanField(_("Zahlungserinnerung automatisch senden"), default=False)
    takes_requests = models.BooleanField(_("Anfragen über das Formular annehmen"), default=False)
    request_intro = models.TextField(_("Text über dem Anfrageformular"), blank=True)
    # following up on quotes, in days; empty: that step is left out
    unseen_mail_days = _days(_("Nicht angesehen: E-Mail an den Kunden nach (Tagen)"), default=3)
    unseen_task_days = _days(_("Nicht angesehen: Aufgabe für Sie nach (Tagen)"), default=7)
    silent_task_days = _days(_("Angesehen, keine Antwort: Aufgabe für Sie nach (Tagen)"), default=2)
    silent_mail_days = _days(_("Angesehen, keine Antwort: E-Mail an den Kunden nach (Tagen)"), default=5)
    expiring_mail_days = _days(_("Angebot läuft ab: E-Mail an den Kunden (Tage vorher)"), default=3)
    review_url = models.URLField(_("Adresse Ihrer öffentlichen Bewertungsseite"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Betrieb")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def is_small_business(self, *, on):
        """Whether § 19 UStG (Kleinunternehmer) holds on a date of supply."""
        return any(
            period.valid_from <= on and (period.valid_until is None or on <= period.valid_until)
            for period in self.small_business_periods.all()
        )

    @property
    def needs_imprint(self):
        """What is still missing before a customer may see a page of this business (DDG § 5)."""
        wanted = {
            "street": self.street,
            "postcode": self.postcode,
            "city": self.city,
            "phone": self.phone,
            "email": self.email,
        }
        return [
            str(getattr(self._meta.get_field(name), "verbose_name", name))
            for name, value in wanted.items()
            if not value
        ]


class SmallBusinessPeriod(models.Model):
    """A stretch of time in which the business is a Kleinunternehmer (R30: a dated history, not a flag)."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="small_business_periods")
    valid_from = models.DateField(_("gilt ab"))
    valid_until = models.DateField(_("gilt bis"), null=True, blank=True)

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("valid_from")),
                name="small_business_ends_after_start",
            )
        ]

    def __str__(self):
        return f"{self.valid_from} – {self.valid_until or ''}"
