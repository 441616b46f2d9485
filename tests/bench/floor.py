"""The least a page can cost: one query for twenty companies, written into a bare table by hand."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import escape

from config.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from tests.bench import textbook

TWENTY = """
    SELECT slug, name_ko, name_en, founded FROM clusters_company
    WHERE publication = 'published' ORDER BY name_ko LIMIT 20
"""


def floor(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(TWENTY)
        rows = "".join(
            f'<tr><th><a href="/companies/{slug}/">{escape(name)}</a></th><td>{escape(other)}</td><td>{founded}</td></tr>'
            for slug, name, other, founded in cursor.fetchall()
        )
    return HttpResponse(f"<!doctype html><title>20</title><table>{rows}</table>")


urlpatterns = [path("floor/", floor), path("textbook/", textbook.View.as_view()), *urlpatterns]
