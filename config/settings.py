"""Every setting of the site, read from the environment and safe when nothing is set.

README lists each variable. A local run needs none of them: the database is SQLite in `var/`, and a secret
key is made there once, in a file that is never committed.
"""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var")

DEBUG = env.bool("DEBUG", default=False)
SITE_URL = (os.environ.get("SITE_URL") or "http://127.0.0.1:8000").rstrip("/")
SITE_IS_HTTPS = SITE_URL.startswith("https://")


def _secret_key() -> str:
    """SECRET_KEY, or the contents of SECRET_KEY_FILE, or a key made once for this machine.

    Read from os.environ: django-environ would take a value that starts with $ for a reference.
    """
    if key := os.environ.get("SECRET_KEY"):
        return key
    if path := os.environ.get("SECRET_KEY_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if SITE_IS_HTTPS:
        raise ImproperlyConfigured("Set SECRET_KEY or SECRET_KEY_FILE for a public site.")
    local = DATA_DIR / "secret_key"
    if not local.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = local.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(60), encoding="utf-8")
        try:
            os.link(fresh, local)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return local.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", urlsplit(SITE_URL).hostname or "localhost"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "clusters.apps.ClustersConfig",
    "clusters.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "clusters.views.middleware.HeadMiddleware",
    "clusters.views.middleware.SecurityHeadersMiddleware",  # no answer goes without
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clusters.views.middleware.LanguageFromPathMiddleware",
    "clusters.views.middleware.WellFormedRequestMiddleware",
    "clusters.views.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "clusters.views.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "clusters.templatetags.components",
                "clusters.templatetags.evidence",
            ],
        },
    }
]

# Database: SQLite by default, as it must be set to serve several people at once.
DATABASES = {
    "default": env.db("DATABASE_URL")
    if os.environ.get("DATABASE_URL")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "clusters.sqlite3")}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["CONN_MAX_AGE"] = (
        None  # opening a file and reading its schema costs more than most pages
    )
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            "PRAGMA synchronous=NORMAL;"
            "PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY;"
            # KiB, for each thread; the system keeps more of the file, for all of them at once
            "PRAGMA cache_size=-2000;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Language and time: Korean at /, English at /en/; deadlines on the clock of Seoul.
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "clusters" / "locale"]
FORMAT_MODULE_PATH = ["clusters.locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# What may be kept of public pages. Their ETags follow the data, so what is kept is never older than the data; only
# caches between us and the readers may keep an answer for some seconds without asking.
SHARED_CACHE_SECONDS = env.int("SHARED_CACHE_SECONDS", default=30)
PAGE_CACHE = env.str("PAGE_CACHE", default="memory")  # or the redis:// address of a server; empty for none
CACHES: dict[str, dict] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if PAGE_CACHE == "memory":
    CACHES["pages"] = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},
    }
elif PAGE_CACHE.startswith(("redis://", "rediss://", "unix://")):
    CACHES["pages"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": PAGE_CACHE}
elif PAGE_CACHE:
    raise ImproperlyConfigured('PAGE_CACHE is "memory" or an address that begins with redis://.')

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
LINES_ROOT = DATA_DIR / "lines"  # rows of files and long lists, written once; may be thrown away at any time
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 600

FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Sign-in
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ADMIN_REQUIRES_TOTP = env.bool("ADMIN_REQUIRES_TOTP", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hour
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "clusters.admin.signin.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "clusters.admin.signin.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "otp_token"]
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "clusters.views.errors.refused_form"

# Transport: an https SITE_URL turns on what https needs.
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SESSION_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
SECURE_HSTS_SECONDS = 31536000 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_HTTPS
SECURE_HSTS_PRELOAD = SITE_IS_HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# In the shape Django 6 reads; our middleware stands in for it until 6.2 LTS.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}


def _embed_origins() -> list[str]:
    """The sites that may show comparisons in a frame: origins, or * for every site."""
    origins = env.list("EMBED_ORIGINS", default=[])
    for origin in origins:
        if origin != "*" and not re.fullmatch(
            r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?", origin
        ):
            raise ImproperlyConfigured(
                f"EMBED_ORIGINS lists origins such as https://news.example, or *; {origin!r} is none."
            )
    return origins


EMBED_ORIGINS = _embed_origins()

# Imports: how long files stay that nobody finished importing, and the rows from which a process of its own works
UPLOADS_KEPT_DAYS = env.int("UPLOADS_KEPT_DAYS", default=14)
IMPORT_AT_ONCE_UP_TO = env.int("IMPORT_AT_ONCE_UP_TO", default=2000)

# Bounds on what a request may carry
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Open APIs of the portals. A key may stand in a file, which only the command that pulls has to read.
KSTARTUP_API_URL = (
    os.environ.get("KSTARTUP_API_URL")
    or "https://apis.data.go.kr/B552735/kisedKstartupService01/getAnnouncementInformation01"
    "?cond%5Brcrt_prgs_yn%3A%3AEQ%5D=Y"  # only calls that still take applications
)
KSTARTUP_API_KEY = os.environ.get("KSTARTUP_API_KEY", "")
KSTARTUP_API_KEY_FILE = os.environ.get("KSTARTUP_API_KEY_FILE", "")
BIZINFO_API_URL = os.environ.get("BIZINFO_API_URL") or "https://www.bizinfo.go.kr/uss/rss/bizinfoApi.do"
BIZINFO_API_KEY = os.environ.get("BIZINFO_API_KEY", "")
BIZINFO_API_KEY_FILE = os.environ.get("BIZINFO_API_KEY_FILE", "")

# Links are checked in the public internet only; tests check a server of their own.
LINK_CHECKS_STAY_PUBLIC = True

DJANGO_TABLES2_TEMPLATE = "directory/table.html"
SIMPLE_HISTORY_ENABLED = True
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
