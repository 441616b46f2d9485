"""The parts of a list that come by the hundred: its rows, and the options of its facets."""

from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from clusters import units

from .components import finding, shape

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context, selection) -> SafeString:
    """The rows of the page, with the sources they cite numbered among the page's."""
    references = context["refs"]
    return mark_safe("".join(row.placed(references) for row in selection.drawn_rows))


@register.simple_tag
def options(facet, counted) -> SafeString:
    """Checkboxes of a facet's options, each with its count."""
    html = []
    for one in counted:
        option = one.option
        before, label = _option(facet.name, option.value, option.label, option.mark, facet.shows_findings)
        html.append(
            f'<label class="opt{"" if one.count else " none"}" data-facet="{before[0]}" data-count="{one.count}">'
            f'<input type="checkbox" {before[1]}{" checked" if one.is_chosen else ""}>'
            f'<span>{label}</span><span class="n num">{units.plain(one.count)}</span></label>'
        )
    return mark_safe("".join(html))


@lru_cache(maxsize=4096)
def _option(name: str, value: str, label: str, mark: str, is_finding: bool) -> tuple[tuple[str, str], str]:
    """What of an option is the same whatever its count: attributes and label."""
    if mark:
        drawn = format_html('<span class="dist">{}{}</span>', shape(mark), label)
    else:
        drawn = finding(value) if is_finding else escape(label)
    name, value = escape(name), escape(value)
    return (f"{name}:{value}", f'id="{name}-{value}" name="{name}" value="{value}"'), drawn
