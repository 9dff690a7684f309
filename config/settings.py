"""Settings. Everything that differs between installations comes from the environment (docs/deploy.md lists it)."""

import os
from pathlib import Path

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)

PRODUCTION = env.flag("PRODUCTION")
DEBUG = env.flag("DEBUG")
TESTING = "PYTEST_VERSION" in os.environ

SECRET_KEY = env.secret_key(VAR_DIR) if not PRODUCTION else os.environ["SECRET_KEY"]
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")

PORT = os.environ.get("PORT", "8000")
# Links in mails and documents are built from this alone, never from a request (a forged Host header cannot change them).
PUBLIC_BASE_URL = os.environ.get("PUBLIC_BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL] if PUBLIC_BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "accounts",
    "crm",
    "billing",
    "portal",
    "feedback",
    "config",
]

MIDDLEWARE = [
    "config.middleware.headers",
    "config.middleware.no_nulls",
    "crm.link_pages.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.current_business",
    "config.middleware.refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.current",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'handschlag.sqlite3'}")
DATABASES = {
    "default": env.database(DATABASE_URL, pool_size=0 if TESTING else int(os.environ.get("DATABASE_POOL", "8")))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "handschlag"}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Uploaded and issued files: never below a public folder, always handed out by a view that asks who is there.
# On disk, or at an S3 service that STORAGE_URL names (config/env.py).
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": env.storage(os.environ.get("STORAGE_URL", "")),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING or DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a quote of 300 lines has 15 fields each
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "crm.upload_limit.LimitedBody",  # first: a body that is too long is refused unread
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- background work ----------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "whole-files://"  # config/file_broker.py
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_TASK_ALWAYS_EAGER = False
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": 900,
        "unacked_restore_interval": 30,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
    }
    CELERY_TASK_PUBLISH_RETRY = False  # a lost kick is harmless: the sweep finds the row
else:
    queue_dir, control_dir = VAR_DIR / "celery" / "queue", VAR_DIR / "celery" / "control"
    queue_dir.mkdir(parents=True, exist_ok=True)
    control_dir.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(queue_dir),
        "data_folder_out": str(queue_dir),
        "control_folder": str(control_dir),
        "polling_interval": 0.1,
    }
# What customers are told about an order waits so long for more of it, to leave as one mail; 0: each leaves at once.
ORDER_NEWS_MINUTES = int(os.environ.get("ORDER_NEWS_MINUTES", "10"))
# Celery only wakes up: what is due stands in rows (outbox, due list).
CELERY_BEAT_SCHEDULE = {
    "send what the accounts have to tell": {"task": "accounts.tasks.sweep", "schedule": 300.0},
    "sweep the outbox": {"task": "crm.tasks.sweep_outbox", "schedule": 60.0},
    "work off what is due": {"task": "crm.tasks.work_due", "schedule": 60.0},
    "know the words of contacts": {"task": "crm.tasks.refresh_search_words", "schedule": 86400.0},
    "render missing documents": {"task": "billing.tasks.render_missing", "schedule": 60.0},
    "book certain bank entries": {"task": "billing.tasks.match_bank_statements", "schedule": 300.0},
    "note what became of confirmations": {"task": "billing.tasks.note_confirmations", "schedule": 60.0},
    "close expired quotes": {"task": "billing.tasks.expire_quotes", "schedule": 300.0},
    # each morning and again: what was not allowed at one hour may be at the next (crm.mail_limits)
    "send letters of reminder": {"task": "billing.tasks.send_dunning_letters", "schedule": 3600.0},
    "put together what waits for the tax office": {"task": "billing.tasks.export_what_waits", "schedule": 300.0},
    "bill what comes again and again": {"task": "billing.tasks.bill_standing_invoices", "schedule": 600.0},
    "follow up on quotes": {"task": "billing.tasks.plan_follow_ups", "schedule": 300.0},
    "plan feedback requests": {"task": "feedback.tasks.plan_requests", "schedule": 300.0},
}

# --- where the data lie -------------------------------------------------------------------------------------------------
# Country code of the place the database and the files are kept at: said in the procedure documentation (§ 146 (2a), (2b) AO).
HOSTING_COUNTRY = os.environ.get("HOSTING_COUNTRY", "DE").upper()

# --- mail ---------------------------------------------------------------------------------------------------------------
for _name, _value in env.mail(os.environ.get("EMAIL_URL", f"file://{VAR_DIR / 'mails'}")).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Handschlag <post@handschlag.example>")

# Envelope sender of mails to customers: what comes back is piped to `manage.py receive_mail`. Its server must take
# "rueck+anything@…" for "rueck@…". Empty: bounces go to DEFAULT_FROM_EMAIL and find their mail by its Message-ID.
MAIL_RETURN_PATH = os.environ.get("MAIL_RETURN_PATH", "")

# Answers to mails of a conversation come here and are piped to the same command. Its server must take
# "antwort+anything@…" for "antwort@…". Empty: they go to the business's own address.
MAIL_REPLY_ADDRESS = os.environ.get("MAIL_REPLY_ADDRESS", "")

# Suppliers' invoices come to "eingang+…@…" of this address and are piped to the same command. Empty: no such mails.
MAIL_INVOICE_ADDRESS = os.environ.get("MAIL_INVOICE_ADDRESS", "")

# What is asked first about a mail that came in; crm does not know those above it. Each returns a line, or None.
MAIL_TAKERS = ["billing.incoming_mail.receive"]

# --- people -------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
AUDITOR_REDIRECT_URL = "billing:audit_books"  # who may read the books and nothing else begins there
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.signup.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PUBLIC_BASE_URL.split(":")[0]
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
if TESTING:
    ACCOUNT_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Handschlag"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # passkeys on http://localhost in the demo
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # Redis may go away; nobody is signed out by that
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

# --- language and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# --- API ----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.TokenAuthentication", "accounts.api.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.HasRight"],
    "DEFAULT_PAGINATION_CLASS": "accounts.api.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Handschlag API",
    "DESCRIPTION": "Contacts, quotes, orders and invoices of one business. The same verbs as the browser uses.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "DeclineReasonEnum": "billing.models.Quote.Reason",
        "ContactKindEnum": "crm.models.Customer.Kind",
        "InvoiceKindEnum": "billing.models.Invoice.Kind",
        "LineKindEnum": "billing.models.line.DocumentRow.KINDS",
        "QuoteKindEnum": "billing.models.Quote.Kind",
        "QuoteStateEnum": "billing.models.Quote.State",
        "OrderStateEnum": "billing.models.Order.State",
        "InvoiceStateEnum": "billing.models.Invoice.State",
    },
}

# --- wiring by name: what lower apps may not import ---------------------------------------------------------------------
# Customer's page of an access link (crm builds links, portal shows them).
ACCESS_LINK_URL = "portal:enter"
LINK_HOME, LINK_GATE, LINK_CODE, LINK_RENEW = "portal:home", "portal:gate", "portal:code", "portal:renew"
QUOTE_START = "billing:quote_create"  # where a quote begins; ?kunde= names the contact
# what a task can be about: its name in addresses -> the model, and the right to see it
TODO_SUBJECTS = {
    "quote": ("billing.Quote", "see_money"),
    "order": ("billing.Order", "see_orders"),
    "invoice": ("billing.Invoice", "see_money"),
}
PAYMENT_MESSAGES = "portal:payment_message"  # where providers of online payment tell what happened
ON_SITE_PAGE = "portal:acceptance_on_site"  # a quote on the tablet at the customer's
# purpose of a link -> the page it opens
LINK_PAGES = {
    "quote": "portal:quote",
    "order": "portal:order",
    "invoice": "portal:invoice",
    "feedback": "feedback:answer",
    "date": "portal:arrangement",
    "center": "portal:center",
}
# kind of a due row -> the function that works it off, in the context of its business.
DUE_HANDLERS = {
    "crm.todo_reminder": "crm.reminders.remind_of_todo",
    "crm.vat_id_question": "crm.vat_id_checks.ask_again",
    "crm.appointment_news": "crm.appointment_news.tell_due",
    "crm.appointment_in_two_days": "crm.appointment_news.remind_early",
    "crm.appointment_in_hours": "crm.appointment_news.remind",
    "crm.request_forget": "crm.work_requests.forget",
    "crm.certificate_ends": "crm.certificates.remind",
    "crm.disclosure": "crm.disclosures.build",
    "crm.disclosure_gone": "crm.disclosures.forget",
    "crm.erase_rest": "crm.erasure.finish",
    "billing.call_promised": "billing.promises.remind",
    "billing.quote_unseen": "billing.follow_ups.remind_unseen",
    "billing.quote_unseen_task": "billing.follow_ups.ask_about_unseen",
    "billing.quote_silent": "billing.follow_ups.remind_silent",
    "billing.quote_silent_task": "billing.follow_ups.ask_about_silent",
    "billing.quote_expiring": "billing.follow_ups.remind_of_expiry",
    "billing.order_news": "billing.order_news.tell_due",
    "billing.arrival_missing": "billing.arrival_proofs.remind",
    "billing.invoice_deadline": "billing.invoice_deadlines.remind",
    "billing.invoice_overdue": "billing.invoices.remind_of_payment",
    "billing.sign_off_deadline": "billing.sign_off_periods.pass_deadline",
    "billing.warranty_ending": "billing.sign_off_periods.remind_of_warranty",
    "billing.online_payment": "billing.online.payments.ask_again",
    "feedback.request": "feedback.requests.send_due",
    "portal.data_export": "portal.data_exports.build",
    "portal.data_export_gone": "portal.data_exports.forget",
}
# Where providers of online payment answer, and where the pages are that customers are sent to (tests: a local fake).
ONLINE_PAYMENT = {
    "stripe": {
        "api": os.environ.get("STRIPE_API_URL", "https://api.stripe.com"),
        "pages": os.environ.get("STRIPE_PAGES_URL", "https://checkout.stripe.com"),
    },
    "paypal": {
        "api": os.environ.get("PAYPAL_API_URL", "https://api-m.paypal.com"),
        "pages": os.environ.get("PAYPAL_PAGES_URL", "https://www.paypal.com"),
    },
}
# what a table can be taken over as, in this order (crm/imports.py)
TABLE_IMPORTS = {
    "contacts": "crm.contact_imports.Contacts",
    "articles": "billing.catalogue_imports.Articles",
    "open_items": "billing.opening_imports.OpenItems",
}
# what of a contact must be kept by law; who received his data and what else is known; called before kept papers are deleted
# because their time has passed (crm/erasure.py, crm/disclosures.py)
RETENTION_SOURCES = ["billing.privacy.kept_of"]
DISCLOSURE_SOURCES = ["billing.privacy.told"]
BEFORE_ERASING = ["billing.privacy.note_end"]
# where the Federal Central Tax Office answers questions about VAT IDs (crm/vat_office.py; tests: a local fake)
VAT_OFFICE_API = os.environ.get("EVATR_API_URL", "https://api.evatr.vies.bzst.de")
# called with a file after somebody said whether its customer may see it
WHEN_SHARED = ["billing.order_photos.follow_sharing"]
# called with two tags after everything that carried the first carries the second
WHEN_TAGS_MERGE = ["crm.segments.follow_tags"]
# what the search field finds, kinds that fit equally well in this order: functions of what was asked (crm.search)
SEARCH_SOURCES = [
    "crm.search.contacts",
    "billing.search.documents",
    "crm.search.notes",
    "crm.search.files",
    "crm.search.messages",
]
# what contacts are selected by for a segment, in the order of its page (crm.segments)
SEGMENT_CRITERIA = [
    "crm.segment_criteria.Kind",
    "crm.segment_criteria.Tags",
    "crm.segment_criteria.Region",
    "billing.segment_criteria.Standing",
    "crm.segment_criteria.LastContact",
    "billing.segment_criteria.OpenQuote",
    "billing.segment_criteria.Revenue",
    "billing.segment_criteria.Margin",
    "feedback.segment_criteria.Score",
]
# entry of the office menu -> who says what waits behind it: a function of the member that returns selections
NAV_COUNTERS = {
    "today": "config.pages.waiting_today",
    "requests": "crm.work_requests.waiting",
    "messages": "crm.agenda.open_questions",
    "quotes": "billing.waiting.open_quotes",
    "orders": "billing.waiting.running_orders",
    "invoices": "billing.waiting.late_invoices",
    "feedback": "feedback.figures.fresh_answers",
}

# --- safety -------------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
USE_X_FORWARDED_HOST = False
# HSTS for subdomains and the preload list are for the owner of the domain to decide, not for one host on it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# Number of trusted proxies in front; the client's address is taken that far from the right of X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "1" if PRODUCTION else "0"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "config.logs.HideTokens"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "kombu.connection": {"level": "ERROR"},
        # the web server's own handlers would not hide the tokens in addresses
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        "gunicorn.access": {"handlers": ["console"], "propagate": False},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
