"""The list of companies as the documentation of the libraries would write it: the plain version ours is held against.

A django-filter FilterSet, a django-tables2 Table, a paginator, text search by `icontains`, and the numbers beside
the options by one GROUP BY for each filter.
"""

import django_filters
import django_tables2
from django.db.models import Count, Q
from django.http import HttpResponse
from django.template import engines
from django_filters.views import FilterView
from django_tables2.views import SingleTableMixin

from clusters import models as m

PAGE = """<!doctype html><title>Companies</title>{% load render_table from django_tables2 %}
<form>{{ filter.form }}</form>{% for name, counts in counted %}<h2>{{ name }}</h2><ul>{% for value, count in counts %}
<li>{{ value }} {{ count }}</li>{% endfor %}</ul>{% endfor %}{% render_table table %}"""
COUNTED = ("kind", "stage", "ai_relevance", "technologies__slug", "offices__district__slug")


class Companies(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    district = django_filters.ModelMultipleChoiceFilter(
        field_name="offices__district__slug", to_field_name="slug", queryset=m.District.objects.all()
    )
    technology = django_filters.ModelMultipleChoiceFilter(
        field_name="technologies__slug", to_field_name="slug", queryset=m.Technology.objects.all()
    )

    class Meta:
        model = m.Company
        fields = ("kind", "stage")

    def search(self, queryset, name: str, value: str):
        found = Q()
        for field in ("name_ko", "name_en", "aliases", "summary_ko", "summary_en"):
            found |= Q(**{f"{field}__icontains": value})
        return queryset.filter(found)


class Table(django_tables2.Table):
    districts = django_tables2.Column(empty_values=(), orderable=False)
    technologies = django_tables2.ManyToManyColumn()

    class Meta:
        model = m.Company
        fields = ("name_ko", "summary_ko", "districts", "technologies", "kind", "founded")
        order_by = "name_ko"
        template_name = "django_tables2/table.html"

    def render_districts(self, record) -> str:
        return ", ".join(str(office.district) for office in record.offices.all() if office.district)


class View(SingleTableMixin, FilterView):
    table_class = Table
    filterset_class = Companies
    paginate_by = 50

    def get_queryset(self):
        published = m.Company.objects.published()
        return published.prefetch_related("offices__district", "technologies").distinct()

    def render_to_response(self, context, **kwargs) -> HttpResponse:
        found = self.object_list.order_by()
        context["counted"] = [
            (name, found.values_list(name).annotate(Count("pk", distinct=True))) for name in COUNTED
        ]
        return HttpResponse(engines["django"].from_string(PAGE).render(context, self.request))
