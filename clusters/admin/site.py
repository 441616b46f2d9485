"""The admin site itself: its name, the order of its records, and the second factor where it is required.

With ADMIN_REQUIRES_TOTP everybody signs in with a password and a one-time code. The first device is made like this:
`manage.py addstatictoken NAME` prints a code that works once; sign in with it, then add a TOTP device under
“TOTP devices” and type its key into an authenticator app. Further people get their device from an administrator.
"""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.urls import include, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .queues import waiting
from .signin import SignInForm, SignInWithCodeForm


class CuratorSite(AdminSite):
    site_header = _("Seoul AI Clusters: curation")
    site_title = _("Curation")
    index_title = _("Records")

    @property
    def login_form(self):  # type: ignore[override]
        return SignInWithCodeForm if settings.ADMIN_REQUIRES_TOTP else SignInForm

    def has_permission(self, request) -> bool:
        verified = not settings.ADMIN_REQUIRES_TOTP or request.user.is_verified()
        return super().has_permission(request) and verified

    def each_context(self, request):
        return {**super().each_context(request), "site_url": "/en/" if get_language() == "en" else "/"}

    def index(self, request, extra_context=None):
        """First what needs somebody now, then the list of all records."""
        return super().index(request, {**waiting(self, request), **(extra_context or {})})

    def get_urls(self):
        from .imports.urls import urls  # its pages need the records' own, which register with this site

        return [path("imports/", include(urls(self))), *super().get_urls()]

    def get_app_list(self, request, app_label=None):
        """The directory first, its records in the order in which they are registered."""
        order = {model.__name__: place for place, model in enumerate(self._registry)}
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda entry: order.get(entry["object_name"], len(order)))
            for entry in app["models"]:
                if entry["object_name"] == "ImportBatch" and request.user.has_perm("clusters.import_data"):
                    entry["add_url"] = reverse("admin:imports_new")
        return sorted(apps, key=lambda app: app["app_label"] != "clusters")
