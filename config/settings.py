"""Settings, all from the environment; `.env.example` lists every variable with its meaning."""

import hmac
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from structlog.typing import Processor

from config.logging import without_secrets, without_values

# Makes Django's generic classes, such as `ModelAdmin[Contact]`, subscriptable at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- The installation ---------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Blacklists and opt-outs recognise erased people's addresses by it: it must outlive changes of the other key.
DIGEST_KEY = hmac.digest((env.str("DIGEST_KEY", default="") or SECRET_KEY).encode(), b"rapport.digests", "sha256")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname or "localhost", "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
VAR = Path(env.str("RAPPORT_VAR", default=str(BASE_DIR / "var"))).resolve()
TRANSFERS_ROOT = VAR / "transfers"
# Not in the database: it tells a restored one who has been erased since.
ERASURES_LEDGER = Path(env.str("ERASURES_LEDGER", default=str(VAR / "erasures.jsonl")))

# National phone numbers are read in this region (ISO 3166-1); empty: only international numbers are accepted.
DEFAULT_REGION = env.str("DEFAULT_REGION", default="UA").upper()
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Parts ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "subscriptions",
    "segments",
    "scoring",
    "notes",
    "messaging",
    "contacts",
    "activity",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "config.apps.SignInsConfig",
    "csp",
    "django_htmx",
    "django_structlog",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ClientAddress",
    "config.metrics.RequestMetrics",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.RequestLog",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.ViewerTimeZone",
    "config.middleware.PrivatePages",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
            ],
        },
    },
]

# --- PostgreSQL and the broker -------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///rapport")}
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=300),
    CONN_HEALTH_CHECKS=True,
    OPTIONS={"connect_timeout": 5, "application_name": "rapport", **DATABASES["default"].get("OPTIONS", {})},
)
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

# The broker only wakes workers (work is claimed in PostgreSQL): results, ETAs and late acknowledgements have no use.
CELERY = {
    "broker_url": REDIS_URL,
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {"visibility_timeout": 300, "socket_connect_timeout": 5, "socket_timeout": 10},
    "visibility_timeout": 300,
    "accept_content": ["json"],
    "task_serializer": "json",
    "task_ignore_result": True,
    "task_routes": {tasks: {"queue": "segments"} for tasks in ("segments.tasks.*", "scoring.tasks.*")},
    "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    "worker_prefetch_multiplier": 1,
    "worker_soft_shutdown_timeout": 10,
    "worker_hijack_root_logger": False,
    "worker_max_memory_per_child": 1_000_000,
    "beat_schedule_filename": str(VAR / "run" / "celerybeat"),
    "timezone": "UTC",
}

# --- Files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
# On the same disk as where an upload ends up, so that keeping it is a rename.
FILE_UPLOAD_TEMP_DIR = VAR / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# An email has 1 MB at most, of which a form makes three times as much where it is not ASCII.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024**2
# How long a silent worker keeps its transfer before another takes over.
TRANSFER_LEASE_SECONDS = env.float("TRANSFER_LEASE_SECONDS", default=30)
# Events of earlier months than so many are dropped; 0: they are kept for ever.
EVENTS_KEEP_MONTHS = env.int("EVENTS_KEEP_MONTHS", default=0)
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=2 * 1024**3)

# --- Messages ------------------------------------------------------------------------------------------------------
# One mail server, as smtp+tls://user:password@host:587; without one mails stay in the sandbox.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    _mail = env.email("EMAIL_URL")
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"] or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
# Or any of Django's mail backends (anymail.backends.mailgun.EmailBackend). Not EMAIL_BACKEND, which tests replace.
MAIL_BACKEND = env.str("EMAIL_BACKEND", default="")
# What anymail's backends and webhooks want (anymail.dev/en/stable/installation/): ANYMAIL_MAILGUN_API_KEY and the like.
ANYMAIL: dict[str, Any] = {
    "IGNORE_RECIPIENT_STATUS": True,
    "IGNORE_UNSUPPORTED_FEATURES": True,
    "REQUESTS_TIMEOUT": (5, 15),
    **{name.removeprefix("ANYMAIL_"): text for name, text in env.ENVIRON.items() if name.startswith("ANYMAIL_")},
}
# Where mails come back that other servers cannot deliver after all: with +… behind its name it is their return path.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")
# They are fetched from here, as imaps://user:password@host/INBOX, or the mail server posts them to /hooks/smtp/.
BOUNCES_IMAP_URL = env.str("BOUNCES_IMAP_URL", default="")
BOUNCES_SECRET = env.str("BOUNCES_SECRET", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"rapport@{_site.hostname or 'localhost'}")
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
# Another address than Twilio's own, such as that of a region.
TWILIO_API = env.str("TWILIO_API", default="")
# A phone number in E.164 form, a sender's name, or the number of a messaging service (MG…).
TWILIO_SENDER = env.str("TWILIO_SENDER", default="")
TELEGRAM_TOKEN = env.str("TELEGRAM_TOKEN", default="")
TELEGRAM_API = env.str("TELEGRAM_API", default="")
# The bot's name, for links by which people start it.
TELEGRAM_BOT = env.str("TELEGRAM_BOT", default="")
# What Telegram sends back with each update, as `secret_token` of setWebhook.
TELEGRAM_SECRET = env.str("TELEGRAM_SECRET", default="")
VIBER_TOKEN = env.str("VIBER_TOKEN", default="")
VIBER_API = env.str("VIBER_API", default="")
# Whom messages come from where the list names no company, and the bot's URI in links.
VIBER_NAME = env.str("VIBER_NAME", default="Rapport")
VIBER_BOT = env.str("VIBER_BOT", default="")
# Web push: the private key that `manage.py webpush_keys` makes, and where push services reach us (mailto: or https:).
WEBPUSH_PRIVATE_KEY = env.str("WEBPUSH_PRIVATE_KEY", default="")
WEBPUSH_SUBJECT = env.str("WEBPUSH_SUBJECT", default=f"mailto:{DEFAULT_FROM_EMAIL}")
# Sites whose pages let people join, as https://shop.example.
WEBPUSH_ORIGINS = [each.rstrip("/") for each in env.list("WEBPUSH_ORIGINS", default=[])]
# How long a push service keeps what it cannot deliver.
WEBPUSH_TTL_SECONDS = env.int("WEBPUSH_TTL_SECONDS", default=24 * 3600)
# Push services that may be elsewhere than at public addresses, or without https, as http://127.0.0.1:9000.
WEBPUSH_TRUSTED = env.list("WEBPUSH_TRUSTED", default=[])
_WEBPUSH = "messaging.providers.webpush.provider.WebPush"
SANDBOX = "messaging.providers.sandbox.provider.Sandbox"
_MAIL = "messaging.providers.smtp.provider.Smtp" if EMAIL_URL else SANDBOX
if MAIL_BACKEND:
    _MAIL = "messaging.providers.backend.provider.DjangoMail"
    if MAIL_BACKEND.startswith("anymail.backends."):
        _MAIL = f"messaging.providers.esp.provider.Esp:{MAIL_BACKEND.split('.')[2]}"
# Channel: who sends by it.
MESSAGE_PROVIDERS = {
    "email": _MAIL,
    "sms": "messaging.providers.twilio.provider.Twilio" if TWILIO_ACCOUNT_SID else SANDBOX,
    "telegram": "messaging.providers.telegram.provider.Telegram" if TELEGRAM_TOKEN else SANDBOX,
    "desktop-webpush": _WEBPUSH if WEBPUSH_PRIVATE_KEY else SANDBOX,
    "mobile-webpush": _WEBPUSH if WEBPUSH_PRIVATE_KEY else SANDBOX,
    "viber": "messaging.providers.viber.provider.Viber" if VIBER_TOKEN else SANDBOX,
}
# By the first of them credentials that people enter in the admin are encrypted; all of them can open them.
CREDENTIAL_KEYS = env.list("CREDENTIAL_KEYS", default=[]) or [SECRET_KEY]
# How many calls may be under way at once on each channel, of all workers together.
DELIVERY_CONCURRENCY = env.int("DELIVERY_CONCURRENCY", default=4)
# How many messages a worker claims at once.
DELIVERY_BATCH = 50
# How long a silent worker keeps its messages; longer than any call of a provider takes.
DELIVERY_LEASE_SECONDS = env.float("DELIVERY_LEASE_SECONDS", default=90)
# The first wait of a message that was refused for now; each later one is twice as long, to four hours.
DELIVERY_RETRY_SECONDS = env.float("DELIVERY_RETRY_SECONDS", default=60)
# Provider: how many messages a second all workers together may give it, as in DELIVERY_RATES=smtp=50;twilio=10.
DELIVERY_RATES = env.dict("DELIVERY_RATES", cast={"value": float}, default={})

# --- People and security -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "config.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "config.backends.StaffBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}}]
# Not in cookies: messages name people.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/contacts/"
ACCOUNT_ADAPTER = "config.accounts.StaffOnly"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# Failures at one account are counted by axes, in the database; this is for one address that tries many accounts.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,60/h/key"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Rapport"
# The code before the present one is taken too: who types slowly is not told that it is wrong.
MFA_TOTP_TOLERANCE = 1
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURES", default=8)
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "config.accounts.tried_account"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = False
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=14 * 24 * 3600)
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

if _site.scheme == "https":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Profile pictures come from wherever the customer keeps them.
        "img-src": [SELF, "https:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# How many proxies in front of the site add to X-Forwarded-For; without one, nobody's word about addresses counts.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Logs: one JSON object a line, with the request's id and no personal data ---------------------------------------
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True

_shared_processors: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_values,
                without_secrets,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *_shared_processors],
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Wake-ups come every few seconds; only what goes wrong with them is news.
        "celery": {"level": "WARNING"},
        "django_structlog.celery": {"level": "WARNING"},
        # It would tell whole addresses, and Telegram's holds the token of the bot.
        "httpx2": {"level": "WARNING"},
        # Its failures are kept in its own table; the log lines would hold user names and addresses.
        "axes": {"level": "ERROR"},
        # Of a failed task it quotes the exception's message; django-structlog's `task_failed` tells the same without.
        "celery.app.trace": {"level": "CRITICAL"},
    },
}
