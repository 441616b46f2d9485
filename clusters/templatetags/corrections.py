"""The way from a record's profile to the form that corrects it."""

from django import template
from django.urls import reverse

from clusters.curation import correctable

register = template.Library()


@register.filter
def correction_address(record) -> str:
    return f"{reverse('correction')}?about={correctable.key(record)}"
