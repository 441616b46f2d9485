"""Possible duplicates: the list of pairs to look at, and the pairs that somebody found to be none."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clusters.curation import duplicates
from clusters.curation.duplicates.reading import model_of
from clusters.models import DistinctPair, MergeableKind, SuspectedPair

from .choosers import is_id
from .forms import reason_given
from .kept import KeptAsMade
from .lists import BoundedLists
from .merge_pages import how_likely, page_of, reasons_list
from .publication import ActionWithReason

# A search of more records takes longer than a page should; the command does it.
MOST_SEARCHED_HERE = 20_000


class PairList(ChangeList):
    """A page of pairs with both records and what they have in common now, in a fixed number of queries."""

    def get_results(self, request) -> None:
        super().get_results(request)
        seen = duplicates.looked_at(self.result_list)
        for pair in self.result_list:
            pair.seen = seen.get(pair.pk)


@admin.register(SuspectedPair)
class SuspectedPairAdmin(KeptAsMade):
    """What the last search found, the likeliest first; nobody writes it by hand."""

    list_display = ("both", "why", "likelihood", "what_to_do")
    list_display_links = None
    list_filter = ("kind",)
    action_form = ActionWithReason
    actions = ("tell_apart",)
    change_list_template = "admin/suspected_pairs.html"

    def get_queryset(self, request):
        return SuspectedPair.objects.standing()

    def get_changelist(self, request, **kwargs):
        return PairList

    def has_tell_apart_permission(self, request) -> bool:
        return request.user.has_perm("clusters.add_distinctpair")

    def get_urls(self):
        find = path("find/", self.admin_site.admin_view(self.find_view), name="clusters_suspectedpair_find")
        return [find, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A pair has no page of its own: it is looked at where it is decided."""
        pair = self.get_object(request, unquote(object_id)) if is_id(unquote(object_id)) else None
        if pair is None:
            raise Http404
        record = model_of(pair.kind)(pk=pair.first)
        return HttpResponseRedirect(page_of(record, "merge", pair.second))

    def changelist_view(self, request, extra_context=None):
        last = SuspectedPair.objects.order_by("-found_at").values_list("found_at", flat=True).first()
        return super().changelist_view(request, {"last_found": last, **(extra_context or {})})

    def find_view(self, request):
        if not self.has_tell_apart_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            kinds = MergeableKind.values
            if max(model_of(kind)._default_manager.count() for kind in kinds) > MOST_SEARCHED_HERE:
                text = gettext(
                    "There are too many records to look through here. The operator of the machine does it with "
                    "“manage.py find_duplicates”."
                )
                messages.warning(request, text)
            else:
                number = sum(duplicates.find(kind).pairs for kind in kinds)
                text = ngettext(
                    "All records were compared: %(number)d possible duplicate.",
                    "All records were compared: %(number)d possible duplicates.",
                    number,
                )
                messages.success(request, text % {"number": number})
        return HttpResponseRedirect(reverse("admin:clusters_suspectedpair_changelist"))

    @admin.display(description=_("records"))
    def both(self, pair):
        if not pair.seen:
            return str(pair)
        return format_html_join(
            mark_safe("<br>"),
            '<a href="{}">{}</a> <span class="quiet">{}, {}</span>',
            ((page_of(one), str(one), one.slug, one.get_publication_display()) for one in pair.seen[:2]),
        )

    @admin.display(description=_("reasons"))
    def why(self, pair):
        reasons = pair.seen[2].reasons if pair.seen else []
        if not reasons:
            return gettext("They were edited since and have nothing in common any more.")
        return reasons_list(reasons)

    @admin.display(description=_("likelihood"), ordering="-score")
    def likelihood(self, pair) -> str:
        return how_likely(pair.seen[2].score if pair.seen else pair.score)

    @admin.display(description=_("decision"))
    def what_to_do(self, pair):
        if not pair.seen:
            return ""
        label = gettext("Compare %(one)s and %(other)s") % {"one": pair.seen[0], "other": pair.seen[1]}
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>',
            page_of(pair.seen[0], "merge", pair.second),
            label,
            gettext("Compare"),
        )

    @admin.action(description=_("These are no duplicates"), permissions=["tell_apart"])
    def tell_apart(self, request, queryset):
        seen = duplicates.looked_at(queryset)
        for one, other, _likeness in seen.values():
            duplicates.tell_apart(one, other, by=request.user, reason=reason_given(request.POST))
        text = ngettext(
            "%(number)d pair is not suggested any more.",
            "%(number)d pairs are not suggested any more.",
            len(seen),
        )
        messages.success(request, text % {"number": len(seen)})


@admin.register(DistinctPair)
class DistinctPairAdmin(BoundedLists, admin.ModelAdmin):
    """Pairs that somebody found to be two records. Deleting one here takes the decision back."""

    list_display = ("names", "kind", "by", "reason", "decided_at")
    list_filter = ("kind",)
    search_fields = ("names", "reason")
    list_select_related = ("by",)
    fields = ("names", "kind", "by", "reason", "decided_at")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def delete_model(self, request, obj) -> None:
        duplicates.take_back(obj, by=request.user)

    def delete_queryset(self, request, queryset) -> None:
        for pair in queryset:
            duplicates.take_back(pair, by=request.user)
