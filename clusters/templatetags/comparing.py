"""Ways into the comparison: the box in a row of a list, the button below it, and the button of a profile."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusters.compare.kinds import BY_NAME, KINDS, Kind

register = template.Library()

_OF_MODEL = {kind.model: kind for kind in KINDS}


@register.simple_tag
def compare_box(record) -> SafeString:
    """A box that puts the row's record into the comparison, with the form below the list."""
    kind = _OF_MODEL[type(record)]
    return format_html(
        '<label class="opt"><input type="checkbox" name="{}" value="{}" form="compare">'
        '<span class="vh">{}</span></label>',
        kind.parameter,
        record.slug,
        _("Compare %(name)s") % {"name": kind.name_of(record)},
    )


@register.simple_tag
def compared(name: str) -> Kind:
    """The comparison of a directory's records."""
    return BY_NAME[name]


@register.simple_tag
def compare_button(record) -> SafeString:
    """Leads from a profile to the comparison, where others are chosen."""
    kind = _OF_MODEL[type(record)]
    return format_html(
        '<p class="acts noprint"><a class="btn" href="{}?{}={}">{}</a></p>',
        kind.url,
        kind.parameter,
        record.slug,
        kind.words.this,
    )
