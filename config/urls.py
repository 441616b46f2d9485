"""The root of all addresses: Korean at /, English at /en/, and what has no language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from clusters.urls import languageless, public

urlpatterns = [
    *languageless,
    *i18n_patterns(path("admin/", admin.site.urls), path("", include(public)), prefix_default_language=False),
]

handler400 = "clusters.views.errors.bad_request"
handler403 = "clusters.views.errors.forbidden"
handler404 = "clusters.views.errors.not_found"
handler500 = "clusters.views.errors.server_error"
