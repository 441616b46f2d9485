"""The addresses of the import pages, below /admin/imports/."""

from django.urls import path

from . import apply, bring, export, mapping


def urls(site) -> list:
    view = site.admin_view
    return [
        path("new/", view(bring.new), name="imports_new"),
        path("export/", view(export.export), name="imports_export"),
        path("<int:pk>/", view(bring.upload), name="imports_upload"),
        path("<int:pk>/mapping/", view(mapping.mapping), name="imports_mapping"),
        path("<int:pk>/rehearsal/", view(apply.rehearsal), name="imports_rehearsal"),
        path("<int:pk>/report.csv", view(apply.report), name="imports_report"),
        path("<int:pk>/discard/", view(bring.discard), name="imports_discard"),
    ]
