"""The texts of libraries that have no Korean of their own, or none fit to read, named here for our catalogue.

makemessages reads our sources only. A text named here is translated in clusters/locale, which goes before the
catalogues of the libraries. What a library wrote in plain English is given a name that can be translated.
"""

from django.apps import apps
from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

AXES = (
    gettext_noop("access attempt"),
    gettext_noop("access attempts"),
    gettext_noop("access attempt expiration"),
    gettext_noop("access failure"),
    gettext_noop("access failures"),
    gettext_noop("access log"),
    gettext_noop("access logs"),
    gettext_noop("Access lock out"),
    gettext_noop("Attempt Time"),
    gettext_noop("Failed Logins"),
    gettext_noop("Form Data"),
    gettext_noop("GET Data"),
    gettext_noop("HTTP Accept"),
    gettext_noop("IP Address"),
    gettext_noop("Locked Out"),
    gettext_noop("Logout Time"),
    gettext_noop("Meta Data"),
    gettext_noop("Path"),
    gettext_noop("POST Data"),
    gettext_noop("Session key hash (sha256)"),
    gettext_noop("User Agent"),
    gettext_noop("Username"),
)

OTP = (
    gettext_noop("Verification of the token is currently disabled"),
    ngettext_lazy(
        "Verification temporarily disabled because of %(failure_count)d failed attempt, please try again soon.",
        "Verification temporarily disabled because of %(failure_count)d failed attempts, please try again soon.",
        "failure_count",
    ),
)

SIMPLE_HISTORY = (gettext_noop("View history: %s"),)

# Django's own Korean of these doubles its particles (을/를), drops into casual speech or misleads.
DJANGO = (
    gettext_noop("%(count)s %(name)s was changed successfully."),
    gettext_noop("%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s."),
    gettext_noop("%(model_name)s with this %(field_label)s already exists."),
    gettext_noop("%(model_name)s with this %(field_labels)s already exists."),
    gettext_noop("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Action:"),
    gettext_noop("Added {name} “{object}”."),
    gettext_noop("Cannot delete %(name)s"),
    gettext_noop("Change history: %s"),
    gettext_noop("Changed {fields} for {name} “{object}”."),
    gettext_noop("Changed {fields}."),
    gettext_noop("Constraint “%(name)s” is violated."),
    gettext_noop("Delete selected %(verbose_name_plural)s"),
    gettext_noop("Deleted {name} “{object}”."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a valid JSON."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid date/time."),
    gettext_noop("Enter a valid time."),
    gettext_noop("Enter a valid value."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter the same password as before, for verification."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Hold down “Control”, or “Command” on a Mac, to select more than one."),
    gettext_noop("Important dates"),
    gettext_noop("Items must be selected in order to perform actions on them. No items have been changed."),
    gettext_noop("No action selected."),
    gettext_noop("None available"),
    gettext_noop("Please correct the duplicate data for %(field)s, which must be unique."),
    gettext_noop("Please correct the duplicate data for %(field)s."),
    gettext_noop("Please correct the duplicate values below."),
    gettext_noop("Please correct the error below."),
    gettext_noop("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."),
    gettext_noop("Run the selected action"),
    gettext_noop("Save and add another"),
    gettext_noop("Save and continue editing"),
    gettext_noop("Select %s to view"),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Select all objects on this page for an action"),
    gettext_noop("Select this object for an action - {}"),
    gettext_noop("Start typing to filter…"),
    gettext_noop("The %(name)s “%(obj)s” was deleted successfully."),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
    gettext_noop("This account is inactive."),
    gettext_noop("View %s"),
    gettext_noop("View on site"),
    gettext_noop("View site"),
    gettext_noop("You don’t have permission to view or edit anything."),
    gettext_noop("You may edit it again below."),
    gettext_noop("Your old password was entered incorrectly. Please enter it again."),
    gettext_noop("active"),
    gettext_noop("permissions"),
    gettext_noop("staff status"),
    gettext_noop("users"),
    gettext_noop("“%(pk)s” is not a valid value."),
    gettext_noop(
        "Designates whether this user should be treated as active. Unselect this instead of deleting accounts."
    ),
    gettext_noop(
        "Please enter the correct %(username)s and password for a staff account. Note that both fields may be "
        "case-sensitive."
    ),
    gettext_noop(
        "Please enter your old password, for security’s sake, and then enter your new password twice so we can "
        "verify you typed it in correctly."
    ),
    gettext_noop(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still be "
        "able to authenticate using other backends, such as Single Sign-On or LDAP."
    ),
    ngettext_lazy("%(counter)s result", "%(counter)s results", "counter"),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit in total.",
        "Ensure that there are no more than %(max)s digits in total.",
        "max",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s decimal place.",
        "Ensure that there are no more than %(max)s decimal places.",
        "max",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)

APPS = {
    "axes": gettext_lazy("Sign-in records"),
    "otp_static": gettext_lazy("Lists of one-time codes"),
    "otp_totp": gettext_lazy("Authenticator apps"),
}
MODELS = {
    StaticDevice: (gettext_lazy("list of one-time codes"), gettext_lazy("lists of one-time codes")),
    StaticToken: (gettext_lazy("one-time code"), gettext_lazy("one-time codes")),
    TOTPDevice: (gettext_lazy("authenticator app"), gettext_lazy("authenticator apps")),
}
FIELDS = {
    "user": gettext_lazy("user"),
    "name": gettext_lazy("device name"),
    "confirmed": gettext_lazy("ready for use"),
    "created_at": gettext_lazy("created"),
    "last_used_at": gettext_lazy("last used"),
    "token": gettext_lazy("code"),
}
ACTIONS = {
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
    "view": gettext_lazy("view"),
    "publish": gettext_lazy("publish"),
    "import": gettext_lazy("import files"),
    "export": gettext_lazy("export the directory"),
}


def name_devices() -> None:
    """Name what django-otp and axes left without a name that can be translated.

    Names are read when a page is drawn; migrations compare those a class was made with, which stay.
    """
    for label, words in APPS.items():
        apps.get_app_config(label).verbose_name = words
    for model, (one, several) in MODELS.items():
        model._meta.verbose_name, model._meta.verbose_name_plural = one, several
        for field in model._meta.fields:
            field.verbose_name = FIELDS.get(field.name, field.verbose_name)


def permission_in_words(permission: Permission) -> str:
    """A permission as the forms for people and groups show it; the database holds English names only."""
    action = permission.codename.split("_", 1)[0]
    values = {"record": permission.content_type.name, "action": ACTIONS.get(action, permission.name)}
    return _("%(record)s: %(action)s") % values
