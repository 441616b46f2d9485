"""The components every page is made of: marks, findings, figures, gaps, dates and numbers of tables."""

import json
import re
from functools import cache

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clusters import search, text, units
from clusters.compare.marks import SHAPES
from clusters.dates import PartialDate, seoul_now
from clusters.models import Flag, IndicatorKind, Status, freshness

register = template.Library()

_HEAD = re.compile(r'(?<=<th scope="row">).*?(?=</th>)', re.DOTALL)

GAPS = {
    "not_surveyed": lambda: _("not surveyed"),
    "private": lambda: _("not disclosed"),
    "none": lambda: _("not applicable"),
    "unknown": lambda: _("not known"),
    "not_added": lambda: _("not added up"),
}

# The one finding that charts draw, by reference as the marks are; beside words the style sheet draws its circle.
DISPUTED = (
    '<symbol id="s-disputed" viewBox="0 0 16 16">'
    '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"/></symbol>'
)


@register.simple_tag
@cache
def sprite() -> SafeString:
    """The drawing of every mark, to be placed once at the top of a page."""
    symbols = "".join(
        f'<symbol id="m-{name}" viewBox="0 0 16 16"><path d="{d}"/></symbol>' for name, d in SHAPES.items()
    )
    return mark_safe(
        f'<svg class="sp" width="0" height="0" aria-hidden="true"><defs>{symbols}{DISPUTED}</defs></svg>'
    )


@register.simple_tag
def mark(district) -> SafeString:
    """A district's shape alone; its name must stand beside it."""
    return shape(district.mark)


def shape(name: str) -> SafeString:
    return format_html('<svg class="mk" data-d="{0}" aria-hidden="true"><use href="#m-{0}"/></svg>', name)


@register.simple_tag
def district_mark(district, link: bool = True) -> SafeString:
    """Shape, color and name of a district, leading to its profile."""
    name = localized(district.short_name)
    if link:
        name = format_html('<a href="{}">{}</a>', district.get_absolute_url(), name)
    return format_html('<span class="dist">{}{}</span>', mark(district), name)


@register.simple_tag
def finding(status) -> SafeString:
    """How far a statement is established: a circle, filled as far as the statement is, and the word."""
    return _finding(str(status), get_language())


@cache
def _finding(status: str, language: str | None) -> SafeString:
    return format_html('<span class="st" data-s="{}">{}</span>', status, Status(status).label)


@register.simple_tag
def gap(kind: str = "not_surveyed", note: str = "") -> SafeString:
    """A value that is missing, and why; never drawn as 0 or a dash."""
    return format_html(
        '<span class="gap">{}</span>{}',
        GAPS[kind](),
        format_html('<span class="ctx">{}</span>', note) if note else "",
    )


@register.simple_tag
def localized(value) -> SafeString:
    """A text in the reader's language; where only the other language has it, it is marked as such."""
    if not value:
        return SafeString("")
    if not getattr(value, "fallback", False):
        return format_html("{}", value)
    return format_html('<span lang="{}">{}</span>', value.lang, value)


@register.simple_tag
def coverage(program) -> SafeString:
    """Where a program applies: the whole country, provinces, districts."""
    if program.coverage == "nationwide":
        return format_html("{}", _("Nationwide"))
    provinces = ", ".join(str(province) for province in program.provinces.all())
    districts = [district_mark(district) for district in program.districts.all() if district.is_public]
    return format_html_join(" ", "{}", ((part,) for part in [provinces, *districts] if part)) or gap()


def number_text(value, indicator) -> str:
    """A value as its indicator wants it: large amounts in words, everything else in figures."""
    if indicator.kind == IndicatorKind.MONEY:
        return units.large(value)
    return units.plain(value)


@register.simple_tag
def figure(observation) -> SafeString:
    """Value and unit of an observation; in English a word for a unit stands apart."""
    indicator = observation.series.indicator
    unit = indicator.unit
    space = " " if get_language() == "en" and unit[:1].isalpha() else ""
    return format_html(
        "{}{}<small>{}</small>", number_text(observation.value, indicator), space, localized(unit)
    )


def _ago(months: int) -> str:
    """How long ago a statement was true, in years where there are two or more."""
    if months >= 24:
        years = months // 12
        return ngettext("%(count)d year ago", "%(count)d years ago", years) % {"count": years}
    return ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}


@register.simple_tag
def age(fact) -> SafeString:
    """How old a statement is, in brackets after its date, when it is older than its kind may be; else nothing."""
    months = freshness.months_old(fact, seoul_now().date())
    if months is None:
        return SafeString("")
    # Korean sets brackets close to the word before them.
    space = mark_safe("<wbr>") if get_language() == "ko" else " "
    return format_html('{}<span class="age">({})</span>', space, _ago(months))


@register.simple_tag
def age_of_newest(rows) -> SafeString:
    """One sentence for a chart whose newest value is older than its kind may be; plans are no values yet."""
    facts = [row.point.fact for row in rows if row.point.fact is not None and row.point.flag != Flag.PLAN]
    newest = max(facts, key=lambda fact: PartialDate(str(fact.period)).last_day, default=None)
    months = freshness.months_old(newest, seoul_now().date())
    if newest is None or months is None:
        return SafeString("")
    said = _("The newest value is of %(period)s, %(ago)s.") % {
        "period": PartialDate(newest.period).display(),
        "ago": _ago(months),
    }
    return format_html('<span class="age">{}</span> ', said)


@register.filter
def marked(markup, words: str) -> SafeString:
    """Markup with the words of a search marked: {% filter marked:words %} around it."""
    return search.mark(markup, words)


@register.filter
def marked_heads(rows, words: str) -> SafeString:
    """Rows of a table with the words of a search marked in the head of each, where its name and summary are."""
    return mark_safe(_HEAD.sub(lambda head: search.mark(head[0], words), rows)) if words else rows


@register.filter
def shown(value) -> str:
    """A partial date in the reader's language."""
    return PartialDate(value).display() if value else ""


@register.filter
def day(value) -> str:
    """A full date or moment in the reader's language."""
    return PartialDate(value.strftime("%Y-%m-%d")).display() if value else ""


@register.filter
def particle(word, pair: str) -> str:
    """The Korean particle that fits a word; nothing in English."""
    return text.particle(str(word), pair) if get_language() == "ko" else ""


@register.filter
def large(value) -> str:
    return units.large(value)


@register.filter
def plain(value) -> str:
    return units.plain(value)


@register.filter
def bare_address(url: str) -> str:
    """A web address as people write it: without scheme and closing slash."""
    return url.split("://", 1)[-1].rstrip("/")


@register.filter
def as_list(record) -> list:
    return [record]


@register.filter
def is_public(record) -> bool:
    return record is not None and record.is_public


@register.simple_tag(takes_context=True)
def figure_number(context) -> SafeString:
    """The next figure's number on this page: Figure 1."""
    return context["refs"].count(
        "figure", lambda number: format_html("<b>{}</b>", _("Figure %(number)d") % {"number": number})
    )


@register.simple_tag(takes_context=True)
def table_number(context) -> SafeString:
    """The next table's number on this page: Table 1."""
    return context["refs"].count(
        "table", lambda number: format_html("<b>{}</b>", _("Table %(number)d") % {"number": number})
    )


@register.simple_tag
def json_ld(data: dict) -> SafeString:
    """Structured data for search engines; a data block, which no browser runs."""
    encoded = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, default=str)
    for character in "<>&\u2028\u2029":
        encoded = encoded.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(f'<script type="application/ld+json">{encoded}</script>')


@register.simple_tag
def suggesting() -> SafeString:
    """What a search field carries for the script that suggests names while one types."""
    return format_html(
        'autocomplete="off" data-suggest="{}" data-suggest-label="{}" data-suggest-none="{}" data-suggest-some="{}"',
        reverse("suggest"),
        _("Suggestions"),
        _("No suggestions."),
        _("Suggestions: {number}. Choose with the arrow keys."),
    )
