"""The portal's settings: read from the environment, checked, then laid out for Django.

docs/operations.md lists every variable. A wrong value stops the process with one plain message
that names each variable at fault.
"""

import logging
import os
import sys
from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import EnvValidationError, validate

from hcpcs_portal import __version__, environment

BASE_DIR = Path(__file__).resolve().parent.parent

# What the operator says. Nothing below this block reads the environment.

env = environment.reader()

DEBUG = env.bool("DEBUG", False)
HTTPS = env.bool("HTTPS", False)
PORT = env.int("PORT", 8000, validate=validate.Range(1, 65535))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "")
CPT_DISPLAY = env.str(
    "CPT_DISPLAY", "labels", validate=validate.OneOf(["labels", "numbers", "off"])
)
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
DATABASE = env.database_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
DATABASE_POOL = env.int("DATABASE_POOL", 8, validate=validate.Range(1, 100))
REDIS_URL = env.redis_url("REDIS_URL", "")
MAIL_SERVER = env.email_url("EMAIL_URL", "")
CONTACT_EMAIL = env.email_address("CONTACT_EMAIL", "")
CONTACT_KEEP_DAYS = env.int("CONTACT_KEEP_DAYS", 180, validate=validate.Range(1, 365))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "portal@localhost", validate=validate.Email())
REQUIRE_TOTP = env.bool("REQUIRE_TOTP", HTTPS and not DEBUG)
SECRET_KEY = env.secret_key(
    "SECRET_KEY",
    "",
    kept_in=VAR_DIR / "secret_key",
    required="DATABASE_URL" in os.environ and not DEBUG,
)

try:
    env.seal()
except EnvValidationError as error:
    sys.exit(environment.complaint(error))

# Applications

INSTALLED_APPS = [
    "hcpcs_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "axes",
    "hcpcs_portal.apps.PortalStaticFilesConfig",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "codes",
    "guidance",
    "hcpcs_portal",
]

MIDDLEWARE = [
    # First, so that what the ones below answer by themselves carries the policy too.
    "csp.middleware.CSPMiddleware",
    "hcpcs_portal.middleware.TrustedProxyMiddleware",
    "hcpcs_portal.middleware.BodySizeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last, since it answers in place of the page that refused the password.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hcpcs_portal.urls"
WSGI_APPLICATION = "hcpcs_portal.wsgi.application"

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

# The composer of the entry document: the one tie from the public side to the editors' side.
ENTRY_COMPOSER = "guidance.entry.compose"

# Database

if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = DATABASE.get("OPTIONS", {}) | {
        "pool": {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 10},
    }

DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Tasks and caches. Sessions stay in the database, so that losing Redis signs nobody out.

# Celery's name for a Redis on a socket file differs from everyone else's.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "America/New_York"
# Missed minutes are not made up for: each run does all that is due by then.
EVERY_MINUTE = {"schedule": crontab(), "options": {"expires": 60}}
CELERY_BEAT_SCHEDULE = {
    "due entries": {"task": "codes.tasks.publish_due_entries"} | EVERY_MINUTE,
    "contact requests": {"task": "codes.tasks.mail_requests"} | EVERY_MINUTE,
    "scheduled guidance": {"task": "guidance.tasks.publish_scheduled_guidance"} | EVERY_MINUTE,
    "stale entries": {
        "task": "codes.tasks.report_stale_entries",
        "schedule": crontab(hour="3", minute="30"),
    },
    "old counts": {
        "task": "codes.tasks.forget_old_counts",
        "schedule": crontab(hour="3", minute="40"),
    },
    "old contact requests": {
        "task": "codes.tasks.forget_old_requests",
        "schedule": crontab(hour="3", minute="45"),
    },
    "editorial checks": {
        "task": "guidance.tasks.refresh_findings",
        "schedule": crontab(hour="3", minute="50"),
    },
}

# How often a process writes down what its readers asked for; 0 for never.
SECONDS_BETWEEN_COUNTS = 60

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Mail to staff: invitations and forgotten passwords. Without a server it is kept in files, and the
# administrator who invites is shown the link to pass on.

if MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = MAIL_SERVER["EMAIL_HOST"]
    EMAIL_PORT = MAIL_SERVER["EMAIL_PORT"]
    EMAIL_HOST_USER = MAIL_SERVER["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = MAIL_SERVER["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = MAIL_SERVER["EMAIL_USE_TLS"]
    EMAIL_USE_SSL = MAIL_SERVER["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10

# Language and time

LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/New_York"
USE_I18N = False
USE_TZ = True

# Static files

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hcpcs_portal.storage.StaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Security. No inline script or style, no nonce: pages stay the same bytes for everyone.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = ["^(livez|readyz)$"]
X_FRAME_OPTIONS = "DENY"

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
OTP_TOTP_ISSUER = "HCPCS Portal"

# Guessing: an account is locked to an address that has been wrong so often, and to that one alone, so
# that nobody can lock out another. The second step has a brake of its own (django-otp).
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "hcpcs_portal.sign_in.network_of_visitor"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A CMS release is a few megabytes zipped, and less than 20 as a text or a spreadsheet.
MAX_BODY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# The REST interface: JSON for anyone, without sessions.

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "hcpcs_portal.api.problem",
    # An unknown parameter is refused; this one would be taken before we look.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "HCPCS Portal",
    "VERSION": __version__,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": ["hcpcs_portal.api.complete_schema"],
}

# Logging

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Django's own handlers would print each line a second time and mail the administrators.
    "loggers": {"django": {"handlers": [], "level": LOG_LEVEL}},
}
