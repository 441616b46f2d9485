"""Signing in: the forms, the address that attempts are counted by, and what somebody locked out is told."""

from ipaddress import IPv6Address, ip_address, ip_network

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user
from django_otp.forms import OTPAuthenticationFormMixin


def client_address(request) -> str | None:
    """Who asks: the address the outermost of our own proxies saw, or the peer itself without proxies.

    X-Forwarded-For grows to the right, one entry for each proxy. Whatever stands left of the entry our outermost
    proxy wrote came from the client and may be invented.
    """
    claimed = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        seen = [
            part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
        ]
        if len(seen) >= settings.TRUSTED_PROXIES:
            claimed = seen[-settings.TRUSTED_PROXIES]
    return _normalized(claimed) or _normalized(request.META.get("REMOTE_ADDR", ""))


def _normalized(text: str) -> str | None:
    """An address without its port; one household's IPv6 addresses count as one."""
    if text.startswith("["):
        text = text[1:].split("]")[0]
    elif text.count(":") == 1:
        text = text.split(":")[0]
    try:
        address = ip_address(text.split("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


def locked_out(request, response=None, credentials=None):
    """The answer after too many failed attempts; the same for names that exist and names that do not."""
    return render(request, "admin/locked_out.html", {"hours": settings.AXES_COOLOFF_TIME}, status=429)


class SignInForm(AdminAuthenticationForm):
    """Name and password."""

    def clean_username(self) -> str:
        """No longer than the record of failed attempts can hold; no name of anybody is."""
        return self.cleaned_data["username"][:255]


class SignInWithCodeForm(OTPAuthenticationFormMixin, SignInForm):
    """Name, password and a one-time code from an authenticator app or a list of codes."""

    otp_token = forms.CharField(
        label=_("One-time code"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )
    otp_device = forms.CharField(label=_("Device"), required=False, widget=forms.Select)

    otp_error_messages = {
        **OTPAuthenticationFormMixin.otp_error_messages,
        "token_required": _("Type the one-time code from your authenticator app."),
        "invalid_token": _("This code is not right, or it was used already. Type a new one."),
        "device_required": _("No device is registered for this account. Ask an administrator."),
    }

    def clean(self):
        cleaned = super().clean()
        self.clean_otp(self.get_user())
        return cleaned

    def _chosen_device(self, user):
        """The device that was chosen, or else the one that gives codes of this shape."""
        if chosen := super()._chosen_device(user):
            return chosen
        code = self.cleaned_data.get("otp_token") or ""
        timed = code.isascii() and code.isdigit()
        return next(
            (d for d in devices_for_user(user, for_verify=True) if hasattr(d, "digits") == timed), None
        )

    def _update_form(self, user) -> None:
        """Offer the devices when there is a choice. The password is never sent back to the page."""
        choices = self.device_choices(user)
        if len(choices) > 2:  # one of them is the empty one
            self.fields["otp_device"].widget.choices = choices
