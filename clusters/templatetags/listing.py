"""The parts of a list that come by the hundred: its rows, and the options of its facets."""

from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from .components import finding, shape

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context, selection) -> SafeString:
    """The rows of the page, with the sources they cite numbered among the page's."""
    references = context["refs"]
    return mark_safe("".join(row.placed(references) for row in selection.drawn_rows))


@register.simple_tag
def facets(selection) -> SafeString:
    """The questions of the filter form, each with its options and their counts."""
    return mark_safe(selection.same_for_everybody("facets", lambda: "".join(map(_facet, selection.facets))))


def _facet(facet) -> str:
    name, note = escape(facet.name), ""
    if facet.errors:
        note = f'<span class="err" id="{name}-note">{escape(" ".join(facet.errors))}</span>'
    more = ""
    if facet.more:
        number = len(facet.more)
        words = ngettext("%(counter)s more", "%(counter)s more", number) % {"counter": number}
        more = (
            f'<details class="more" id="{name}-more"{" open" if facet.more_is_open else ""}>'
            f"<summary>{words}</summary>{_options(facet, facet.more)}</details>"
        )
    described = f' aria-describedby="{name}-note"' if facet.errors else ""
    return (
        f'<fieldset class="facet field"{described}><legend>{escape(facet.label)}</legend>'
        f"<div>{note}{_options(facet, facet.shown)}{more}</div></fieldset>\n"
    )


def _options(facet, counted) -> str:
    """Checkboxes, each with its count."""
    html = []
    for one in counted:
        option = one.option
        (code, field), label = _option(
            facet.name, option.value, option.label, option.mark, facet.shows_findings
        )
        html.append(
            f'<label class="opt{"" if one.count else " none"}" data-facet="{code}" data-count="{one.count}">'
            f'<input type="checkbox" {field}{" checked" if one.is_chosen else ""}>'
            f'<span>{label}</span><span class="n num">{one.count:,}</span></label>'
        )
    return "".join(html)


@lru_cache(maxsize=4096)
def _option(name: str, value: str, label: str, mark: str, is_finding: bool) -> tuple[tuple[str, str], str]:
    """What of an option is the same whatever its count: attributes and label."""
    if mark:
        drawn = format_html('<span class="dist">{}{}</span>', shape(mark), label)
    else:
        drawn = finding(value) if is_finding else escape(label)
    code, key = escape(name), escape(value)
    return (f"{code}:{key}", f'id="{code}-{key}" name="{code}" value="{key}"'), drawn
