"""The settings: whether the site is as safe as it can be where it runs."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.cache import caches
from django.utils.translation import gettext as _

from .findings import Finding, error, note, ok, warning

SECRET_LENGTH, SECRET_VARIETY = 50, 10


def _is_local() -> bool:
    """Whether the site is for this machine only."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret_key() -> Iterator[Finding]:
    key = settings.SECRET_KEY
    if len(key) < SECRET_LENGTH or len(set(key)) < SECRET_VARIETY or key.startswith("django-insecure-"):
        yield error(
            "secret-key",
            _("SECRET_KEY is short or easy to guess; whoever guesses it can sign in as anybody."),
            _(
                'Make one with python3 -c "import secrets; print(secrets.token_urlsafe(60))". Everybody signs in anew.'
            ),
        )
    else:
        yield ok("secret-key", _("SECRET_KEY is long and mixed."))


def debug() -> Iterator[Finding]:
    if not settings.DEBUG:
        yield ok("debug", _("DEBUG is off."))
    elif _is_local():
        yield note(
            "debug", _("DEBUG is on."), _("Never on a public site: error pages show settings and code.")
        )
    else:
        yield error(
            "debug",
            _("DEBUG is on, and error pages show settings and code."),
            _("Remove DEBUG from the environment."),
        )


def address() -> Iterator[Finding]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        yield error(
            "site-url",
            _("SITE_URL is no address of a site: %(url)s") % {"url": settings.SITE_URL},
            _("Write it as https://clusters.example, without a path."),
        )
    elif parts.scheme == "http" and not _is_local():
        yield error(
            "site-url",
            _("SITE_URL is not https: passwords and sessions travel in the open."),
            _("Let a proxy end TLS, and set SITE_URL to the https address."),
        )
    else:
        yield ok("site-url", settings.SITE_URL)
    if "*" in settings.ALLOWED_HOSTS:
        yield error(
            "allowed-hosts",
            _("ALLOWED_HOSTS takes any name, and links can be made to lead elsewhere."),
            _("List the names of the site."),
        )
    elif parts.hostname and not _answers_to(parts.hostname):
        yield error(
            "allowed-hosts",
            _("The site does not answer to its own name, %(host)s.") % {"host": parts.hostname},
            _("Add it to ALLOWED_HOSTS."),
        )
    else:
        yield ok("allowed-hosts", ", ".join(settings.ALLOWED_HOSTS))


def _answers_to(host: str) -> bool:
    return any(
        host == allowed.strip("[]") or (allowed.startswith(".") and f".{host}".endswith(allowed))
        for allowed in settings.ALLOWED_HOSTS
    )


def proxies() -> Iterator[Finding]:
    if settings.SITE_IS_HTTPS and not settings.TRUSTED_PROXIES:
        yield warning(
            "proxies",
            _("The site is https, but no proxy is trusted: the proxy's address counts as everybody's."),
            _(
                "Set TRUSTED_PROXIES to the number of proxies in front, usually 1; else one wrong password locks out all."
            ),
        )
    elif settings.TRUSTED_PROXIES and _is_local():
        yield warning(
            "proxies",
            _("Proxies are trusted, but the site is for this machine only: visitors can claim any address."),
            _("Remove TRUSTED_PROXIES, or set SITE_URL to the public address."),
        )
    else:
        yield ok("proxies", f"TRUSTED_PROXIES = {settings.TRUSTED_PROXIES}")


def frames() -> Iterator[Finding]:
    if "*" in settings.EMBED_ORIGINS:
        yield note(
            "frames",
            _("Every site may show comparisons in a frame."),
            _("If only some should, list their origins in EMBED_ORIGINS."),
        )
    elif settings.EMBED_ORIGINS:
        yield ok("frames", f"EMBED_ORIGINS = {', '.join(settings.EMBED_ORIGINS)}")
    else:
        yield ok("frames", _("No other site may show pages in a frame."))


def sign_in() -> Iterator[Finding]:
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    if not people.exists():
        yield warning("accounts", _("Nobody can sign in yet."), _("Run manage.py createsuperuser."))
    else:
        yield ok("accounts", _("People who may sign in: %(number)d") % {"number": people.count()})
    if settings.ADMIN_REQUIRES_TOTP:
        yield ok("one-time-codes", _("Signing in needs a one-time code."))
    elif _is_local():
        yield note("one-time-codes", _("Signing in needs a password only."))
    else:
        yield warning(
            "one-time-codes",
            _("Signing in needs a password only."),
            _("Set ADMIN_REQUIRES_TOTP=1 once everybody has a device."),
        )


def answers_of_caches() -> Iterator[Finding]:
    for name in settings.CACHES:
        cache = caches[name]
        cache.set("doctor", "판교", 30)
        if cache.get("doctor") != "판교":
            yield error(
                "cache",
                _("The cache “%(name)s” does not give back what it was given.") % {"name": name},
                _("Start it, or correct its address."),
            )
        else:
            cache.delete("doctor")
            yield ok("cache", f"{name}: {type(cache).__name__}")


def what_django_says() -> Iterator[Finding]:
    """Django's own checks, with those for a public site where it is one."""
    found = checks.run_checks(include_deployment_checks=settings.SITE_IS_HTTPS, databases=["default"])
    told = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    for message in told:
        make = error if message.is_serious() else warning
        said = f"{message.id}: {message.msg}"
        yield make("django", said, str(message.hint or _("See the Django documentation on this check.")))
    if not told:
        yield ok("django", _("Django's own checks find nothing."))


def keys_of_portals() -> Iterator[Finding]:
    for name in ("KSTARTUP", "BIZINFO"):
        if getattr(settings, f"{name}_API_KEY") or getattr(settings, f"{name}_API_KEY_FILE"):
            yield ok("portals", f"{name}_API_KEY")
        else:
            yield note(
                "portals",
                _("%(name)s is not set; its calls are not pulled.") % {"name": f"{name}_API_KEY"},
                _("If you want them, ask the portal for a service key and run manage.py sync from cron."),
            )


CHECKS = (
    secret_key,
    debug,
    address,
    proxies,
    frames,
    sign_in,
    answers_of_caches,
    what_django_says,
    keys_of_portals,
)
