"""All settings, from the environment, in this one file. docs/settings.md lists the variables.

Nothing set: local mode with SQLite in var/, debug off, secrets made once and kept in var/keys.
STATION_MODE=production: every secret must be given; nonsense stops the start with a clear error.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import SELF
from django.contrib.messages.constants import WARNING
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from station.environment import (
    address,
    choice,
    cron,
    env,
    flag,
    hours,
    needed,
    number,
    price,
    table,
)
from station.keys import data_keys, key_secret, text_secret

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("STATION_VAR") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

MODE = choice("STATION_MODE", "local", {"local", "production"})
PRODUCTION = MODE == "production"
DEBUG = flag("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG=true is refused in production: error pages would show data.")

# --- secrets -------------------------------------------------------------------------------------
_keys: Any = {"folder": VAR_DIR / "keys", "production": PRODUCTION}
SECRET_KEY = text_secret("SECRET_KEY", env.str("SECRET_KEY", default=""), **_keys)
# encrypt fields and files: the first seals, all open (docs/keys.md)
DATA_KEYS = data_keys(
    one=env.str("DATA_KEY", default=""),
    several=env.str("DATA_KEYS", default=""),
    file=env.str("DATA_KEYS_FILE", default=""),
    **_keys,
)
LOOKUP_KEY = key_secret("LOOKUP_KEY", env.str("LOOKUP_KEY", default=""), **_keys)  # keyed hashes
PASS_KEY = key_secret("PASS_KEY", env.str("PASS_KEY", default=""), **_keys)  # Ed25519 seed

# --- where it listens ----------------------------------------------------------------------------
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{number('PORT', 8000)}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost"])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name this site's host names in production.")
if PRODUCTION and not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must start with https:// in production.")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if PRODUCTION else []
ROOT_URLCONF = "station.urls"
WSGI_APPLICATION = "station.wsgi.application"

# --- applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "bookings",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "csp",
    "django_q",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bookings.core.headers.ApartMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "station.middleware.KnownMethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "station.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bookings.people.middleware.MembershipMiddleware",
    "bookings.core.origin.OriginMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["bookings.templatetags.look", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bookings.places.context.site",
                "bookings.people.roles.navigation",
                "bookings.eligibility.context.reviews",
            ],
        },
    }
]
FORM_RENDERER = "station.forms.Renderer"

# --- database ------------------------------------------------------------------------------------
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;"
    "PRAGMA cache_size=-10000;PRAGMA journal_size_limit=27103364;"
)


def database() -> dict[str, object]:
    """The one database: DATABASE_URL (postgres:// or sqlite://), else SQLite in var/.

    On SQLite every transaction takes the write lock at its start (IMMEDIATE): it is the lock that
    `select_for_update` is on PostgreSQL.
    """
    url = env.str("DATABASE_URL", default="")
    if not url:
        url = f"sqlite:///{VAR_DIR / 'station.sqlite3'}"
    if not url.startswith(("postgres://", "postgresql://", "sqlite:///")):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or sqlite:///.")
    config: dict[str, object] = env.db_url_config(url)
    if not config.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database.")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        }
        # a file, not memory: tests race several connections
        config["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- cache, sessions -----------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
_cache: dict[str, Any] = (
    {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    # several processes on one machine must count sign-in attempts together
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # or who knocks often pushes out what was counted
    }
)
# counting on keeps no lifetime of its own on every backend: the longest count is a day's
CACHES = {"default": {**_cache, "TIMEOUT": 24 * 3600}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_SERIALIZER = "bookings.core.sealed_sessions.SealedSerializer"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 14 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_TAGS = {WARNING: "warn"}  # as our notices are called
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"

# --- safety of the web ---------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from the same machine, without TLS
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
WHITENOISE_ALLOW_ALL_ORIGINS = False
if flag("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],  # and WebAssembly on the scan page: the QR decoder
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "bookings.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "after_login"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "bookings.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
# sign-up itself is closed (the adapter); a password here gives staff their password box, and a
# phone not required lets them in without one
ACCOUNT_SIGNUP_FIELDS = ["phone", "password1*"]
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # allauth wants log-in and sign-up fields to be the same
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "request_login_code": "bookings.people.forms.PhoneForm",
    "login": "bookings.people.forms.StaffLoginForm",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 0)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the other sessions end, this one goes on

# --- the second factor (docs/accounts.md) --------------------------------------------------------
STAFF_SECOND_FACTOR = flag("STAFF_SECOND_FACTOR", PRODUCTION)
MFA_ADAPTER = "bookings.people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "青年驿站"
MFA_TOTP_TOLERANCE = 1  # half a minute: telephones' clocks differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
INVITATION_DAYS = 7

# --- signing in through WeChat (docs/accounts.md) -------------------------------------------------
# `website`: a code to scan, on any screen; `official_account`: one press, inside WeChat only
WECHAT_SIGN_IN = choice("WECHAT_SIGN_IN", "none", {"none", "website", "official_account"})
SOCIALACCOUNT_ADAPTER = "bookings.people.wechat.adapter.WeChatAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "weixin": {"provider_class": "bookings.people.wechat.provider.WeChat"}
}
if WECHAT_SIGN_IN != "none":
    needed(f"WECHAT_SIGN_IN={WECHAT_SIGN_IN}", "WECHAT_SIGN_IN_APP_ID", "WECHAT_SIGN_IN_APP_SECRET")
    _inside = WECHAT_SIGN_IN == "official_account"
    SOCIALACCOUNT_PROVIDERS["weixin"] |= {
        "APP": {
            "client_id": env.str("WECHAT_SIGN_IN_APP_ID"),
            "secret": env.str("WECHAT_SIGN_IN_APP_SECRET"),
        },
        "AUTHORIZE_URL": "https://open.weixin.qq.com/connect/"
        + ("oauth2/authorize" if _inside else "qrconnect"),
        "SCOPE": ["snsapi_base" if _inside else "snsapi_login"],
    }
    # a browser holds the answer to a form to this too: the button leads there
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += ["https://open.weixin.qq.com"]

# --- how often one may knock: seconds, then times from one address and from one network ----------
LIMITS = {
    "codes": (3600, number("CODES_PER_ADDRESS", 60), number("CODES_PER_NETWORK", 300)),
    "sign-ins": (3600, number("SIGN_INS_PER_ADDRESS", 100), number("SIGN_INS_PER_NETWORK", 500)),
    "pages": (60, number("PAGES_PER_ADDRESS", 120), number("PAGES_PER_NETWORK", 1200)),
}

# in the same windows, of those not signed in, from everywhere to one process of the site: beyond it each
# waits some seconds once
TOGETHER = {
    "codes": number("CODES_TOGETHER", 150),
    "sign-ins": number("SIGN_INS_TOGETHER", 1000),
    "pages": number("PAGES_TOGETHER", 300),
}

# sign-in codes by SMS from the whole site in a day: to new numbers, and to those who have signed in
# before (docs/messages.md); 0: no limit
CODES_A_DAY = {
    "new": number("CODES_A_DAY_NEW", 1000),
    "known": number("CODES_A_DAY_KNOWN", 3000),
}

# --- language, time ------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "bookings" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
FORMAT_MODULE_PATH = ["station.formats"]

# --- files ---------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # empty until collectstatic
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "station.staticfiles.NpmFinder",
]
NPM_STATIC_FILES = {
    "npm/barcode-detector.js": "barcode-detector/dist/iife/ponyfill.js",
    "npm/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "npm/ed25519.js": "@noble/ed25519/index.js",
    "npm/idb.js": "idb/build/index.js",
}
FONT_DIR = BASE_DIR / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": {
        "BACKEND": "bookings.core.storage.EncryptedStorage",
        "OPTIONS": {"location": str(VAR_DIR / "evidence"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "station.staticfiles.ModuleStorage"},
}
EVIDENCE_MAX_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # of a form's fields; files stream to disk
DATA_UPLOAD_MAX_NUMBER_FILES = None  # Quota throws away what is too many, and the page says so
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "bookings.applications.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- how long personal data is kept, in days (docs/privacy.md) ------------------------------------
KEEP_PAPERS_DAYS = number("KEEP_PAPERS_DAYS", 90)
KEEP_IDENTITY_DAYS = number("KEEP_IDENTITY_DAYS", 180)
KEEP_MESSAGES_DAYS = number("KEEP_MESSAGES_DAYS", 90)
KEEP_DRAFTS_DAYS = number("KEEP_DRAFTS_DAYS", 30)

# --- backups (docs/operations.md) -----------------------------------------------------------------
BACKUP_DIR = Path(env.str("BACKUP_DIR", default="") or VAR_DIR / "backups")
BACKUP_CRON = cron("BACKUP_CRON", "30 2 * * *")
DRILL_CRON = cron("DRILL_CRON", "0 5 * * 0")
KEEP_BACKUPS = number("KEEP_BACKUPS", 7)
KEEP_BACKUPS_DAYS = number("KEEP_BACKUPS_DAYS", 30)
if KEEP_BACKUPS < 1:
    raise ImproperlyConfigured("KEEP_BACKUPS must be at least 1.")


# --- messages to people (docs/messages.md) -------------------------------------------------------
# `outbox`: messages only appear on the development outbox page and in the log.
SMS_CARRIER = choice(
    "SMS_CARRIER",
    "none" if PRODUCTION else "outbox",
    {"none", "outbox", "alibaba", "tencent"},
)
if PRODUCTION and SMS_CARRIER == "outbox":
    raise ImproperlyConfigured("SMS_CARRIER=outbox shows sign-in codes: refused in production.")
SMS_ACCESS_KEY: str = env.str("SMS_ACCESS_KEY", default="")
SMS_ACCESS_SECRET: str = env.str("SMS_ACCESS_SECRET", default="")
SMS_APP_ID: str = env.str("SMS_APP_ID", default="")  # Tencent's SmsSdkAppId
SMS_REGION: str = env.str("SMS_REGION", default="ap-guangzhou")  # Tencent's
SMS_SIGNATURE: str = env.str("SMS_SIGNATURE", default="青年驿站")
SMS_ENDPOINT = address("SMS_ENDPOINT", secure=PRODUCTION)  # empty: the carrier's own
SMS_TEMPLATES = table("SMS_TEMPLATES")
SMS_PRICE_FEN = price("SMS_PRICE_FEN", "4.5")
if SMS_CARRIER in ("alibaba", "tencent"):
    _gateway = ["SMS_ACCESS_KEY", "SMS_ACCESS_SECRET", "SMS_SIGNATURE", "SMS_TEMPLATES"]
    needed(
        f"SMS_CARRIER={SMS_CARRIER}",
        *_gateway,
        *(["SMS_APP_ID"] if SMS_CARRIER == "tencent" else []),
    )
    if LANGUAGE_CODE not in SMS_TEMPLATES.get("code", {}):
        raise ImproperlyConfigured(
            "SMS_TEMPLATES must name a template for `code` in zh-hans: without it nobody signs in."
        )

WECHAT_CARRIER = choice("WECHAT_CARRIER", "none", {"none", "wechat"})
WECHAT_ACCOUNT = choice("WECHAT_ACCOUNT", "official_account", {"official_account", "mini_program"})
WECHAT_APP_ID: str = env.str("WECHAT_APP_ID", default="")
WECHAT_APP_SECRET: str = env.str("WECHAT_APP_SECRET", default="")
WECHAT_TEMPLATES = table("WECHAT_TEMPLATES")
WECHAT_ENDPOINT = address("WECHAT_ENDPOINT", secure=PRODUCTION)
if WECHAT_CARRIER == "wechat":
    needed("WECHAT_CARRIER=wechat", "WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TEMPLATES")
    if not all(
        isinstance(one.get("data"), dict) and one.get("id") for one in WECHAT_TEMPLATES.values()
    ):
        raise ImproperlyConfigured("WECHAT_TEMPLATES: each kind needs its `id` and `data`.")

# e-mail: to staff, and to guests who want to be told so
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    if not EMAIL_URL.startswith(("smtp://", "smtp+tls://", "smtp+ssl://")):
        raise ImproperlyConfigured("EMAIL_URL must start with smtp://, smtp+tls:// or smtp+ssl://.")
    globals().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 10  # for each answer of the mail server
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="")
if EMAIL_URL and not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("EMAIL_FROM must name the sender where EMAIL_URL is given.")
MAIL_CARRIER = "smtp" if EMAIL_URL else "none" if PRODUCTION else "outbox"

# local hours in which nothing goes out that can wait till morning
QUIET_HOURS = hours("QUIET_HOURS", "21:30-08:00")

# --- the worker ----------------------------------------------------------------------------------
Q_CLUSTER = {
    "name": "station",
    "orm": "default",
    "workers": number("WORKERS", 2),
    "timeout": 300,
    "retry": 4000,  # above the longest timeout, or two copies of a task run
    "max_attempts": 5,
    "save_limit": -1,
    "ack_failures": True,
    "catch_up": False,
    "poll": 1,
    "label": "worker",
}

# without people's data: of a failed request neither fields nor variables are reported
_formatter = {"()": "station.logs.MaskedFormatter"} if PRODUCTION else {}
if not DEBUG:
    DEFAULT_EXCEPTION_REPORTER = "station.logs.Report"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {**_formatter, "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"bookings": {"level": "INFO"}, "station": {"level": "INFO"}},
}
