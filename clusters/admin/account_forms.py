"""The forms of accounts and groups, which carry no version: refused when the account changed after they were opened."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

NOT_EDITED = frozenset(
    {"last_login", "password"}
)  # signing in is no edit; the password has a page of its own


def state(account: models.Model) -> dict[str, Any]:
    """What the form of this account edits, by the names of its fields, as it is stored."""
    fields = [*account._meta.concrete_fields, *account._meta.many_to_many]
    held = {field.name: field.value_from_object(account) for field in fields if field.name not in NOT_EDITED}
    return {
        name: sorted(one.pk for one in value) if isinstance(value, list) else value
        for name, value in held.items()
    }


def stamps(account: models.Model) -> str:
    """One short digest to a field, so that a refusal can name the fields."""
    return ";".join(
        f"{name}={salted_hmac('clusters.accounts', repr(value)).hexdigest()[:12]}"
        for name, value in state(account).items()
    )


class SeenForm(forms.ModelForm):
    """Carries what it was opened on. A second administrator's save is refused and their entries stay in the form."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["seen"] = stamps(self.instance)

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is not None:
            self._compare()
        return cleaned

    def _compare(self) -> None:
        manager = self._meta.model._default_manager
        stored = manager.select_for_update().filter(pk=self.instance.pk).first()
        if stored is None:
            return
        now = stamps(stored)
        opened_on = self.data.get(self.add_prefix("seen"), "")
        if opened_on == now:
            return
        known = set(opened_on.split(";"))
        moved = [part.partition("=")[0] for part in now.split(";") if part not in known]
        names = [str(stored._meta.get_field(name).verbose_name) for name in moved]
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("seen")] = now
        self.data = data
        raise ValidationError(
            _(
                "Somebody else changed this while you were editing it (%(fields)s), so yours was not saved. "
                "Your entries are still here. Look at what is stored in a second window, then save again."
            )
            % {"fields": ", ".join(names)}
        )


class AccountForm(SeenForm, UserChangeForm):
    pass


class GroupForm(SeenForm):
    class Meta:
        model = Group
        fields = ("name", "permissions")
