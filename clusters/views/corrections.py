"""Where readers say what is wrong: a form for each published record, without an account, a cookie or a script."""

from typing import NamedTuple
from urllib.parse import urlsplit

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from clusters import models as m
from clusters.curation import changes, correctable, proposals, sendings

from . import errors
from .correction_forms import FieldsForm, GroundsForm, fields_form

MOST_BYTES = 64 * 1024  # of a form as it is sent
OPEN_FOR = 24 * 60 * 60  # seconds that a form may stay open
_SALT = "clusters.corrections"


class Opened(NamedTuple):
    """What a form carries, signed: the record it is about and the version that was shown."""

    key: str
    version: int

    def sealed(self) -> str:
        return signing.dumps(list(self), salt=_SALT)

    @classmethod
    def read(cls, text: str) -> "Opened | None":
        try:
            key, version = signing.loads(text[:500], salt=_SALT, max_age=OPEN_FOR)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls(key, version)


# Django's own protection needs a cookie, and public pages set none. It would guard little here: the form acts for
# nobody, whoever is signed in, so another site gains nothing by having it sent except our reader's network address.
# That is refused by where the browser says the form came from; and the signed seal proves that it was given out by
# this site within the last day, for this record in this version.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    about = request.GET.get("about", "")
    if not about and request.method != "POST":
        return render(request, "corrections/start.html")
    record, moved = _find(about[:200])
    if record is None:
        raise Http404
    if request.method != "POST":
        if moved:
            return HttpResponsePermanentRedirect(address(record))
        return _page(request, record, fields_form(None, record=record, seen=record), GroundsForm())
    if _from_elsewhere(request):
        return errors.forbidden(request)
    if _size(request) > MOST_BYTES:
        told = _("This was too much text for one form. Nothing was sent; please say it in fewer words.")
        form = fields_form(None, record=record, seen=record)
        return _page(request, record, form, GroundsForm(), told, status=413)
    if any("\x00" in value for values in request.POST.lists() for value in values[1]):
        return errors.bad_request(request)
    return _take(request, record)


@require_safe
def thanks(request, reference: str):
    return render(request, "corrections/thanks.html", {"reference": reference})


def address(record: m.Record) -> str:
    return f"{reverse('correction')}?about={correctable.key(record)}"


def _find(key: str) -> tuple[m.Record | None, bool]:
    """The published record a key names, and whether it has another name by now."""
    record = correctable.find(key)
    kind, _colon, slug = key.partition(":")
    if record is None and kind in m.RedirectKind.values:
        redirect = m.Redirect.objects.filter(kind=kind, old_slug=slug.replace("\x00", "")).first()
        if redirect is not None:
            return correctable.find(f"{kind}:{redirect.new_slug}"), True
    return record, False


def _from_elsewhere(request) -> bool:
    """Whether the browser says that the form was sent by another site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return True
    return host != request.get_host() and origin not in settings.CSRF_TRUSTED_ORIGINS


def _size(request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _take(request, record: m.Record):
    """Keep what was sent as a proposal, or show it again with what is wrong beside each field."""
    opened = Opened.read(request.POST.get("opened", ""))
    if opened is not None and opened.key != correctable.key(record):
        opened = None
    seen = _as_seen(record, opened) if opened else record
    fields = fields_form(request.POST, record=record, seen=seen)
    grounds = GroundsForm(request.POST)
    good = fields.is_valid() & grounds.is_valid()
    told, status = "", 200
    if opened is None:
        told = _(
            "This form was open for more than a day. Your text is still here: look at it, then send it again."
        )
    elif not good:
        told = _("Nothing was sent yet. Please look at the marked fields.")
    elif not (entries := fields.entries()) and not grounds.cleaned_data["comment"]:
        told = _(
            "You changed nothing. Correct at least one field, or write what is wrong under “Anything else”."
        )
    elif sendings.is_too_much(sender := get_client_ip_address(request) or ""):
        told = _(
            "Too many corrections came from your network or to this site within a short time. Your text is still "
            "here; please send it again in an hour."
        )
        status = 429
    else:
        given = {name: grounds.cleaned_data[name] for name in ("link", "grounds", "comment", "email")}
        with transaction.atomic():
            sendings.note(sender)
            proposal = proposals.propose(record, by=None, entries=entries, version=opened.version, **given)
        return HttpResponseRedirect(reverse("correction-thanks", args=[proposal.reference]), status=303)
    return _page(request, record, fields, grounds, told, status, opened)


def _as_seen(record: m.Record, opened: Opened) -> models.Model:
    """The record in the version that the form was opened on, so that what was not touched is no proposal."""
    if opened.version == record.version:
        return record
    return changes.state_at(record, str(opened.version)) or record


def _page(
    request,
    record: m.Record,
    fields: FieldsForm,
    grounds: GroundsForm,
    told: str = "",
    status: int = 200,
    opened: Opened | None = None,
):
    opened = opened or Opened(correctable.key(record), record.version)
    profile = correctable.profile_of(record)
    context = {
        "record": record,
        "kind": record._meta.verbose_name,
        "profile": profile,
        "profile_form": address(profile) if profile != record else "",
        "statements": [
            (kind, [(str(statement), address(statement)) for statement in found])
            for kind, found in correctable.statements(record)
        ],
        "fields": fields,
        "rows": list(fields.rows()),
        "grounds": grounds,
        "told": told,
        "opened": opened.sealed(),
        "here_address": address(record),
    }
    return render(request, "corrections/form.html", context, status=status)
