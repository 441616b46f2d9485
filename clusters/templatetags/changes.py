"""What a page of changes shows of its entries: headings in words, times in Seoul, and the way there from a profile."""

from django import template
from django.urls import reverse

from clusters.curation import correctable
from clusters.curation.telling import sentences
from clusters.dates import SEOUL

register = template.Library()

register.filter("heading", sentences.heading)
register.filter("told_title", sentences.title)
register.filter("what_happened", sentences.what)


@register.filter
def seoul_time(moment) -> str:
    return f"{moment.astimezone(SEOUL):%H:%M}"


@register.filter
def seoul_moment(moment) -> str:
    """For machines, in a time element."""
    return moment.astimezone(SEOUL).isoformat(timespec="seconds")


@register.filter
def history_address(record) -> str:
    """Where the changes of a record and its rows are listed."""
    return f"{reverse('changes')}?record={correctable.key(record)}"
