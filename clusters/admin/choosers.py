"""Choosing related records by typing; values that are no ids reach no query."""

import re

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError

from clusters.models.fields import ProseField, TextListField

MAX_ID = 2**63 - 1
_NUMBER = re.compile(r"[0-9]{1,19}")


def is_id(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and int(text) <= MAX_ID


class ChooseOne(AutocompleteSelect):
    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [item for item in value if is_id(str(item))], attr)


class ChooseSeveral(AutocompleteSelectMultiple):
    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [item for item in value if is_id(str(item))], attr)


class SeveralField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        for item in value or []:
            if not is_id(str(item)):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": item}
                )
        return super().clean(value)


class Relations(BaseModelAdmin):
    """Related records are found by typing, never picked from a list of thousands."""

    formfield_overrides = {
        ProseField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
        TextListField: {"widget": AdminTextareaWidget(attrs={"rows": 2})},
    }

    def relation_names(self) -> list[str]:
        fields = [*self.opts.concrete_fields, *self.opts.many_to_many]
        return [field.name for field in fields if field.is_relation and field.editable]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ChooseOne(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ChooseSeveral(db_field, self.admin_site, using=kwargs.get("using"))
        kwargs.setdefault("form_class", SeveralField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
