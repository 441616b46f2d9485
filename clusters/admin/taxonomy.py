"""The vocabularies."""

from django.contrib import admin

from clusters.models import Industry, Province, SupportKind, Technology

from .base import VocabularyAdmin

admin.site.register([Technology, Industry, SupportKind, Province], VocabularyAdmin)
