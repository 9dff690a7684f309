"""What members type about their business, their team, their keys and themselves. One form per settings page."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, Business, Invitation, SmallBusinessPeriod, User

DAY = {"type": "date"}
LONGEST_TEXT = 60_000
LANDS = [
    ("", _("bitte wählen")), ("BW", "Baden-Württemberg"), ("BY", "Bayern"), ("BE", "Berlin"), ("BB", "Brandenburg"),
    ("HB", "Bremen"), ("HH", "Hamburg"), ("HE", "Hessen"), ("MV", "Mecklenburg-Vorpommern"), ("NI", "Niedersachsen"),
    ("NW", "Nordrhein-Westfalen"), ("RP", "Rheinland-Pfalz"), ("SL", "Saarland"), ("SN", "Sachsen"),
    ("ST", "Sachsen-Anhalt"), ("SH", "Schleswig-Holstein"), ("TH", "Thüringen"),
]  # fmt: skip


class EuroField(forms.CharField):
    """Euros as people type them: "18.400", "18.400,50", "18400.50"."""

    def to_python(self, value):
        typed = re.sub(r"[\s\u00a0€]", "", str(value if value is not None else ""))
        if not typed:
            return None
        if "," in typed or re.fullmatch(r"\d{1,3}(\.\d{3})+", typed):
            typed = typed.replace(".", "").replace(",", ".", 1)
        try:
            if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", typed):
                raise InvalidOperation
            return Decimal(typed)
        except InvalidOperation:
            raise ValidationError(
                _("Bitte geben Sie einen Betrag ein, zum Beispiel 18.400,00."), code="invalid"
            ) from None

    def prepare_value(self, value):
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


def web_address(name, hint=""):
    """A field for an address on the web; "www.haselbach.example" means https."""
    label = Business._meta.get_field(name).verbose_name
    return forms.URLField(
        label=label,
        help_text=hint,
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": _("Bitte prüfen Sie die Adresse, zum Beispiel https://www.beispiel.de.")},
    )


class Grouped:
    """A form whose fields are shown under headings; `GROUPS` is (heading, names)."""

    GROUPS: tuple = ()

    def groups(self):
        """(heading, bound fields), for the template."""
        return [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]


def _text(rows):
    return forms.Textarea(attrs={"rows": rows})


class BusinessCreateForm(forms.ModelForm):
    """What is needed to begin. Everything else is asked when it is needed (SET4)."""

    class Meta:
        model = Business
        fields = [
            "name",
            "legal_name",
            "legal_form",
            "owner_name",
            "trade",
            "street",
            "postcode",
            "city",
            "phone",
            "email",
        ]
        labels = {"email": _("E-Mail-Adresse des Betriebs"), "legal_name": _("Vollständiger Name")}
        help_texts = {
            "name": _("So kennen Ihre Kunden Sie."),
            "legal_name": _("Wie in der Gewerbeanmeldung oder im Register; steht auf Ihren Rechnungen."),
        }
        error_messages = {
            "name": {"required": _("Bitte tragen Sie den Namen Ihres Betriebs ein.")},
            "legal_name": {"required": _("Bitte tragen Sie den vollständigen Namen ein.")},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "street": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "postcode": forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }


class BusinessForm(Grouped, forms.ModelForm):
    """Who the business is and what it must tell its customers (DL-InfoV § 2, DDG § 5)."""

    state = forms.ChoiceField(
        label=_("Bundesland"), choices=LANDS, required=False, help_text=_("Für die Feiertage in Fristen.")
    )

    website = web_address("website")

    GROUPS = (
        (_("Betrieb"), ("name", "legal_name", "legal_form", "owner_name", "trade", "employees")),
        (_("Anschrift"), ("street", "postcode", "city", "state")),
        (_("Erreichbar"), ("phone", "email", "website")),
        (_("Register"), ("register_court", "register_number")),
        (
            _("Pflichtangaben für Kunden"),
            ("is_regulated_trade", "chamber", "professional_title", "supervisory_authority", "liability_insurer"),
        ),
    )

    class Meta:
        model = Business
        fields = [
            "name", "legal_name", "legal_form", "owner_name", "trade", "employees", "street", "postcode", "city", "state",
            "phone", "email", "website", "register_court", "register_number", "is_regulated_trade", "chamber",
            "professional_title", "supervisory_authority", "liability_insurer",
        ]  # fmt: skip
        labels = {"legal_name": _("Vollständiger Name")}
        help_texts = {
            "legal_name": _("Wie in der Gewerbeanmeldung oder im Register."),
            "employees": _("Ab elf müssen Sie Verbraucher über die Streitbeilegung informieren (§ 36 VSBG)."),
            "register_court": _("Nur bei Eintrag im Handelsregister."),
        }
        error_messages = {
            "name": {"required": _("Bitte tragen Sie den Namen Ihres Betriebs ein.")},
            "legal_name": {"required": _("Bitte tragen Sie den vollständigen Namen ein.")},
        }
        widgets = {
            "liability_insurer": _text(2),
            "phone": forms.TextInput(attrs={"type": "tel"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["liability_insurer"].max_length = 1000
        self.fields["employees"].validators.append(_at_most(100_000))


class TaxForm(Grouped, forms.ModelForm):
    """Tax numbers and how the business is taxed."""

    prior_year_turnover = EuroField(
        label=_("Gesamtumsatz im Vorjahr"),
        required=False,
        help_text=_("Netto, nach vereinnahmten Entgelten. Bis 25.000 € ist § 19 UStG möglich."),
    )

    GROUPS = (
        (_("Steuernummern"), ("tax_number", "vat_id", "small_business_vat_id", "economic_id")),
        (_("Versteuerung"), ("taxation", "taxation_from", "prior_year_turnover", "small_business_waived_from")),
        (_("USt-IdNr. von Kunden"), ("asks_vat_office",)),
        (_("Bargeld"), ("takes_cash",)),
        (_("Bauleistungen"), ("exemption_certificate", "exemption_valid_from", "exemption_valid_until")),
    )

    class Meta:
        model = Business
        fields = [
            "tax_number", "vat_id", "small_business_vat_id", "economic_id", "taxation", "taxation_from",
            "prior_year_turnover", "small_business_waived_from", "asks_vat_office", "takes_cash", "exemption_certificate",
            "exemption_valid_from", "exemption_valid_until",
        ]  # fmt: skip
        widgets = {
            "taxation_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "small_business_waived_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "exemption_valid_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "exemption_valid_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }
        help_texts = {
            "tax_number": _("Steht auf jeder Rechnung, wenn es keine USt-IdNr. gibt."),
            "small_business_waived_from": _(
                "Bindet fünf Kalenderjahre; zu erklären bis Ende Februar des übernächsten Jahres (§ 19 Abs. 3 UStG)."
            ),
            "asks_vat_office": _(
                "Fragt auf Knopfdruck das Bundeszentralamt für Steuern, mit Name und Anschrift des Kunden."
            ),
            "takes_cash": _(
                "Bargeld wird nur auf gestellte Rechnungen gebucht. Eine Kasse ist das nicht: Führen Sie ein Kassenbuch "
                "(§ 146 AO)."
            ),
        }

    def clean_vat_id(self):
        return re.sub(r"[\s.-]", "", self.cleaned_data["vat_id"]).upper()


class PeriodForm(forms.ModelForm):
    """A time as Kleinunternehmer."""

    class Meta:
        model = SmallBusinessPeriod
        fields = ["valid_from", "valid_until"]
        widgets = {
            "valid_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }
        help_texts = {"valid_until": _("Leer: gilt weiter.")}
        error_messages = {"valid_from": {"required": _("Bitte tragen Sie ein, ab wann es gilt.")}}

    def _get_validation_exclusions(self):
        # the business comes from the verb; whether the period is sound it checks too
        return {"business"}

    def validate_constraints(self):
        """Said by the verb, in words."""


PeriodFormSet = forms.formset_factory(PeriodForm, extra=1, can_delete=True, max_num=20, absolute_max=40)


class BankForm(forms.ModelForm):
    """Where customers transfer money to."""

    class Meta:
        model = Business
        fields = ["account_holder", "iban", "bic"]
        help_texts = {"bic": _("Nur nötig für Überweisungen aus dem Ausland.")}
        widgets = {"iban": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})}

    def clean_iban(self):
        return re.sub(r"\s", "", self.cleaned_data["iban"]).upper()

    def clean_bic(self):
        bic = re.sub(r"\s", "", self.cleaned_data["bic"]).upper()
        if bic and not re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", bic):
            raise ValidationError(_("Diese BIC stimmt nicht. Sie hat acht oder elf Zeichen."))
        return bic


class LookForm(forms.ModelForm):
    """Colour and logo."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPG oder WebP bis 5 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    class Meta:
        model = Business
        fields = ["brand"]
        widgets = {"brand": forms.TextInput(attrs={"type": "color", "data-brand": ""})}
        help_texts = {"brand": _("Jede Farbe geht: Schrift und Flächen passen sich an, damit alles lesbar bleibt.")}

    def clean_brand(self):
        return self.cleaned_data["brand"].lower()


class FollowUpForm(Grouped, forms.ModelForm):
    """After how many days who is reminded of a quote; an empty field leaves that step out."""

    GROUPS = (
        (_("Der Kunde hat das Angebot nicht angesehen"), ("unseen_mail_days", "unseen_task_days")),
        (_("Er hat es angesehen, aber nicht geantwortet"), ("silent_task_days", "silent_mail_days")),
        (_("Das Angebot läuft ab"), ("expiring_mail_days",)),
    )

    class Meta:
        model = Business
        fields = ["unseen_mail_days", "unseen_task_days", "silent_task_days", "silent_mail_days", "expiring_mail_days"]
        labels = {
            "unseen_mail_days": _("E-Mail an den Kunden nach … Tagen"),
            "unseen_task_days": _("Aufgabe für Sie nach … Tagen"),
            "silent_task_days": _("Aufgabe für Sie nach … Tagen"),
            "silent_mail_days": _("E-Mail an den Kunden nach … Tagen"),
            "expiring_mail_days": _("E-Mail an den Kunden … Tage vorher"),
        }
        help_texts = {
            "unseen_mail_days": _("Gezählt ab dem Senden. Leer: keine E-Mail."),
            "unseen_task_days": _("Gezählt ab dem Senden. Leer: keine Aufgabe."),
            "silent_task_days": _("Gezählt ab dem ersten Ansehen. Leer: keine Aufgabe."),
            "silent_mail_days": _("Gezählt ab dem ersten Ansehen. Leer: keine E-Mail."),
            "expiring_mail_days": _("Leer: keine E-Mail."),
        }


class DocumentsForm(Grouped, forms.ModelForm):
    """Periods and texts of quotes and invoices."""

    feedback_days = forms.IntegerField(
        label=Business._meta.get_field("feedback_days").verbose_name, min_value=0, max_value=365
    )

    dunning_costs = EuroField(
        label=Business._meta.get_field("dunning_costs").verbose_name,
        help_text=_(
            "Nur was Druck und Porto eines Briefs wirklich kosten; über 1 € halten Gerichte gegenüber Privatkunden meist für zu "
            "hoch (BGH VIII ZR 95/18). Eine E-Mail kostet nie etwas."
        ),
        error_messages={"required": _("Bitte geben Sie einen Betrag ein; 0, wenn Sie nichts verlangen.")},
    )

    review_url = web_address(
        "review_url", _("Wer Ihnen Feedback gibt, bekommt danach diese Adresse gezeigt, gleich wie es ausfiel.")
    )

    GROUPS = (
        (_("Fristen"), ("quote_days", "payment_days", "estimate_percent")),
        (_("Mahnen"), ("reminds_of_payment", "dunning_is_automatic", "dunning_days", "dunning_costs")),
        (_("Feedback"), ("feedback_days", "review_url")),
        (_("Texte"), ("terms", "privacy_notice")),
    )

    class Meta:
        model = Business
        fields = [
            "quote_days", "payment_days", "estimate_percent", "reminds_of_payment", "dunning_is_automatic", "dunning_days",
            "dunning_costs", "feedback_days", "review_url", "terms", "privacy_notice",
        ]  # fmt: skip
        widgets = {"terms": _text(8), "privacy_notice": _text(8)}
        help_texts = {
            "reminds_of_payment": _(
                "Drei Tage nach Fälligkeit, einmal und freundlich. Sonst bekommen Sie einen Hinweis."
            ),
            "dunning_is_automatic": _(
                "Auch die Mahnung und die letzte Mahnung gehen dann von selbst per E-Mail raus, wenn die Frist davor um ist. Was "
                "strittig ist, in Raten bezahlt wird oder nicht abgenommen ist, wird nie gemahnt. Aus: Sie sehen jedes Schreiben "
                "vorher."
            ),
            "terms": _("Hängen an jedem Angebot. Lassen Sie sie rechtlich prüfen."),
            "privacy_notice": _("Steht auf der Kundenseite."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("terms", "privacy_notice"):
            self.fields[name].validators.append(forms.CharField(max_length=LONGEST_TEXT).validators[0])


class CustomerPageForm(forms.ModelForm):
    """How customers come to their documents."""

    class Meta:
        model = Business
        fields = ["asks_postcode", "asks_signature"]
        help_texts = {
            "asks_signature": _(
                "Freiwillig, mit Finger oder Maus, zusätzlich zum getippten Namen. Der Auftrag gilt auch ohne."
            ),
            "asks_postcode": _(
                "Gilt für neue Links. Die Postleitzahl ist eine Bremse, kein Schloss: Der Link bleibt vertraulich."
            ),
        }


class InviteForm(forms.ModelForm):
    """Whom to invite as what."""

    class Meta:
        model = Invitation
        fields = ["email", "role", "audits_from", "audits_until"]
        error_messages = {"email": {"required": _("Bitte tragen Sie eine E-Mail-Adresse ein.")}}


class TokenForm(forms.ModelForm):
    """What a key is for and what it may do."""

    class Meta:
        model = ApiToken
        fields = ["name", "is_read_only", "expires_on"]
        widgets = {"expires_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d")}
        help_texts = {
            "name": _("Zum Beispiel „Buchhaltung“ oder „Website“."),
            "is_read_only": _("Kann nichts anlegen, ändern oder senden."),
            "expires_on": _("Leer: gilt, bis Sie ihn sperren."),
        }
        error_messages = {"name": {"required": _("Bitte schreiben Sie dazu, wofür der Schlüssel ist.")}}

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("Das Datum liegt in der Vergangenheit."))
        return day


class ProfileForm(forms.ModelForm):
    """One's own name and language."""

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Ihr Name")}
        help_texts = {"name": _("Steht auf Angeboten und in E-Mails an Kunden.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = _("Bitte tragen Sie Ihren Namen ein.")
        self.fields["language"].choices = [("de", "Deutsch"), ("en", "English")]
        self.initial["language"] = self.initial.get("language") or "de"


def _at_most(limit):
    return forms.IntegerField(max_value=limit).validators[-1]
