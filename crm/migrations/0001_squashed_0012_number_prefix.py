"""The first tables as one step, for a database that is made now; one that is there went the single steps, which also moved
its rows. Both end with the same tables, proven on SQLite and PostgreSQL.
"""

import accounts.validators
import crm.models.access_code
import crm.models.access_link
import crm.models.attachment
import crm.models.work_request
import django.core.validators
import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("crm", "0001_initial"),
        ("crm", "0002_delivery_and_sources"),
        ("crm", "0003_mail_files"),
        ("crm", "0004_message_position"),
        ("crm", "0005_ways_of_links"),
        ("crm", "0006_access_codes"),
        ("crm", "0007_center_and_requests"),
        ("crm", "0008_message_link_and_sender"),
        ("crm", "0009_old_answers_are_read"),
        ("crm", "0010_data_export"),
        ("crm", "0011_invoicing"),
        ("crm", "0012_number_prefix"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0013_taxation_from"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("quote", "Angebot"),
                            ("order", "Auftrag"),
                            ("invoice", "Rechnung"),
                            ("feedback", "Feedback"),
                            ("center", "Alle Unterlagen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject_id", models.PositiveBigIntegerField()),
                (
                    "public_id",
                    models.CharField(
                        default=crm.models.access_link.new_public_id, editable=False, max_length=16, unique=True
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("sent_to", models.EmailField(blank=True, max_length=254, verbose_name="gesendet an")),
                ("asks_postcode", models.BooleanField(default=False, verbose_name="fragt nach der Postleitzahl")),
                ("wrong_answers", models.PositiveSmallIntegerField(default=0)),
                ("recent_wrong_answers", models.PositiveSmallIntegerField(default=0)),
                ("paused_until", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(verbose_name="gilt bis")),
                ("revoked_at", models.DateTimeField(null=True)),
                ("seen_count", models.PositiveIntegerField(default=0)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("mail", "per E-Mail"),
                            ("link", "als Link"),
                            ("qr", "als QR-Code"),
                            ("post", "per Post"),
                            ("page", "aus „Ihre Unterlagen“"),
                        ],
                        default="mail",
                        editable=False,
                        max_length=4,
                    ),
                ),
                ("fetched_at", models.DateTimeField(null=True)),
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
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="access_link_by_subject")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="AccessCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(default=crm.models.access_code.new_nonce, editable=False, max_length=22)),
                ("wrong_answers", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
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
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="crm.accesslink"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ContactImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=160, upload_to="imports")),
                ("name", models.CharField(max_length=160, verbose_name="Dateiname")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preview", "Vorschau"),
                            ("running", "läuft"),
                            ("done", "übernommen"),
                            ("failed", "nicht übernommen"),
                        ],
                        default="preview",
                        max_length=8,
                    ),
                ),
                ("columns", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("imported_count", models.PositiveIntegerField(default=0)),
                ("errors", models.JSONField(default=list)),
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
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(editable=False, verbose_name="Kundennummer")),
                (
                    "kind",
                    models.CharField(
                        choices=[("consumer", "Privat"), ("business", "Firma"), ("public", "Öffentlich")],
                        default="consumer",
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                ("company_name", models.CharField(blank=True, max_length=160, verbose_name="Firma")),
                (
                    "salutation",
                    models.CharField(
                        blank=True,
                        choices=[("", "keine Anrede"), ("ms", "Frau"), ("mr", "Herr")],
                        max_length=4,
                        verbose_name="Anrede",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="Vorname")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="Nachname")),
                ("name", models.CharField(editable=False, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
                ("mobile", models.CharField(blank=True, max_length=40, verbose_name="Mobil")),
                ("street", models.CharField(blank=True, max_length=120, verbose_name="Straße und Hausnummer")),
                (
                    "postcode",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9A-Za-z -]{3,10}$", "Bitte prüfen Sie die Postleitzahl."
                            )
                        ],
                        verbose_name="Postleitzahl",
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="Ort")),
                ("country", models.CharField(default="DE", max_length=2, verbose_name="Land")),
                (
                    "vat_id",
                    models.CharField(
                        blank=True,
                        max_length=14,
                        validators=[accounts.validators.validate_vat_id],
                        verbose_name="USt-IdNr.",
                    ),
                ),
                ("registration_number", models.CharField(blank=True, max_length=40, verbose_name="Registernummer")),
                (
                    "leitweg_id",
                    models.CharField(
                        blank=True,
                        max_length=46,
                        validators=[accounts.validators.validate_leitweg_id],
                        verbose_name="Leitweg-ID",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "Deutsch"), ("en", "English")],
                        default="de",
                        max_length=5,
                        verbose_name="Sprache",
                    ),
                ),
                ("is_prospect", models.BooleanField(default=True, verbose_name="Interessent")),
                ("follow_up_on", models.DateField(blank=True, null=True, verbose_name="Wiedervorlage")),
                ("feedback_notice_at", models.DateTimeField(editable=False, null=True)),
                ("feedback_opt_out_at", models.DateTimeField(editable=False, null=True)),
                ("search_text", models.TextField(default="", editable=False)),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "unbekannt"),
                            ("referral", "Empfehlung"),
                            ("website", "Website"),
                            ("search", "Suche oder Karte"),
                            ("regular", "Bestandskunde"),
                            ("advert", "Anzeige"),
                            ("fair", "Messe"),
                            ("other", "Sonstiges"),
                        ],
                        max_length=10,
                        verbose_name="Wie auf uns gekommen?",
                    ),
                ),
                (
                    "contact_by",
                    models.CharField(
                        choices=[("mail", "per E-Mail"), ("phone", "am Telefon"), ("post", "per Post")],
                        default="mail",
                        max_length=5,
                        verbose_name="Wie erreichen wir Sie am liebsten?",
                    ),
                ),
                ("contact_note", models.CharField(blank=True, max_length=120, verbose_name="Wann am besten?")),
                (
                    "builder_certificate",
                    models.CharField(blank=True, max_length=60, verbose_name="Nachweis USt 1 TG, Sicherheitsnummer"),
                ),
                ("builder_from", models.DateField(blank=True, null=True, verbose_name="Nachweis USt 1 TG gültig ab")),
                ("builder_until", models.DateField(blank=True, null=True, verbose_name="Nachweis USt 1 TG gültig bis")),
                ("dunning_stop", models.CharField(blank=True, max_length=200, verbose_name="Nicht mahnen, weil")),
                (
                    "invoice_by",
                    models.CharField(
                        choices=[
                            ("mail", "als PDF per E-Mail"),
                            ("einvoice", "als E-Rechnung per E-Mail"),
                            ("portal", "zum Abruf über den Link"),
                            ("post", "auf Papier per Post"),
                        ],
                        default="mail",
                        max_length=8,
                        verbose_name="Rechnungen",
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
                "verbose_name": "Kontakt",
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "name", "id"], name="customer_by_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "number"), name="customer_number_once"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="customer_has_a_name"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ContactProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("values", models.JSONField(default=dict)),
                ("comment", models.TextField(blank=True, verbose_name="Bemerkung")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_taken_over", models.BooleanField(default=False)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="crm.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "decided_at"], name="contact_proposal_open")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ContactPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="Funktion")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="contact_persons", to="crm.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="Was")),
                ("starts_at", models.DateTimeField(verbose_name="Beginn")),
                ("ends_at", models.DateTimeField(verbose_name="Ende")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="Ort")),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="crm.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "starts_at"], name="appointment_by_start")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="appointment_ends_after_start"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="accesslink",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="access_links", to="crm.customer"
            ),
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="data_exports", to="crm.customer"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.accesslink"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DueAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("subject_id", models.PositiveBigIntegerField()),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "offen"),
                            ("done", "erledigt"),
                            ("dropped", "nicht mehr nötig"),
                            ("failed", "fehlgeschlagen"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
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
                    "subject_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["state", "due_at"], name="due_action_open")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "kind", "subject_type", "subject_id", "due_on"),
                        name="due_action_once_per_day",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("to", models.EmailField(max_length=254, verbose_name="an")),
                ("sender_name", models.CharField(max_length=160)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("subject_line", models.CharField(max_length=200, verbose_name="Betreff")),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("unsubscribe_url", models.CharField(blank=True, max_length=300)),
                ("about_id", models.PositiveBigIntegerField(null=True)),
                ("message_id", models.CharField(max_length=120, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "wartet"),
                            ("sending", "wird gesendet"),
                            ("sent", "gesendet"),
                            ("failed", "nicht zugestellt"),
                            ("bounced", "Adresse weist ab"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("is_automatic", models.BooleanField(default=False)),
                (
                    "about_type",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="crm.customer"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="crm.accesslink",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["state", "next_try_at"], name="mail_outbox"),
                    models.Index(fields=["about_type", "about_id"], name="mail_by_subject"),
                    models.Index(
                        condition=models.Q(("is_automatic", True)),
                        fields=["customer", "created_at"],
                        name="mail_automatic",
                    ),
                    models.Index(
                        condition=models.Q(("state", "bounced")), fields=["business", "to"], name="mail_refused"
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="MailAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=80)),
                ("storage_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
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
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="crm.mail"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.PositiveBigIntegerField()),
                ("text", models.TextField(verbose_name="Nachricht")),
                ("author_name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("position", models.CharField(blank=True, max_length=20)),
                ("position_text", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.CharField(
                        choices=[("page", "auf der Seite"), ("mail", "per E-Mail")], default="page", max_length=4
                    ),
                ),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("sent_from", models.EmailField(blank=True, max_length=254)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="crm.customer"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.accesslink"
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "created_at"], name="message_by_subject"),
                    models.Index(fields=["business", "read_at"], name="message_unread"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("business", "external_id"),
                        name="message_mail_once",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="Notiz")),
                ("is_from_site", models.BooleanField(default=False)),
                ("client_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="crm.customer"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "client_id"), name="note_sent_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "Foto"), ("pdf", "PDF"), ("office", "Office-Datei"), ("mail", "E-Mail")],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="Dateiname")),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(max_length=160, upload_to=crm.models.attachment.storage_key)),
                ("preview", models.FileField(blank=True, max_length=160, upload_to=crm.models.attachment.storage_key)),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("is_shared", models.BooleanField(default=False, verbose_name="Kunde darf sehen")),
                ("client_id", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="crm.customer"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="crm.message",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="crm.note",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "client_id"), name="attachment_sent_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="NumberRange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "Kundennummern"),
                            ("quote", "Angebote"),
                            ("order", "Aufträge"),
                            ("invoice", "Rechnungen"),
                            ("delivery", "Lieferscheine"),
                        ],
                        max_length=10,
                        verbose_name="Belegart",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(default=0, verbose_name="Jahr")),
                (
                    "prefix",
                    models.CharField(
                        blank=True,
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9$&%*+\\-/]*$",
                                "Bitte nehmen Sie nur Buchstaben ohne Umlaute, Ziffern und $ & * + - /.",
                            )
                        ],
                        verbose_name="Anfang",
                    ),
                ),
                ("last", models.PositiveBigIntegerField(default=0, verbose_name="zuletzt vergeben")),
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
                    models.UniqueConstraint(fields=("business", "kind", "year"), name="number_range_once_per_year")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="Bezeichnung")),
                ("street", models.CharField(max_length=120, verbose_name="Straße und Hausnummer")),
                (
                    "postcode",
                    models.CharField(
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9A-Za-z -]{3,10}$", "Bitte prüfen Sie die Postleitzahl."
                            )
                        ],
                        verbose_name="Postleitzahl",
                    ),
                ),
                ("city", models.CharField(max_length=80, verbose_name="Ort")),
                ("country", models.CharField(default="DE", max_length=2, verbose_name="Land")),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="sites", to="crm.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["label"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="Tag")),
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
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("business", "name"), name="tag_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="CustomerTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="customer_tags", to="crm.customer"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="customer_tags", to="crm.tag"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "constraints": [models.UniqueConstraint(fields=("customer", "tag"), name="customer_tag_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=60)),
                ("subject_id", models.PositiveBigIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="timeline", to="crm.customer"
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["customer", "-at", "-id"], name="timeline_newest_first")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Todo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200, verbose_name="Aufgabe")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="fällig am")),
                ("remind_at", models.DateTimeField(blank=True, null=True, verbose_name="erinnern am")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("done_at", models.DateTimeField(editable=False, null=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("about_id", models.PositiveBigIntegerField(editable=False, null=True)),
                (
                    "about_type",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contenttypes.contenttype",
                    ),
                ),
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
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="todos",
                        to="crm.customer",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), "pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["business", "done_at", "due_on"], name="todo_open_by_day"),
                    models.Index(fields=["about_type", "about_id"], name="todo_by_subject"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="VatIdCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vat_id", models.CharField(max_length=14, verbose_name="USt-IdNr.")),
                (
                    "result",
                    models.CharField(
                        choices=[("valid", "gültig"), ("invalid", "ungültig")], max_length=8, verbose_name="Ergebnis"
                    ),
                ),
                ("request_id", models.CharField(blank=True, max_length=60, verbose_name="Vorgangsnummer")),
                ("checked_at", models.DateTimeField(verbose_name="geprüft am")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="vat_id_checks", to="crm.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["-checked_at", "-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="WorkRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("center", "aus „Ihre Unterlagen“"), ("website", "über die Website")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "neu"), ("answered", "beantwortet"), ("dismissed", "verworfen")],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telefon")),
                ("street", models.CharField(blank=True, max_length=120, verbose_name="Straße und Hausnummer")),
                ("postcode", models.CharField(blank=True, max_length=10, verbose_name="Postleitzahl")),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="Ort")),
                ("text", models.TextField(verbose_name="Worum geht es?")),
                ("wanted_when", models.CharField(blank=True, max_length=120, verbose_name="Wann passt es?")),
                ("repeats", models.CharField(blank=True, max_length=200, verbose_name="Noch einmal wie")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_requests",
                        to="crm.customer",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "indexes": [models.Index(fields=["business", "state", "-created_at"], name="work_request_by_state")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="WorkRequestPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160)),
                ("file", models.FileField(max_length=160, upload_to=crm.models.work_request.storage_key)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="crm.workrequest"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "base_manager_name": "unscoped",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
