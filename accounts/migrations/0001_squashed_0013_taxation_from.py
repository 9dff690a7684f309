"""The first tables as one step, for a database that is made now; one that is there went the single steps, which also moved
its rows. Both end with the same tables, proven on SQLite and PostgreSQL.
"""

import accounts.validators
import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_notices"),
        ("accounts", "0003_idempotency_key"),
        ("accounts", "0004_terms_versions_and_signature"),
        ("accounts", "0005_following_up"),
        ("accounts", "0006_estimate_percent"),
        ("accounts", "0007_refusals_in_the_log"),
        ("accounts", "0008_requests_form"),
        ("accounts", "0009_audit_of_online_payment"),
        ("accounts", "0010_address_changed"),
        ("accounts", "0011_invoicing"),
        ("accounts", "0012_books"),
        ("accounts", "0013_taxation_from"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Business",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="Name des Betriebs")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "legal_name",
                    models.CharField(
                        max_length=160, verbose_name="Vollständiger Name laut Gewerbeanmeldung oder Register"
                    ),
                ),
                (
                    "legal_form",
                    models.CharField(
                        choices=[
                            ("sole_trader", "Einzelunternehmen"),
                            ("ek", "e. K."),
                            ("gbr", "GbR"),
                            ("ohg", "OHG"),
                            ("kg", "KG"),
                            ("gmbh", "GmbH"),
                            ("gmbh_co_kg", "GmbH & Co. KG"),
                            ("ug", "UG (haftungsbeschränkt)"),
                            ("ag", "AG"),
                        ],
                        default="sole_trader",
                        max_length=20,
                        verbose_name="Rechtsform",
                    ),
                ),
                (
                    "owner_name",
                    models.CharField(blank=True, max_length=120, verbose_name="Inhaber/in oder Geschäftsführung"),
                ),
                ("trade", models.CharField(blank=True, max_length=120, verbose_name="Gewerk")),
                ("street", models.CharField(blank=True, max_length=120, verbose_name="Straße und Hausnummer")),
                (
                    "postcode",
                    models.CharField(
                        blank=True,
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator("^\\d{5}$", "Bitte geben Sie fünf Ziffern ein.")
                        ],
                        verbose_name="Postleitzahl",
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="Ort")),
                ("country", models.CharField(default="DE", max_length=2, verbose_name="Land")),
                (
                    "state",
                    models.CharField(
                        blank=True, help_text="für die gesetzlichen Feiertage", max_length=2, verbose_name="Bundesland"
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse")),
                ("website", models.URLField(blank=True, verbose_name="Website")),
                ("register_court", models.CharField(blank=True, max_length=80, verbose_name="Registergericht")),
                ("register_number", models.CharField(blank=True, max_length=40, verbose_name="Registernummer")),
                (
                    "tax_number",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[accounts.validators.validate_tax_number],
                        verbose_name="Steuernummer",
                    ),
                ),
                (
                    "vat_id",
                    models.CharField(
                        blank=True,
                        max_length=14,
                        validators=[accounts.validators.validate_vat_id],
                        verbose_name="USt-IdNr.",
                    ),
                ),
                (
                    "small_business_vat_id",
                    models.CharField(blank=True, max_length=20, verbose_name="Kleinunternehmer-IdNr."),
                ),
                ("economic_id", models.CharField(blank=True, max_length=20, verbose_name="Wirtschafts-IdNr.")),
                (
                    "taxation",
                    models.CharField(
                        choices=[
                            ("soll", "nach vereinbarten Entgelten (Soll)"),
                            ("ist", "nach vereinnahmten Entgelten (Ist)"),
                        ],
                        default="soll",
                        max_length=4,
                        verbose_name="Versteuerung",
                    ),
                ),
                (
                    "prior_year_turnover",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Gesamtumsatz im Vorjahr",
                    ),
                ),
                ("employees", models.PositiveIntegerField(blank=True, null=True, verbose_name="Beschäftigte")),
                (
                    "account_holder",
                    models.CharField(
                        blank=True,
                        help_text="Genau so, wie die Bank den Namen führt: Überweisungen werden damit abgeglichen.",
                        max_length=70,
                        verbose_name="Kontoinhaber/in laut Bank",
                    ),
                ),
                (
                    "iban",
                    models.CharField(
                        blank=True, max_length=34, validators=[accounts.validators.validate_iban], verbose_name="IBAN"
                    ),
                ),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                (
                    "is_regulated_trade",
                    models.BooleanField(default=False, verbose_name="zulassungspflichtiges Handwerk"),
                ),
                ("chamber", models.CharField(blank=True, max_length=120, verbose_name="Kammer")),
                (
                    "professional_title",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="Berufsbezeichnung und Staat der Verleihung"
                    ),
                ),
                (
                    "supervisory_authority",
                    models.CharField(blank=True, max_length=160, verbose_name="Aufsichtsbehörde"),
                ),
                (
                    "liability_insurer",
                    models.TextField(blank=True, verbose_name="Berufshaftpflicht: Versicherer und Geltungsbereich"),
                ),
                (
                    "exemption_certificate",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="Freistellungsbescheinigung (§ 48b EStG), Nummer"
                    ),
                ),
                (
                    "exemption_valid_until",
                    models.DateField(blank=True, null=True, verbose_name="Freistellungsbescheinigung gültig bis"),
                ),
                ("terms", models.TextField(blank=True, verbose_name="Allgemeine Geschäftsbedingungen")),
                ("privacy_notice", models.TextField(blank=True, verbose_name="Datenschutzhinweise")),
                (
                    "brand",
                    models.CharField(
                        default="#24594a",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Bitte geben Sie eine Farbe als #rrggbb an."
                            )
                        ],
                        verbose_name="Farbe",
                    ),
                ),
                ("logo", models.ImageField(blank=True, upload_to="logos", verbose_name="Logo")),
                (
                    "asks_postcode",
                    models.BooleanField(default=False, verbose_name="Kunden öffnen Links mit ihrer Postleitzahl"),
                ),
                (
                    "quote_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="Angebote gelten (Tage)",
                    ),
                ),
                (
                    "payment_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="Zahlungsziel (Tage)",
                    ),
                ),
                (
                    "feedback_days",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="Nach Feedback fragen (Tage nach Fertigstellung)"
                    ),
                ),
                (
                    "reminds_of_payment",
                    models.BooleanField(default=False, verbose_name="Zahlungserinnerung automatisch senden"),
                ),
                ("review_url", models.URLField(blank=True, verbose_name="Adresse Ihrer öffentlichen Bewertungsseite")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "asks_signature",
                    models.BooleanField(default=False, verbose_name="Kunden können beim Beauftragen unterschreiben"),
                ),
                (
                    "expiring_mail_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=3,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="Angebot läuft ab: E-Mail an den Kunden (Tage vorher)",
                    ),
                ),
                (
                    "silent_mail_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="Angesehen, keine Antwort: E-Mail an den Kunden nach (Tagen)",
                    ),
                ),
                (
                    "silent_task_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=2,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="Angesehen, keine Antwort: Aufgabe für Sie nach (Tagen)",
                    ),
                ),
                (
                    "unseen_mail_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=3,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="Nicht angesehen: E-Mail an den Kunden nach (Tagen)",
                    ),
                ),
                (
                    "unseen_task_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="Nicht angesehen: Aufgabe für Sie nach (Tagen)",
                    ),
                ),
                (
                    "estimate_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(25),
                        ],
                        verbose_name="Kostenvoranschlag: warnen ab einer Überschreitung von (%)",
                    ),
                ),
                ("request_intro", models.TextField(blank=True, verbose_name="Text über dem Anfrageformular")),
                (
                    "takes_requests",
                    models.BooleanField(default=False, verbose_name="Anfragen über das Formular annehmen"),
                ),
                (
                    "datev_account_length",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(4),
                            django.core.validators.MaxValueValidator(8),
                        ],
                        verbose_name="Länge der Sachkonten",
                    ),
                ),
                (
                    "datev_chart",
                    models.CharField(
                        choices=[("skr03", "SKR03"), ("skr04", "SKR04")],
                        default="skr03",
                        max_length=5,
                        verbose_name="Kontenrahmen",
                    ),
                ),
                (
                    "datev_client",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99999),
                        ],
                        verbose_name="Mandantennummer",
                    ),
                ),
                (
                    "datev_consultant",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1001),
                            django.core.validators.MaxValueValidator(9999999),
                        ],
                        verbose_name="Beraternummer",
                    ),
                ),
                (
                    "dunning_costs",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="Nur was Druck und Porto wirklich kosten (BGH VIII ZR 95/18).",
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="Mahnkosten je Brief ab der zweiten Mahnung (€)",
                    ),
                ),
                (
                    "dunning_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(7),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="Neue Zahlungsfrist in Mahnungen (Tage)",
                    ),
                ),
                (
                    "dunning_is_automatic",
                    models.BooleanField(default=False, verbose_name="Mahnungen ohne Rückfrage senden"),
                ),
                (
                    "exemption_valid_from",
                    models.DateField(blank=True, null=True, verbose_name="Freistellungsbescheinigung gültig ab"),
                ),
                (
                    "fiscal_year_month",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="Wirtschaftsjahr beginnt im Monat",
                    ),
                ),
                (
                    "skonto_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="Skonto bei Zahlung binnen (Tagen)",
                    ),
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
                (
                    "books_held_until",
                    models.DateField(blank=True, null=True, verbose_name="Aufbewahrung verlängert bis"),
                ),
                (
                    "taxation_from",
                    models.DateField(
                        blank=True,
                        help_text="Nur nach einem Wechsel. Davor gilt die andere: So wird nichts doppelt und nichts gar nicht versteuert.",
                        null=True,
                        verbose_name="Versteuerung gilt ab",
                    ),
                ),
            ],
            options={
                "verbose_name": "Betrieb",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="E-Mail-Adresse")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="Name")),
                (
                    "language",
                    models.CharField(
                        blank=True, choices=[("de", "Deutsch"), ("en", "English")], max_length=5, verbose_name="Sprache"
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Inhaber/in"),
                            ("office", "Büro"),
                            ("field_worker", "Vor Ort"),
                            ("tax_adviser", "Steuerberatung (nur lesen)"),
                            ("auditor", "Betriebsprüfung (nur lesen, nach Jahren)"),
                        ],
                        max_length=20,
                        verbose_name="Rolle",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="aktiv")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "audits_from",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Prüfungsjahre von"),
                ),
                (
                    "audits_until",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Prüfungsjahre bis"),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="accounts.business"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Mitglied",
                "ordering": ["created_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "user"), name="member_once_per_business"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("audits_from__isnull", False),
                                ("audits_until__gte", models.F("audits_from")),
                                ("role", "auditor"),
                            ),
                            models.Q(
                                models.Q(("role", "auditor"), _negated=True),
                                ("audits_from", None),
                                ("audits_until", None),
                            ),
                            _connector="OR",
                        ),
                        name="auditor_has_years",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="E-Mail-Adresse")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Inhaber/in"),
                            ("office", "Büro"),
                            ("field_worker", "Vor Ort"),
                            ("tax_adviser", "Steuerberatung (nur lesen)"),
                            ("auditor", "Betriebsprüfung (nur lesen, nach Jahren)"),
                        ],
                        default="office",
                        max_length=20,
                        verbose_name="Rolle",
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "audits_from",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Prüfungsjahre von"),
                ),
                (
                    "audits_until",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Prüfungsjahre bis"),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="accounts.business"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None)),
                        fields=("business", "email"),
                        name="invitation_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255)),
                ("request_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(blank=True)),
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
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["created_at"], name="idempotency_key_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "member", "key"), name="idempotency_key_once_per_member"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("business_created", "Betrieb angelegt"),
                            ("business_changed", "Angaben zum Betrieb geändert"),
                            ("bank_changed", "Bankverbindung geändert"),
                            ("payments_changed", "Online bezahlen geändert"),
                            ("member_invited", "Mitglied eingeladen"),
                            ("invitation_withdrawn", "Einladung zurückgezogen"),
                            ("member_joined", "Mitglied beigetreten"),
                            ("role_changed", "Rolle geändert"),
                            ("member_deactivated", "Mitglied abgemeldet"),
                            ("member_left", "Mitglied ausgetreten"),
                            ("token_created", "API-Schlüssel angelegt"),
                            ("token_revoked", "API-Schlüssel gesperrt"),
                            ("address_changed", "E-Mail-Adresse eines Kunden auf dessen Wunsch geändert"),
                            ("period_locked", "Zeitraum abgeschlossen"),
                            ("books_read", "Zur Prüfung eingesehen"),
                            ("unknown_id", "Unbekannte oder fremde Nummer aufgerufen"),
                            ("right_missing", "Ohne das Recht dazu versucht"),
                        ],
                        max_length=40,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
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
                "ordering": ["-at", "-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "-at", "-id"], name="audit_newest_first")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="Wofür")),
                ("prefix", models.CharField(max_length=8)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("is_read_only", models.BooleanField(default=False, verbose_name="nur lesen")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="gültig bis")),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="SmallBusinessPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="gilt ab")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="gilt bis")),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="small_business_periods",
                        to="accounts.business",
                    ),
                ),
            ],
            options={
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="small_business_ends_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("valid_from", models.DateTimeField()),
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
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "number"), name="terms_version_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
