"""The lists of the admin: what a request may ask of them, and the filters curators need most."""

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clusters.curation import quality

from .choosers import SeveralField, is_id
from .deletions import ToldInRecords

MAX_VALUES = 20  # of one filter
MAX_WORDS = 8  # of one search
MAX_TEXT = 100
NAMED_HITS = 500  # of one search

_SHAPES = {
    ALL_VAR: re.compile(r".{0,5}"),
    IS_FACETS_VAR: re.compile(r".{0,5}"),
    IS_POPUP_VAR: re.compile(r".{0,5}"),
    PAGE_VAR: re.compile(r"[1-9][0-9]{0,6}"),
    ORDER_VAR: re.compile(r"-?[0-9]{1,2}(\.-?[0-9]{1,2}){0,9}|"),
    SEARCH_VAR: re.compile(r".{0,200}", re.DOTALL),
}


def _fits(field: models.Field, lookup: str, value: str) -> bool:
    """Whether a filter on this field may be asked for this value; anything else could break the query."""
    if lookup == "isnull":
        return value in {"True", "False", "1", "0"}
    if isinstance(field, models.DateField):  # date and time as well
        try:
            moment = parse_datetime(value) or parse_date(value)
        except ValueError:
            return False
        return lookup in {"gte", "lt"} and moment is not None and 1900 <= moment.year <= 2200
    if lookup not in {"exact", "id__exact"}:
        return False
    if field.is_relation:
        return is_id(value)
    if isinstance(field, models.BooleanField):
        return value in {"0", "1", "True", "False"}
    if field.choices:
        return value in {str(choice) for choice, _label in field.flatchoices}
    return isinstance(field, models.CharField | models.TextField) and len(value) <= 255


class NarrowCount(Paginator):
    """Counts records by their numbers. Where a filter may give one twice, whole records would be compared."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by().values("pk").count()


class BoundedLists(ToldInRecords):
    """A list asks the database only what it declares: known filters, sane values, few words, few columns.

    A plain list passes any lookup on any column to the database, regular expressions and endless numbers included.
    """

    list_per_page = 50
    list_max_show_all = 500
    show_full_result_count = False

    def get_paginator(self, request, queryset, per_page, orphans=0, allow_empty_first_page=True):
        return NarrowCount(queryset, per_page, orphans, allow_empty_first_page)

    def get_list_filter(self, request):
        declared = super().get_list_filter(request)  # type: ignore[misc]
        return (*declared, WaitingIn) if quality.of(self.model) else declared  # type: ignore[attr-defined]

    def changelist_view(self, request, extra_context=None):
        allowed, refused = self._sort_parameters(request)
        if refused:
            messages.warning(
                request, gettext("Part of the address was not understood and is left out of this list.")
            )
            query = urlencode(allowed, doseq=True)
            return HttpResponseRedirect(request.path + (f"?{query}" if query else ""))
        if request.method == "POST":
            self._check_posted_ids(request)
        context = {
            "queue": quality.named(request.GET.get(WaitingIn.parameter_name, "")),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)  # type: ignore[misc]

    def _sort_parameters(self, request) -> tuple[dict[str, list[str]], bool]:
        allowed: dict[str, list[str]] = {}
        for name, values in request.GET.lists():
            if len(values) <= MAX_VALUES and all(self._allows(request, name, value) for value in values):
                allowed[name] = values
        return allowed, len(allowed) != len(request.GET)

    def _allows(self, request, name: str, value: str) -> bool:
        if name in _SHAPES:
            return bool(_SHAPES[name].fullmatch(value))
        if name == TO_FIELD_VAR:
            return self.to_field_allowed(request, value)  # type: ignore[attr-defined]
        for declared in self.get_list_filter(request):
            if isinstance(declared, type) and issubclass(declared, admin.SimpleListFilter):
                if name == declared.parameter_name:
                    knows = getattr(declared, "knows", None)
                    return len(value) <= MAX_TEXT and (knows is None or knows(self.model, value))  # type: ignore[attr-defined]
                continue
            path = declared[0] if isinstance(declared, list | tuple) else declared
            if name == path or name.startswith(f"{path}__"):
                field = get_fields_from_path(self.model, path)[-1]  # type: ignore[attr-defined]
                return _fits(field, name.removeprefix(path).removeprefix("__") or "exact", value)
        return False

    def _check_posted_ids(self, request) -> None:
        pattern = re.compile(r"form-[0-9]+-id")
        for name, values in request.POST.lists():
            if (name == ACTION_CHECKBOX_NAME or pattern.fullmatch(name)) and not all(map(is_id, values)):
                raise BadRequest("Not the id of a record.")

    def get_search_results(self, request, queryset, search_term):
        words = search_term[:MAX_TEXT].replace("\x00", "").split()[:MAX_WORDS]
        found, doubled = super().get_search_results(request, queryset, " ".join(words))  # type: ignore[misc]
        if not words:
            return found, doubled
        # A search reads every row: once to count, once more to list. Few hits are read once and named.
        keys = list(found.order_by().values_list("pk", flat=True)[: NAMED_HITS + 1])
        if len(keys) > NAMED_HITS:
            return found, doubled
        return queryset.filter(pk__in=keys), False

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", SeveralField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def get_changeform_initial_data(self, request) -> dict:
        """Only what an address can sensibly fill in: relations by id, and choices."""
        initial = {}
        for name, value in request.GET.items():
            try:
                field = self.opts.get_field(name)  # type: ignore[attr-defined]
            except FieldDoesNotExist:
                continue
            if isinstance(field, models.ManyToManyField):
                initial[name] = [part for part in value.split(",")[:MAX_VALUES] if is_id(part)]
            elif (isinstance(field, models.ForeignKey) and is_id(value)) or (
                getattr(field, "choices", None) and len(value) <= MAX_TEXT
            ):
                initial[name] = value
        return initial


class WithoutSource(admin.SimpleListFilter):
    title = _("source")
    parameter_name = "source"

    def lookups(self, request, model_admin):
        return [("none", _("Without a source")), ("some", _("With a source"))]

    def queryset(self, request, queryset):
        if self.value() in {"none", "some"}:
            return queryset.filter(source__isnull=self.value() == "none")
        return queryset


class WaitingIn(admin.SimpleListFilter):
    """The records of a list that wait in one of the queues of the first page."""

    title = _("what needs attention")
    parameter_name = "queue"

    @staticmethod
    def knows(model: type[models.Model], value: str) -> bool:
        return any(queue.name == value for queue in quality.of(model))

    def lookups(self, request, model_admin):
        return [(queue.name, queue.title) for queue in quality.of(model_admin.model)]

    def queryset(self, request, queryset):
        queue = quality.named(self.value() or "")
        return queue.within(queryset) if queue is not None and queryset.model in queue.kinds else queryset


class MissingLanguage(admin.SimpleListFilter):
    title = _("translation")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [("en", _("English is missing")), ("ko", _("Korean is missing"))]

    def queryset(self, request, queryset):
        if self.value() not in {"en", "ko"}:
            return queryset
        other = "ko" if self.value() == "en" else "en"
        incomplete = Q()
        names = {field.name for field in queryset.model._meta.concrete_fields}
        for stem in (name.removesuffix("_ko") for name in names if name.endswith("_ko")):
            if f"{stem}_en" in names:
                incomplete |= Q(**{f"{stem}_{self.value()}": ""}) & ~Q(**{f"{stem}_{other}": ""})
        return queryset.filter(incomplete)
