"""The second factor, where it is required: codes from an app, codes from a list, and the first device."""

from base64 import b32encode
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.admin.conftest import PASSWORD
from tests.admin.pages import change_url, list_url

LOGIN = "/en/admin/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def second_factor_required(settings):
    settings.ADMIN_REQUIRES_TOTP = True


def sign_in(client, name, code="", **more):
    return client.post(LOGIN, {"username": name, "password": PASSWORD, "otp_token": code, **more})


def code_of(device) -> str:
    return f"{TOTP(device.bin_key).token():06d}"


def test_the_sign_in_form_asks_for_a_code():
    page = Client().get(LOGIN).content.decode()
    assert 'name="otp_token"' in page
    assert 'autocomplete="one-time-code"' in page
    assert 'name="otp_device"' not in page


def test_without_the_setting_no_code_is_asked_for(settings, editor):
    settings.ADMIN_REQUIRES_TOTP = False
    client = Client()
    assert 'name="otp_token"' not in client.get(LOGIN).content.decode()
    assert sign_in(client, "jun").status_code == 302
    assert client.get("/en/admin/").status_code == 200


def test_a_password_alone_opens_nothing(editor, as_editor):
    client = Client()
    response = sign_in(client, "jun")
    assert response.status_code == 200
    assert "Type the one-time code from your authenticator app." in response.content.decode()
    assert PASSWORD not in response.content.decode()
    assert client.get("/en/admin/").status_code == 302
    assert as_editor.get("/en/admin/").status_code == 302  # signed in before the setting was switched on


def test_a_code_from_the_app_opens_the_admin_once(editor):
    device = TOTPDevice.objects.create(user=editor, name="phone")
    client, code = Client(), code_of(device)
    assert sign_in(client, "jun", "000000" if code != "000000" else "111111").status_code == 200
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert sign_in(client, "jun", code).status_code == 302
    assert client.get("/en/admin/").status_code == 200
    assert sign_in(Client(), "jun", code).status_code == 200  # a code works once


def test_a_wrong_code_slows_down_the_next(editor):
    device = TOTPDevice.objects.create(user=editor, name="phone")
    sign_in(Client(), "jun", "000000")
    device.refresh_from_db()
    if device.throttling_failure_count:  # else 000000 happened to be right
        assert "temporarily disabled" in sign_in(Client(), "jun", code_of(device)).content.decode()


def test_nobody_signs_in_with_the_device_of_another(editor, curator):
    theirs = TOTPDevice.objects.create(user=curator, name="phone")
    mine = TOTPDevice.objects.create(user=editor, name="phone")
    assert mine.key != theirs.key
    response = sign_in(Client(), "jun", code_of(theirs), otp_device=theirs.persistent_id)
    assert response.status_code == 200


def test_several_devices_are_offered_after_the_password(editor):
    devices = [TOTPDevice.objects.create(user=editor, name=name) for name in ("phone", "tablet")]
    page = sign_in(Client(), "jun").content.decode()
    assert 'name="otp_device"' in page
    assert "tablet" in page
    client = Client()
    assert sign_in(client, "jun", code_of(devices[1]), otp_device=devices[1].persistent_id).status_code == 302


def test_the_first_device_is_made_with_a_code_from_the_command_line(administrator):
    printed = StringIO()
    call_command("addstatictoken", "sora", stdout=printed)
    client = Client()
    assert sign_in(client, "sora", printed.getvalue().strip()).status_code == 302
    form = {"user": administrator.pk, "name": "phone", "confirmed": "on"}
    assert client.post(list_url(TOTPDevice, "add/"), form).status_code == 302
    device = TOTPDevice.objects.get()
    page = client.get(change_url(device)).content.decode()
    assert b32encode(device.bin_key).decode() in page
    assert "otpauth://totp/" in page
    assert "data:image" not in page
    again = Client()
    assert sign_in(again, "sora", code_of(device)).status_code == 302
    assert again.get("/en/admin/").status_code == 200
