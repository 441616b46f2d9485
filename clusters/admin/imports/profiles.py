"""Saved import profiles: written as TOML, and read as the importer would before they are kept."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import Textarea
from django.utils.translation import gettext as _

from clusters.curation.importing import saved_profiles
from clusters.curation.importing.rules import BadProfile
from clusters.models import SavedProfile

from ..base import SafeWrites
from ..forms import RecordForm


class SavedProfileForm(RecordForm):
    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if saved_profiles.is_shipped(name):
            raise ValidationError(_("There is a profile of this name already."))
        return name

    def clean_body(self) -> str:
        try:
            saved_profiles.read(self.cleaned_data.get("name") or "profile", self.cleaned_data["body"])
        except BadProfile as problem:
            raise ValidationError(_("The profile cannot be read: %(why)s") % {"why": problem}) from None
        return self.cleaned_data["body"]


@admin.register(SavedProfile)
class SavedProfileAdmin(SafeWrites):
    """Mappings that curators saved; the shipped profiles are in fixtures/imports.toml."""

    form = SavedProfileForm
    list_display = ("name", "by", "created_at", "updated_at")
    list_select_related = ("by",)
    search_fields = ("name", "body")
    fields = ("name", "body")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "body":
            kwargs["widget"] = Textarea(
                attrs={"rows": 30, "cols": 100, "class": "vLargeTextField", "spellcheck": "false"}
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change) -> None:
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
