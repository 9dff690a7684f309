"""The first tables as one step, for a database that is made now; one that is there went the single steps, which also moved
its rows. Both end with the same tables, proven on SQLite and PostgreSQL.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0001_initial"),
        ("billing", "0002_initial"),
        ("billing", "0003_versions_and_choices"),
        ("billing", "0004_contract_texts"),
        ("billing", "0005_net_values"),
        ("billing", "0006_tracking_and_sign_off"),
        ("billing", "0007_milestones_in_order"),
        ("billing", "0008_sign_off_letter"),
        ("billing", "0009_tells_stages"),
        ("billing", "0010_news_of_a_state"),
        ("billing", "0011_numbered_change_orders"),
        ("billing", "0012_online_payment_received"),
        ("billing", "0013_photos_of_the_one_order"),
        ("billing", "0014_long_addresses_of_pages"),
        ("billing", "0015_invoicing"),
        ("billing", "0016_kinds_of_invoices"),
        ("billing", "0017_books"),
        ("billing", "0018_bank_statement_counts"),
        ("billing", "0019_standing_tax_decision"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0013_taxation_from"),
        ("crm", "0012_number_prefix"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("accepted_at", models.DateTimeField()),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("gross", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="gross")),
                ("record", models.TextField()),
                ("record_hash", models.CharField(max_length=64)),
                ("document", models.TextField()),
                ("withdrawal_until", models.DateField(null=True)),
                ("pdf", models.CharField(blank=True, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "auf der Kundenseite"),
                            ("phone", "am Telefon"),
                            ("letter", "per Brief"),
                            ("email", "per E-Mail"),
                            ("on_site", "vor Ort auf dem Tablet"),
                            ("premises", "im Betrieb"),
                        ],
                        default="portal",
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("signature", models.TextField(blank=True)),
                ("confirmation_noted", models.CharField(blank=True, max_length=8)),
                ("regime", models.CharField(blank=True, max_length=20)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "confirmation",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.mail"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="crm.customer"
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.attachment"
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.termsversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-accepted_at"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="AuditExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="Jahr")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "wird erstellt"), ("ready", "fertig"), ("failed", "nicht gelungen")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("file", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ready_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "Datenüberlassung (Z3)",
                "ordering": ["-created_at", "-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="Datei")),
                (
                    "format",
                    models.CharField(
                        choices=[("camt", "camt.053"), ("mt940", "MT940"), ("csv", "CSV")],
                        max_length=6,
                        verbose_name="Format",
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="Konto")),
                ("first_on", models.DateField(null=True, verbose_name="von")),
                ("last_on", models.DateField(null=True, verbose_name="bis")),
                (
                    "opening",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="Anfangssaldo"),
                ),
                ("closing", models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="Endsaldo")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("entry_count", models.PositiveIntegerField(default=0, verbose_name="Buchungen")),
                ("file", models.CharField(blank=True, max_length=200)),
                ("matched_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "Kontoauszug",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["business", "-created_at", "-id"], name="bank_statement_newest_first")
                ],
                "constraints": [models.UniqueConstraint(fields=("business", "sha256"), name="bank_statement_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="BankEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("booked_on", models.DateField(verbose_name="gebucht am")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Betrag")),
                ("party", models.CharField(blank=True, max_length=140, verbose_name="Auftraggeber")),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="IBAN")),
                ("purpose", models.CharField(blank=True, max_length=500, verbose_name="Verwendungszweck")),
                ("reference", models.CharField(blank=True, max_length=70, verbose_name="Referenz")),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "offen"), ("booked", "verbucht"), ("ignored", "nicht von Kunden")],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="billing.bankstatement"
                    ),
                ),
            ],
            options={
                "verbose_name": "Kontobuchung",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["business", "-booked_on", "-id"], name="bank_entry_newest_first"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["business", "-booked_on"], name="bank_entry_open"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("business", "fingerprint"), name="bank_entry_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="CatalogueItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="Artikelnummer")),
                ("name", models.CharField(max_length=200, verbose_name="Bezeichnung")),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("H87", "Stk."),
                            ("HUR", "Std."),
                            ("LS", "psch."),
                            ("MTR", "m"),
                            ("MTK", "m²"),
                            ("MTQ", "m³"),
                            ("KMT", "km"),
                            ("KGM", "kg"),
                            ("LTR", "l"),
                            ("DAY", "Tag"),
                            ("MON", "Monat"),
                            ("KWH", "kWh"),
                            ("XPP", "Paket"),
                        ],
                        default="H87",
                        max_length=3,
                        verbose_name="Einheit",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Einzelpreis netto",
                    ),
                ),
                (
                    "purchase_price",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Einkaufspreis netto",
                    ),
                ),
                ("vat_rate", models.DecimalField(decimal_places=2, default=19, max_digits=5, verbose_name="MwSt.")),
                (
                    "cost_kind",
                    models.CharField(
                        choices=[
                            ("labour", "Arbeit"),
                            ("material", "Material"),
                            ("machine", "Maschine"),
                            ("travel", "Fahrt"),
                            ("consumables", "Verbrauchsmittel"),
                            ("disposal", "Entsorgung"),
                        ],
                        default="material",
                        max_length=12,
                        verbose_name="Kostenart",
                    ),
                ),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
                ("cost_split", models.JSONField(blank=True, default=dict, verbose_name="Aufteilung")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "verbose_name": "Leistung",
                "ordering": ["name", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "name", "id"], name="catalogue_by_name")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ContractText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("information", "Informationen zum Vertrag"),
                            ("instruction", "Widerrufsbelehrung"),
                            ("terms", "Allgemeine Geschäftsbedingungen"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text_id", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=2)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("pdf", models.CharField(blank=True, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "acceptance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="billing.acceptance"
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("acceptance", "kind"), name="contract_text_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DatevAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("account", models.PositiveIntegerField(verbose_name="Konto")),
                ("valid_from", models.DateField(verbose_name="gilt ab")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "key", "valid_from"), name="datev_account_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DatevExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_on", models.DateField(verbose_name="von")),
                ("last_on", models.DateField(verbose_name="bis")),
                ("is_correction", models.BooleanField(default=False)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("bookings", models.PositiveIntegerField(default=0, verbose_name="Buchungen")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "DATEV-Export",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "-created_at", "-id"], name="datev_newest_first")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DunningLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Zahlungserinnerung"),
                            (1, "Mahnung"),
                            (2, "Letzte Mahnung"),
                            (3, "Übergabe an Anwalt oder Mahngericht"),
                        ],
                        verbose_name="Stufe",
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="vom")),
                ("pay_until", models.DateField(verbose_name="zahlbar bis")),
                ("total", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Gesamt")),
                ("content", models.TextField()),
                ("content_hash", models.CharField(max_length=64)),
                ("pdf", models.CharField(blank=True, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("send_to", models.EmailField(blank=True, max_length=254)),
                ("sent_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dunning_letters", to="crm.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "Mahnschreiben",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "-created_at", "-id"], name="dunning_newest_first")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="IncomingInvoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="Datei")),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "source",
                    models.CharField(
                        choices=[("upload", "hochgeladen"), ("mail", "per E-Mail")], default="upload", max_length=6
                    ),
                ),
                (
                    "syntax",
                    models.CharField(
                        choices=[
                            ("ubl", "XRechnung (UBL)"),
                            ("cii", "XRechnung (CII)"),
                            ("hybrid", "ZUGFeRD"),
                            ("none", "keine E-Rechnung"),
                        ],
                        max_length=6,
                        verbose_name="Format",
                    ),
                ),
                ("seller", models.CharField(blank=True, max_length=200, verbose_name="Lieferant")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="Rechnungsnummer")),
                ("issued_on", models.DateField(null=True, verbose_name="vom")),
                ("due_on", models.DateField(null=True, verbose_name="fällig am")),
                ("net", models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="Netto")),
                ("tax", models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="MwSt.")),
                ("gross", models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="Gesamt")),
                ("report", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "neu"), ("checked", "geprüft"), ("rejected", "zurückgewiesen")],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Notiz")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "Eingangsrechnung",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "-created_at", "-id"], name="incoming_newest_first")],
                "constraints": [models.UniqueConstraint(fields=("business", "sha256"), name="incoming_invoice_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Rechnung"),
                            ("part_payment", "Abschlagsrechnung"),
                            ("partial", "Teilrechnung"),
                            ("final", "Schlussrechnung"),
                            ("cancellation", "Stornorechnung"),
                            ("correction", "Rechnungskorrektur"),
                            ("reduction", "Preisnachlass"),
                        ],
                        default="invoice",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=24, null=True, verbose_name="Rechnungsnummer")),
                ("title", models.CharField(max_length=160, verbose_name="Betreff")),
                ("intro", models.TextField(blank=True, verbose_name="Einleitung")),
                (
                    "mode",
                    models.CharField(
                        choices=[("net", "Nettopreise"), ("gross", "Bruttopreise")],
                        default="net",
                        max_length=5,
                        verbose_name="Preise",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="Rabatt auf alles %",
                    ),
                ),
                ("service_from", models.DateField(blank=True, null=True, verbose_name="Leistungsdatum")),
                ("service_until", models.DateField(blank=True, null=True, verbose_name="Leistung bis")),
                ("payment_days", models.PositiveSmallIntegerField(default=14, verbose_name="Zahlungsziel (Tage)")),
                ("buyer_reference", models.CharField(blank=True, max_length=80, verbose_name="Ihre Bestellnummer")),
                (
                    "is_property_work",
                    models.BooleanField(
                        default=True,
                        help_text="Privatkunden werden dann auf die Aufbewahrung von zwei Jahren hingewiesen (§ 14b UStG).",
                        verbose_name="Arbeit an einem Grundstück oder Gebäude",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="Grund")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("open", "offen"),
                            ("paid", "bezahlt"),
                            ("cancelled", "storniert"),
                            ("settled", "erledigt"),
                            ("replaced", "in der Schlussrechnung"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("issued_on", models.DateField(editable=False, null=True, verbose_name="Rechnungsdatum")),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("due_on", models.DateField(editable=False, null=True, verbose_name="fällig am")),
                (
                    "net",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Netto"
                    ),
                ),
                (
                    "tax",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="MwSt."
                    ),
                ),
                (
                    "gross",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Gesamt"
                    ),
                ),
                (
                    "paid",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="bezahlt"
                    ),
                ),
                ("paid_on", models.DateField(editable=False, null=True)),
                ("document", models.TextField(blank=True, editable=False)),
                ("document_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("pdf", models.CharField(blank=True, editable=False, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("xml", models.CharField(blank=True, editable=False, max_length=200)),
                ("xml_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("send_to", models.EmailField(blank=True, editable=False, max_length=254)),
                ("sent_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "dunning_stop",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="Nicht mahnen, weil"),
                ),
                (
                    "is_construction",
                    models.BooleanField(
                        default=False,
                        help_text="Herstellung, Instandsetzung, Änderung oder Beseitigung von Bauwerken (§§ 13b UStG, 48 EStG).",
                        verbose_name="Bauleistung",
                    ),
                ),
                ("period_from", models.DateField(editable=False, null=True)),
                (
                    "retention_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="Sicherheitseinbehalt %",
                    ),
                ),
                ("retention_until", models.DateField(blank=True, null=True, verbose_name="Einbehalt fällig am")),
                (
                    "skonto_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="Skonto bei Zahlung binnen (Tagen)"),
                ),
                (
                    "skonto_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="Skonto %",
                    ),
                ),
                ("tax_case", models.CharField(default="domestic", max_length=24, verbose_name="Steuerfall")),
                ("tax_decision", models.TextField(blank=True, editable=False)),
                ("order_rows", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "cancels",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancelled_by",
                        to="billing.invoice",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="billing.invoice",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="crm.customer",
                        verbose_name="Kunde",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "Rechnung",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["business", "-created_at", "-id"], name="invoice_newest_first"),
                    models.Index(fields=["business", "state", "due_on"], name="invoice_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "number"), name="invoice_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", True), ("state", "draft")),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("due_on__isnull", False),
                                ("issued_at__isnull", False),
                                ("issued_on__isnull", False),
                                ("number__isnull", False),
                                models.Q(("document", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="invoice_issued_is_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancels__isnull", False), ("kind", "cancellation")),
                            models.Q(models.Q(("kind", "cancellation"), _negated=True), ("cancels", None)),
                            _connector="OR",
                        ),
                        name="cancellation_names_its_invoice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects__isnull", False), ("kind__in", ["correction", "reduction"])),
                            models.Q(
                                models.Q(("kind__in", ["correction", "reduction"]), _negated=True), ("corrects", None)
                            ),
                            _connector="OR",
                        ),
                        name="correction_names_its_invoice",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="fällig am")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Betrag")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instalments", to="billing.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "due_on"), name="instalment_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="instalment_has_an_amount"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DunningItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Hauptforderung")),
                (
                    "interest",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="Verzugszinsen"),
                ),
                ("lump_sum", models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="Pauschale")),
                ("costs", models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="Mahnkosten")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="billing.dunningletter"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dunning_items", to="billing.invoice"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=("letter", "invoice"), name="dunning_item_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("lump_sum__gt", 0)), fields=("invoice",), name="dunning_lump_sum_once"
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("item", "Position"), ("section", "Titel"), ("text", "Text")],
                        default="item",
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="Leistung")),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("H87", "Stk."),
                            ("HUR", "Std."),
                            ("LS", "psch."),
                            ("MTR", "m"),
                            ("MTK", "m²"),
                            ("MTQ", "m³"),
                            ("KMT", "km"),
                            ("KGM", "kg"),
                            ("LTR", "l"),
                            ("DAY", "Tag"),
                            ("MON", "Monat"),
                            ("KWH", "kWh"),
                            ("XPP", "Paket"),
                        ],
                        default="H87",
                        max_length=3,
                        verbose_name="Einheit",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Einzelpreis",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="Rabatt %",
                    ),
                ),
                ("vat_category", models.CharField(default="S", max_length=2)),
                ("vat_rate", models.DecimalField(decimal_places=2, default=19, max_digits=5, verbose_name="MwSt.")),
                (
                    "cost_kind",
                    models.CharField(
                        choices=[
                            ("labour", "Arbeit"),
                            ("material", "Material"),
                            ("machine", "Maschine"),
                            ("travel", "Fahrt"),
                            ("consumables", "Verbrauchsmittel"),
                            ("disposal", "Entsorgung"),
                        ],
                        default="material",
                        max_length=12,
                        verbose_name="Kostenart",
                    ),
                ),
                ("is_frozen", models.BooleanField(default=False, editable=False)),
                ("quantity", models.DecimalField(decimal_places=3, default=1, max_digits=12, verbose_name="Menge")),
                ("cost_split", models.JSONField(blank=True, default=dict, verbose_name="Aufteilung")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="billing.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="InvoiceRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(verbose_name="Zeiträume bis")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "wartet"), ("running", "läuft"), ("done", "fertig")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("issued", models.PositiveIntegerField(default=0)),
                ("drafted", models.PositiveIntegerField(default=0)),
                ("problems", models.TextField(blank=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "Rechnungslauf",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "-created_at", "-id"], name="invoice_run_newest_first")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField()),
                ("event", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=80)),
                ("number", models.CharField(blank=True, max_length=24)),
                ("at", models.DateTimeField()),
                ("content_hash", models.CharField(max_length=64)),
                ("facts", models.TextField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("entry_hash", models.CharField(max_length=64)),
                ("origin_business", models.PositiveBigIntegerField(null=True)),
                ("origin_by", models.PositiveBigIntegerField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "sequence"), name="journal_sequence_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(editable=False, max_length=24, verbose_name="Auftragsnummer")),
                ("title", models.CharField(max_length=160, verbose_name="Titel")),
                (
                    "mode",
                    models.CharField(
                        choices=[("net", "Nettopreise"), ("gross", "Bruttopreise")],
                        default="net",
                        max_length=5,
                        verbose_name="Preise",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="Rabatt auf alles %",
                    ),
                ),
                (
                    "gross",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Gesamt"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("placed", "Beauftragt"),
                            ("scheduled", "Termin steht"),
                            ("started", "In Arbeit"),
                            ("completed", "Fertig"),
                            ("invoiced", "Abgerechnet"),
                            ("cancelled", "Storniert"),
                            ("withdrawn", "Widerruf eingegangen"),
                        ],
                        default="placed",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("buyer_reference", models.CharField(blank=True, max_length=80, verbose_name="Ihre Bestellnummer")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="geplant am")),
                ("completed_on", models.DateField(editable=False, null=True, verbose_name="fertig am")),
                ("document", models.TextField(blank=True, editable=False)),
                ("pdf", models.CharField(blank=True, editable=False, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("placed_at", models.DateTimeField(editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("arrives_from", models.DateTimeField(editable=False, null=True)),
                ("arrives_until", models.DateTimeField(editable=False, null=True)),
                ("tells_stages", models.BooleanField(editable=False, null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                        verbose_name="wer",
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="crm.customer",
                        verbose_name="Kunde",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.site",
                        verbose_name="Einsatzort",
                    ),
                ),
            ],
            options={
                "verbose_name": "Auftrag",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["business", "-placed_at", "-id"], name="order_newest_first"),
                    models.Index(fields=["business", "state", "planned_on"], name="order_by_state"),
                ],
                "constraints": [models.UniqueConstraint(fields=("business", "number"), name="order_number_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="geplant am")),
                ("reached_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Hinweis für den Kunden")),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "von Hand abgehakt"),
                            ("placed", "Beauftragt"),
                            ("scheduled", "Termin steht"),
                            ("started", "In Arbeit"),
                            ("completed", "Fertig"),
                            ("signed_off", "Abgenommen"),
                            ("invoiced", "Abgerechnet"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_shown", models.BooleanField(default=True, verbose_name="Kunde sieht das")),
                ("label", models.CharField(blank=True, max_length=60, verbose_name="Meilenstein")),
                ("sort", models.PositiveSmallIntegerField(default=0)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="billing.order"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("step", ""), _negated=True),
                        fields=("order", "step"),
                        name="milestone_once_per_step",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="invoice",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoices",
                to="billing.order",
            ),
        ),
        migrations.CreateModel(
            name="DeliveryNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, verbose_name="Lieferscheinnummer")),
                ("delivered_on", models.DateField(verbose_name="geliefert am")),
                ("document", models.TextField()),
                ("document_hash", models.CharField(max_length=64)),
                ("pdf", models.CharField(blank=True, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("received_by", models.CharField(blank=True, max_length=120, verbose_name="angenommen von")),
                ("signature", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="delivery_notes", to="billing.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "Lieferschein",
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "number"), name="delivery_note_number_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="OrderNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("milestone", "Neuer Stand"),
                            ("planned", "Termin geplant"),
                            ("delay", "Termin verschoben"),
                            ("on_the_way", "Wir sind unterwegs"),
                            ("shipped", "Ware unterwegs"),
                            ("photos", "Neue Fotos"),
                            ("sign_off", "Bitte um Abnahme"),
                        ],
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=200)),
                ("day", models.DateField(null=True)),
                ("before", models.DateField(null=True)),
                ("starts_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="Grund für den Kunden")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("is_silent", models.BooleanField(default=False)),
                ("state", models.CharField(blank=True, max_length=10)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="news", to="billing.order"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["order", "told_at"], name="order_news_untold")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="OrderPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("description", models.CharField(blank=True, max_length=160, verbose_name="Was ist zu sehen?")),
                ("released_at", models.DateTimeField(auto_now_add=True)),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="order_photos", to="crm.attachment"
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="photos",
                        to="billing.milestone",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="billing.order"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("order", "attachment"), name="order_photo_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Betrag")),
                ("received_on", models.DateField(verbose_name="eingegangen am")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("transfer", "Überweisung"),
                            ("cash", "bar, quittiert"),
                            ("card", "Karte"),
                            ("online", "online"),
                            ("skonto", "Skonto"),
                            ("withheld", "Bauabzugsteuer, vom Kunden abgeführt"),
                            ("reduction", "Preisnachlass"),
                            ("refund", "Erstattung"),
                            ("other", "anders"),
                        ],
                        default="transfer",
                        max_length=10,
                        verbose_name="Zahlungsart",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=140, verbose_name="Notiz")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("costs", models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="davon Kosten")),
                (
                    "interest",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name="davon Zinsen"),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="billing.bankentry",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="billing.invoice"
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["received_on", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("reverses", None)),
                            models.Q(("amount", 0), ("interest__gt", 0), ("reverses", None)),
                            models.Q(("amount", 0), ("costs__gt", 0), ("reverses", None)),
                            models.Q(("amount__lt", 0), ("method", "refund"), ("reverses", None)),
                            ("reverses__isnull", False),
                            _connector="OR",
                        ),
                        name="payment_has_an_amount",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="OnlinePayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(choices=[("stripe", "Stripe"), ("paypal", "PayPal")], max_length=8)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="Betrag")),
                ("external_id", models.CharField(max_length=120)),
                ("page_url", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "begonnen"), ("paid", "bezahlt"), ("failed", "nicht bezahlt")],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "received",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="eingegangen"),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="online_payments",
                        to="billing.invoice",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="online",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "external_id"), name="online_payment_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DatevItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_correction", models.BooleanField(default=False)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="billing.datevexport"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="datev_items",
                        to="billing.invoice",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="datev_items",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("invoice__isnull", False), ("payment", None)),
                            models.Q(("invoice", None), ("payment__isnull", False)),
                            _connector="OR",
                        ),
                        name="datev_item_is_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("invoice__isnull", False), ("is_correction", False)),
                        fields=("invoice",),
                        name="datev_invoice_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_correction", False), ("payment__isnull", False)),
                        fields=("payment",),
                        name="datev_payment_once",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PaymentAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(choices=[("stripe", "Stripe"), ("paypal", "PayPal")], max_length=8)),
                ("is_on", models.BooleanField(default=False, verbose_name="Kunden können damit bezahlen")),
                ("credentials", models.TextField(blank=True, editable=False)),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "provider"), name="payment_account_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PeriodLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(verbose_name="abgeschlossen bis")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "until"), name="period_lock_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ProcedureVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "version"), name="procedure_version_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(editable=False, max_length=24, null=True, verbose_name="Angebotsnummer")),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=160, verbose_name="Titel")),
                ("intro", models.TextField(blank=True, verbose_name="Einleitung")),
                ("closing", models.TextField(blank=True, verbose_name="Schluss")),
                (
                    "mode",
                    models.CharField(
                        choices=[("net", "Nettopreise"), ("gross", "Bruttopreise")],
                        default="net",
                        max_length=5,
                        verbose_name="Preise",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="Rabatt auf alles %",
                    ),
                ),
                ("valid_until", models.DateField(verbose_name="gültig bis")),
                ("payment_terms", models.CharField(blank=True, max_length=200, verbose_name="Zahlung")),
                ("internal_note", models.TextField(blank=True, verbose_name="Nur intern")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("sent", "gesendet"),
                            ("accepted", "angenommen"),
                            ("declined", "abgelehnt"),
                            ("expired", "abgelaufen"),
                            ("retracted", "zurückgezogen"),
                            ("replaced", "ersetzt"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "gross",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Gesamt"
                    ),
                ),
                ("document", models.TextField(blank=True, editable=False)),
                ("document_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("pdf", models.CharField(blank=True, editable=False, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("sent_at", models.DateTimeField(editable=False, null=True)),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Der Preis passt nicht"),
                            ("date", "Der Termin passt nicht"),
                            ("other_firm", "Wir haben uns anders entschieden"),
                            ("not_now", "Das Vorhaben ruht"),
                        ],
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("decline_comment", models.TextField(blank=True, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "completion",
                    models.CharField(blank=True, max_length=120, verbose_name="Fertigstellung (Datum oder Dauer)"),
                ),
                (
                    "is_follow_up_paused",
                    models.BooleanField(default=False, editable=False, verbose_name="Nachfassen ausgesetzt"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("offer", "Angebot"),
                            ("estimate", "Kostenvoranschlag"),
                            ("construction", "Angebot für einen Verbraucherbauvertrag"),
                        ],
                        default="offer",
                        max_length=12,
                        verbose_name="Art",
                    ),
                ),
                (
                    "negotiation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "noch offen"),
                            ("remote", "nur aus der Ferne (Telefon, E-Mail, Fotos)"),
                            ("visit", "mit Besuch vor Ort, das Angebot kam später"),
                            ("on_site", "beim Kunden vor Ort abgeschlossen"),
                            ("urgent", "Kunde rief zu einer dringenden Reparatur"),
                            ("premises", "im Betrieb oder Laden"),
                            ("goods", "reine Lieferung nach Maß, ohne Montage"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="Wie wurde verhandelt?",
                    ),
                ),
                ("version_note", models.TextField(blank=True, verbose_name="Was ist neu?")),
                (
                    "list_net",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Netto ohne Rabatte"
                    ),
                ),
                (
                    "net",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=12, verbose_name="Netto"
                    ),
                ),
                ("amendment_number", models.PositiveSmallIntegerField(editable=False, null=True)),
                (
                    "amends",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_orders",
                        to="billing.order",
                    ),
                ),
                (
                    "building_description",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.attachment",
                        verbose_name="Baubeschreibung",
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="crm.customer",
                        verbose_name="Kunde",
                    ),
                ),
                (
                    "revises",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revision",
                        to="billing.quote",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.site",
                        verbose_name="Einsatzort",
                    ),
                ),
            ],
            options={
                "verbose_name": "Angebot",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["business", "-created_at", "-id"], name="quote_newest_first"),
                    models.Index(fields=["business", "state", "valid_until"], name="quote_by_state"),
                    models.Index(fields=["business", "decided_at"], name="quote_by_decision"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "number", "version"), name="quote_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(
                                ("number__isnull", False),
                                ("sent_at__isnull", False),
                                models.Q(("document", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quote_sent_is_complete",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("item", "Position"), ("section", "Titel"), ("text", "Text")],
                        default="item",
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="Leistung")),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=3,
                        default=1,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.001")),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Menge",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("H87", "Stk."),
                            ("HUR", "Std."),
                            ("LS", "psch."),
                            ("MTR", "m"),
                            ("MTK", "m²"),
                            ("MTQ", "m³"),
                            ("KMT", "km"),
                            ("KGM", "kg"),
                            ("LTR", "l"),
                            ("DAY", "Tag"),
                            ("MON", "Monat"),
                            ("KWH", "kWh"),
                            ("XPP", "Paket"),
                        ],
                        default="H87",
                        max_length=3,
                        verbose_name="Einheit",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Einzelpreis",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="Rabatt %",
                    ),
                ),
                ("vat_category", models.CharField(default="S", max_length=2)),
                ("vat_rate", models.DecimalField(decimal_places=2, default=19, max_digits=5, verbose_name="MwSt.")),
                (
                    "cost_kind",
                    models.CharField(
                        choices=[
                            ("labour", "Arbeit"),
                            ("material", "Material"),
                            ("machine", "Maschine"),
                            ("travel", "Fahrt"),
                            ("consumables", "Verbrauchsmittel"),
                            ("disposal", "Entsorgung"),
                        ],
                        default="material",
                        max_length=12,
                        verbose_name="Kostenart",
                    ),
                ),
                ("is_frozen", models.BooleanField(default=False, editable=False)),
                ("alternative_set", models.CharField(blank=True, max_length=80)),
                ("is_optional", models.BooleanField(default=False)),
                ("cost_split", models.JSONField(blank=True, default=dict, verbose_name="Aufteilung")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="billing.order"
                    ),
                ),
                (
                    "amendment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.quote"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("alternative_set", ""), _negated=True), ("amendment", None)),
                        fields=("order", "alternative_set"),
                        name="one_choice_per_set",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("alternative_set", ""), _negated=True), ("amendment__isnull", False)
                        ),
                        fields=("order", "amendment", "alternative_set"),
                        name="one_choice_per_set_of_a_change",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="order",
            name="quote",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="order", to="billing.quote"
            ),
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("unwanted", models.JSONField(default=list)),
                ("choice", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="change_requests", to="crm.customer"
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="change_requests", to="billing.quote"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "answered_at"], name="change_request_open")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="acceptance",
            name="quote",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="acceptance", to="billing.quote"
            ),
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("item", "Position"), ("section", "Titel"), ("text", "Text")],
                        default="item",
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="Leistung")),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=3,
                        default=1,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.001")),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Menge",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("H87", "Stk."),
                            ("HUR", "Std."),
                            ("LS", "psch."),
                            ("MTR", "m"),
                            ("MTK", "m²"),
                            ("MTQ", "m³"),
                            ("KMT", "km"),
                            ("KGM", "kg"),
                            ("LTR", "l"),
                            ("DAY", "Tag"),
                            ("MON", "Monat"),
                            ("KWH", "kWh"),
                            ("XPP", "Paket"),
                        ],
                        default="H87",
                        max_length=3,
                        verbose_name="Einheit",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Einzelpreis",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="Rabatt %",
                    ),
                ),
                ("vat_category", models.CharField(default="S", max_length=2)),
                ("vat_rate", models.DecimalField(decimal_places=2, default=19, max_digits=5, verbose_name="MwSt.")),
                (
                    "cost_kind",
                    models.CharField(
                        choices=[
                            ("labour", "Arbeit"),
                            ("material", "Material"),
                            ("machine", "Maschine"),
                            ("travel", "Fahrt"),
                            ("consumables", "Verbrauchsmittel"),
                            ("disposal", "Entsorgung"),
                        ],
                        default="material",
                        max_length=12,
                        verbose_name="Kostenart",
                    ),
                ),
                ("is_frozen", models.BooleanField(default=False, editable=False)),
                ("alternative_set", models.CharField(blank=True, max_length=80, verbose_name="Alternative zu")),
                ("is_default", models.BooleanField(default=False, verbose_name="vorausgewählt")),
                ("is_optional", models.BooleanField(default=False, verbose_name="optional")),
                (
                    "purchase_price",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Einkaufspreis netto",
                    ),
                ),
                ("cost_split", models.JSONField(blank=True, default=dict, verbose_name="Aufteilung")),
                (
                    "max_quantity",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Kunde wählt die Menge bis"),
                ),
                ("option_group", models.CharField(blank=True, max_length=80, verbose_name="Gruppe der Extras")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.attachment",
                        verbose_name="Bild",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="billing.quote"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alternative_set", ""), ("is_optional", False), _connector="OR"),
                        name="line_is_alternative_or_optional",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True), models.Q(("alternative_set", ""), _negated=True)),
                        fields=("quote", "alternative_set"),
                        name="one_default_per_alternative_set",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_optional", True),
                            models.Q(("max_quantity", None), ("option_group", "")),
                            _connector="OR",
                        ),
                        name="line_with_free_quantity_is_optional",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="QuoteTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="Name der Vorlage")),
                ("fields", models.JSONField(default=dict)),
                ("lines", models.JSONField(default=list)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "verbose_name": "Vorlage",
                "ordering": ["name", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "name"), name="quote_template_name_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "carrier",
                    models.CharField(
                        choices=[
                            ("dhl", "DHL"),
                            ("dpd", "DPD"),
                            ("gls", "GLS"),
                            ("hermes", "Hermes"),
                            ("ups", "UPS"),
                            ("other", "Spedition oder anderer Dienst"),
                        ],
                        max_length=6,
                        verbose_name="Versand mit",
                    ),
                ),
                ("carrier_name", models.CharField(blank=True, max_length=80, verbose_name="Name des Dienstes")),
                ("tracking_number", models.CharField(blank=True, max_length=60, verbose_name="Sendungsnummer")),
                ("tracking_url", models.URLField(blank=True, verbose_name="Adresse der Sendungsverfolgung")),
                ("contents", models.CharField(blank=True, max_length=160, verbose_name="Was ist darin?")),
                ("shipped_on", models.DateField(verbose_name="versandt am")),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="kommt voraussichtlich am")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shipments", to="billing.order"
                    ),
                ),
            ],
            options={
                "ordering": ["shipped_on", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Entwurf"),
                            ("requested", "Abnahme erbeten"),
                            ("accepted", "abgenommen"),
                            ("refused", "verweigert"),
                            ("deemed", "gilt als abgenommen"),
                            ("retracted", "zurückgezogen"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_site", "vor Ort"),
                            ("portal", "auf der Kundenseite"),
                            ("period", "durch Ablauf der Frist"),
                        ],
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("is_part", models.BooleanField(default=False, verbose_name="nur ein Teil der Leistung")),
                ("scope", models.TextField(blank=True, verbose_name="Was wird abgenommen?")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="Ort")),
                ("present", models.CharField(blank=True, max_length=300, verbose_name="Wer ist dabei?")),
                (
                    "handed_over",
                    models.TextField(blank=True, verbose_name="Übergeben (Unterlagen, Schlüssel, Zählerstände)"),
                ),
                (
                    "warranty",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("thing", "Reparatur, Wartung oder Herstellung einer Sache"),
                            ("building", "Bauwerk"),
                            ("vob", "Bauwerk nach VOB/B"),
                        ],
                        max_length=8,
                        verbose_name="Gewährleistung",
                    ),
                ),
                ("warranty_until", models.DateField(editable=False, null=True)),
                ("reserves_defects", models.BooleanField(null=True, verbose_name="Vorbehalt wegen der Mängel")),
                ("reserves_penalty", models.BooleanField(null=True, verbose_name="Vorbehalt einer Vertragsstrafe")),
                ("refusal_reason", models.TextField(blank=True, verbose_name="Warum wird die Abnahme verweigert?")),
                ("requested_at", models.DateTimeField(editable=False, null=True)),
                ("deadline", models.DateField(editable=False, null=True, verbose_name="Frist bis")),
                ("notice", models.TextField(blank=True, editable=False)),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                ("customer_name", models.CharField(blank=True, max_length=120, verbose_name="Name des Kunden")),
                ("customer_signature", models.TextField(blank=True, editable=False)),
                ("business_name", models.CharField(blank=True, max_length=120, verbose_name="Name für den Betrieb")),
                ("business_signature", models.TextField(blank=True, editable=False)),
                ("record", models.TextField(blank=True, editable=False)),
                ("record_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("pdf", models.CharField(blank=True, editable=False, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("has_penalty", models.BooleanField(default=False, verbose_name="Eine Vertragsstrafe ist vereinbart")),
                ("letter", models.CharField(blank=True, editable=False, max_length=200)),
                ("letter_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_offs", to="billing.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "Abnahme",
                "ordering": ["-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "warranty_until"], name="sign_off_by_warranty")],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "number"), name="sign_off_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "refused", "deemed"]), _negated=True),
                            ("decided_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sign_off_decided_has_a_time",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Defect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.PositiveSmallIntegerField(default=0)),
                ("text", models.CharField(max_length=300, verbose_name="Mangel")),
                ("mend_by", models.DateField(blank=True, null=True, verbose_name="zu beheben bis")),
                ("is_from_customer", models.BooleanField(default=False)),
                ("mended_on", models.DateField(editable=False, null=True, verbose_name="behoben am")),
                ("is_frozen", models.BooleanField(default=False, editable=False)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.attachment"
                    ),
                ),
                (
                    "sign_off",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="defects", to="billing.signoff"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="StandingInvoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="Betreff")),
                ("intro", models.TextField(blank=True, verbose_name="Einleitung")),
                (
                    "mode",
                    models.CharField(
                        choices=[("net", "Nettopreise"), ("gross", "Bruttopreise")],
                        default="net",
                        max_length=5,
                        verbose_name="Preise",
                    ),
                ),
                ("tax_case", models.CharField(default="domestic", max_length=24, verbose_name="Steuerfall")),
                ("payment_days", models.PositiveSmallIntegerField(default=14, verbose_name="Zahlungsziel (Tage)")),
                ("buyer_reference", models.CharField(blank=True, max_length=80, verbose_name="Ihre Bestellnummer")),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "monatlich"), (3, "vierteljährlich"), (6, "halbjährlich"), (12, "jährlich")],
                        default=1,
                        verbose_name="Abrechnung",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="Beginn")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Ende")),
                ("next_from", models.DateField(editable=False, verbose_name="nächster Zeitraum ab")),
                ("in_advance", models.BooleanField(default=False, verbose_name="im Voraus abrechnen")),
                ("sends", models.BooleanField(default=False, verbose_name="sofort stellen und senden")),
                ("is_paused", models.BooleanField(default=False, verbose_name="ausgesetzt")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("tax_decision", models.TextField(blank=True, editable=False)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_invoices",
                        to="crm.customer",
                        verbose_name="Kunde",
                    ),
                ),
            ],
            options={
                "verbose_name": "Wiederkehrende Rechnung",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "next_from"], name="standing_invoice_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="standing_invoice_ends_after_start",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="invoice",
            name="standing",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoices",
                to="billing.standinginvoice",
            ),
        ),
        migrations.CreateModel(
            name="StandingInvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("item", "Position"), ("section", "Titel"), ("text", "Text")],
                        default="item",
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="Leistung")),
                ("description", models.TextField(blank=True, verbose_name="Beschreibung")),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=3,
                        default=1,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.001")),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Menge",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("H87", "Stk."),
                            ("HUR", "Std."),
                            ("LS", "psch."),
                            ("MTR", "m"),
                            ("MTK", "m²"),
                            ("MTQ", "m³"),
                            ("KMT", "km"),
                            ("KGM", "kg"),
                            ("LTR", "l"),
                            ("DAY", "Tag"),
                            ("MON", "Monat"),
                            ("KWH", "kWh"),
                            ("XPP", "Paket"),
                        ],
                        default="H87",
                        max_length=3,
                        verbose_name="Einheit",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("9999999.99")),
                        ],
                        verbose_name="Einzelpreis",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="Rabatt %",
                    ),
                ),
                ("vat_category", models.CharField(default="S", max_length=2)),
                ("vat_rate", models.DecimalField(decimal_places=2, default=19, max_digits=5, verbose_name="MwSt.")),
                (
                    "cost_kind",
                    models.CharField(
                        choices=[
                            ("labour", "Arbeit"),
                            ("material", "Material"),
                            ("machine", "Maschine"),
                            ("travel", "Fahrt"),
                            ("consumables", "Verbrauchsmittel"),
                            ("disposal", "Entsorgung"),
                        ],
                        default="material",
                        max_length=12,
                        verbose_name="Kostenart",
                    ),
                ),
                ("cost_split", models.JSONField(blank=True, default=dict, verbose_name="Aufteilung")),
                ("is_frozen", models.BooleanField(default=False, editable=False)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="billing.standinginvoice"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="TextBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("intro", "Einleitung"),
                            ("closing", "Schluss"),
                            ("row", "Text zwischen den Positionen"),
                        ],
                        default="row",
                        max_length=8,
                        verbose_name="Wofür",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("text", models.TextField(verbose_name="Text")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "verbose_name": "Textbaustein",
                "ordering": ["place", "name", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "place", "name"), name="text_block_name_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("declaration", models.TextField()),
                ("is_late", models.BooleanField()),
                ("received_at", models.DateTimeField()),
                ("part", models.TextField(blank=True)),
                (
                    "amendment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="billing.quote",
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="billing.order"
                    ),
                ),
            ],
            options={
                "ordering": ["-received_at"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="WorkKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="Art der Arbeit")),
                ("is_default", models.BooleanField(default=False, verbose_name="für neue Aufträge")),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(fields=("business", "name"), name="work_kind_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("business",), name="one_default_work_kind"
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="order",
            name="work_kind",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="billing.workkind",
                verbose_name="Art der Arbeit",
            ),
        ),
        migrations.CreateModel(
            name="WorkStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.PositiveSmallIntegerField(default=0)),
                ("label", models.CharField(max_length=60, verbose_name="Meilenstein")),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "von Hand abgehakt"),
                            ("placed", "Beauftragt"),
                            ("scheduled", "Termin steht"),
                            ("started", "In Arbeit"),
                            ("completed", "Fertig"),
                            ("signed_off", "Abgenommen"),
                            ("invoiced", "Abgerechnet"),
                        ],
                        max_length=10,
                        verbose_name="wird erreicht",
                    ),
                ),
                ("is_shown", models.BooleanField(default=True, verbose_name="Kunde sieht das")),
                (
                    "business",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.business",
                    ),
                ),
                (
                    "work_kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="billing.workkind"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("step", ""), _negated=True),
                        fields=("work_kind", "step"),
                        name="work_step_once_per_kind",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("standing", "period_from"),
                name="standing_invoice_once_a_period",
            ),
        ),
    ]
