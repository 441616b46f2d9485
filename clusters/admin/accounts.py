"""People and their access: users, groups, failed sign-ins, and the devices of the second factor."""

from base64 import b32encode
from typing import Any

from axes.admin import AccessAttemptAdmin, AccessFailureLogAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.admin import StaticDeviceAdmin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDeviceAdmin
from django_otp.plugins.otp_totp.models import TOTPDevice

from .account_forms import AccountForm, GroupForm
from .borrowed import name_devices, permission_in_words
from .lists import BoundedLists

for model in (User, Group, AccessAttempt, AccessLog, AccessFailureLog, StaticDevice, TOTPDevice):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
name_devices()


class PermissionsInWords:
    """Permissions are chosen by their names in the reader's language; those on old states of records mean nothing."""

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and db_field.remote_field.model is Permission:
            field.queryset = field.queryset.exclude(content_type__model__startswith="historical")
            field.label_from_instance = permission_in_words
        return field


class RefusedWhenChanged:
    """The hidden field that tells on what the form was opened stands in the first part of the form."""

    def get_fieldsets(self, request, obj=None):
        (title, first), *others = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is None:
            return [(title, first), *others]
        return [(title, {**first, "fields": (*first["fields"], "seen")}), *others]


@admin.register(User)
class Users(RefusedWhenChanged, PermissionsInWords, BoundedLists, UserAdmin):
    form = AccountForm
    list_display = ("username", "last_name", "first_name", "email", "is_active", "is_staff", "last_login")


@admin.register(Group)
class Groups(RefusedWhenChanged, PermissionsInWords, BoundedLists, GroupAdmin):
    form = GroupForm
    fields = ("name", "permissions")


@admin.register(AccessAttempt)
class FailedSignIns(BoundedLists, AccessAttemptAdmin):
    date_hierarchy = None
    actions = ()
    list_display = ("attempt_time", "username", "ip_address", "user_agent", "failures_since_start")
    fieldsets = (
        (None, {"fields": ("username", "path_info", "failures_since_start")}),
        *AccessAttemptAdmin.fieldsets[1:],
    )


@admin.register(AccessLog)
class SignIns(BoundedLists, AccessLogAdmin):
    date_hierarchy = None


@admin.register(AccessFailureLog)
class RefusedSignIns(BoundedLists, AccessFailureLogAdmin):
    date_hierarchy = None


class DeviceAdmin(BoundedLists):
    raw_id_fields = ()
    autocomplete_fields = ("user",)
    search_help_text = ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The library explains its fields in English only; their names say enough."""
        silent = ("user", "name", "confirmed", "created_at", "last_used_at")
        kwargs["help_texts"] = dict.fromkeys(silent, "")
        return super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]


@admin.register(StaticDevice)
class CodeLists(DeviceAdmin, StaticDeviceAdmin):
    fieldsets = (
        (None, {"fields": ["user", "name", "confirmed"]}),
        (_("Use"), {"fields": ["created_at", "last_used_at"]}),
    )


@admin.register(TOTPDevice)
class TOTPDevices(DeviceAdmin, TOTPDeviceAdmin):
    """The key is shown as text to type into an authenticator app; a picture of it would need another library."""

    readonly_fields = ("created_at", "last_used_at", "key_to_type", "setup_address")
    list_display = ("user", "name", "created_at", "last_used_at", "confirmed")

    def get_list_display(self, request):
        return self.list_display

    def get_fieldsets(self, request, obj=None):
        fieldsets: list[Any] = [(None, {"fields": ["user", "name", "confirmed"]})]
        if obj is not None:
            fieldsets.append((_("For the authenticator app"), {"fields": ["key_to_type", "setup_address"]}))
            fieldsets.append((_("Use"), {"fields": ["created_at", "last_used_at"]}))
        return fieldsets

    def get_urls(self):
        return super(TOTPDeviceAdmin, self).get_urls()  # without the pages that draw the key as a picture

    @admin.display(description=_("key"))
    def key_to_type(self, device) -> str:
        return b32encode(device.bin_key).decode()

    @admin.display(description=_("set-up address"))
    def setup_address(self, device) -> str:
        return device.config_url
