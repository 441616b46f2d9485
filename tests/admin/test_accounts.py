"""Accounts and groups: the second of two administrators at the same account is told, and keeps what they entered."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from tests.admin.conftest import PASSWORD, signed_in
from tests.admin.pages import change_form, change_url
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db):
    return signed_in(User.objects.create_superuser("root", password=PASSWORD))


def test_an_account_is_saved(root):
    mina = person("mina", "curator", PASSWORD)
    assert root.post(change_url(mina), change_form(root, mina, last_name="Kim")).status_code == 302
    mina.refresh_from_db()
    assert mina.last_name == "Kim" and mina.groups.get().name == "curator"


def test_the_second_administrator_is_told_and_may_save_again(root):
    mina = person("mina", "curator", PASSWORD)
    form = change_form(root, mina, last_name="Kim")
    User.objects.filter(pk=mina.pk).update(is_active=False)
    mina.groups.add(Group.objects.get(name="editor"))

    refused = root.post(change_url(mina), form)
    page = refused.content.decode()
    assert refused.status_code == 200
    assert "Somebody else changed this while you were editing it (active, groups)" in page
    assert 'value="Kim"' in page
    mina.refresh_from_db()
    assert mina.last_name == "" and not mina.is_active

    again = {**form, "seen": refused.context["adminform"].form["seen"].value()}
    assert root.post(change_url(mina), again).status_code == 302
    mina.refresh_from_db()
    assert mina.last_name == "Kim" and mina.is_active


def test_signing_in_meanwhile_refuses_nothing(root):
    mina = person("mina", "curator", PASSWORD)
    form = change_form(root, mina, last_name="Kim")
    signed_in(mina).get("/en/admin/")
    assert root.post(change_url(mina), form).status_code == 302


def test_a_group_too(root):
    group = person("mina", "curator", PASSWORD).groups.get()
    form = change_form(root, group)
    removed = group.permissions.first()
    group.permissions.remove(removed)
    assert (
        "changed this while you were editing it (permissions)"
        in root.post(change_url(group), form).content.decode()
    )
    assert not group.permissions.filter(pk=removed.pk).exists()
    assert root.post(change_url(group), change_form(root, group)).status_code == 302
    assert Permission.objects.filter(pk=removed.pk).exists()
