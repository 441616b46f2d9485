"""Sign-in limits: by name and address behind counted proxies, without telling who exists; sessions and headers."""

from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from clusters.admin.signin import client_address
from tests import factories
from tests.admin.conftest import PASSWORD, person
from tests.admin.pages import change_url, list_url

LOGIN = "/en/admin/login/"


def sign_in(client=None, name="jun", password="wrong", url=LOGIN, **headers):
    return (client or Client()).post(url, {"username": name, "password": password}, **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "expected"),
    [
        (0, None, "192.0.2.9", "192.0.2.9"),
        (0, "203.0.113.7", "192.0.2.9", "192.0.2.9"),
        (1, "203.0.113.7", "10.0.0.1", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "10.0.0.1", "203.0.113.7"),
        (1, "6.6.6.6,7.7.7.7 , 203.0.113.7", "10.0.0.1", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.1", "10.0.0.1"),
        (1, None, "10.0.0.1", "10.0.0.1"),
        (1, "garbage", "10.0.0.1", "10.0.0.1"),
        (1, "203.0.113.7:50123", "10.0.0.1", "203.0.113.7"),
        (1, "[2001:db8:1:2:3:4:5:6]:443", "10.0.0.1", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.7", "10.0.0.1", "203.0.113.7"),
        (0, None, "", None),
    ],
)
def test_the_address_counted_is_the_one_our_outermost_proxy_saw(settings, proxies, forwarded, peer, expected):
    settings.TRUSTED_PROXIES = proxies
    headers = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    assert client_address(RequestFactory().get("/", **headers)) == expected


def test_too_many_attempts_lock_the_name_from_there(editor):
    for _ in range(4):
        assert sign_in().status_code == 200
    response = sign_in()
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()
    assert sign_in(password=PASSWORD).status_code == 429
    assert sign_in(password=PASSWORD, REMOTE_ADDR="198.51.100.5").status_code == 302
    korean = sign_in(url="/admin/login/")
    assert korean.status_code == 429
    assert '<html lang="ko"' in korean.content.decode()


def test_made_up_forwarded_addresses_do_not_open_the_lock(editor, settings):
    settings.TRUSTED_PROXIES = 1
    for turn in range(5):
        response = sign_in(HTTP_X_FORWARDED_FOR=f"6.6.6.{turn}, 203.0.113.7")
    assert response.status_code == 429
    assert sign_in(HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.7").status_code == 429
    assert sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 302


def test_others_behind_the_same_proxy_are_not_locked_out(editor, settings):
    settings.TRUSTED_PROXIES = 1
    for _ in range(6):
        sign_in(HTTP_X_FORWARDED_FOR="203.0.113.7", REMOTE_ADDR="10.0.0.1")
    other = sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.99", REMOTE_ADDR="10.0.0.1")
    assert other.status_code == 302


def test_without_proxies_a_forwarded_address_counts_for_nothing(editor):
    for turn in range(5):
        response = sign_in(HTTP_X_FORWARDED_FOR=f"6.6.6.{turn}")
    assert response.status_code == 429


def words(response) -> str:
    return response.content.decode().split("<main")[1].split("</main>")[0].split("csrfmiddlewaretoken")[0]


def test_nobody_learns_which_names_exist(editor):
    outsider = User.objects.create_user("guest", password=PASSWORD)
    answers = [sign_in(name=name) for name in ("jun", "nobody", outsider.username)]
    answers.append(sign_in(name="guest", password=PASSWORD))  # right, but no curator
    assert len({(answer.status_code, words(answer)) for answer in answers}) == 1
    for name in ("jun", "nobody"):
        for _ in range(5):
            last = sign_in(name=name)
        answers.append(last)
    assert answers[-1].status_code == answers[-2].status_code == 429
    assert words(answers[-1]) == words(answers[-2])


def test_unknown_names_cost_as_much_work(editor):
    from django.contrib.auth.hashers import get_hasher

    hasher = type(get_hasher())
    costs = []
    for name in ("jun", "nobody"):
        with patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
            sign_in(name=name)
        costs.append(encode.call_count)
    assert costs == [1, 1]


def test_passwords_and_codes_are_kept_nowhere(editor):
    Client().post(LOGIN, {"username": "jun", "password": "secret-guess", "otp_token": "123456"})
    kept = str(AccessAttempt.objects.values().get())
    assert "secret-guess" not in kept
    assert "123456" not in kept


def test_the_session_rotates_and_lasts_eight_hours(editor):
    client = Client()
    client.get(LOGIN)
    client.session["before"] = True
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    response = sign_in(client, password=PASSWORD)
    assert response.status_code == 302
    cookie = response.cookies["sessionid"]
    assert cookie.value != before
    assert cookie["max-age"] == 8 * 60 * 60
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "http:///evil.example",
    ],
)
def test_next_stays_on_the_site(editor, target):
    data = {"username": "jun", "password": PASSWORD, "next": target}
    response = Client().post(f"{LOGIN}?next={target}", data)
    assert response.status_code == 302
    assert response.url.startswith("/")
    assert "evil" not in response.url
    assert "javascript" not in response.url


def test_next_leads_back_within_the_site(editor):
    client = Client()
    response = client.get(list_url(User))
    assert response.url == f"{LOGIN}?next=/en/admin/auth/user/"
    data = {"username": "jun", "password": PASSWORD, "next": list_url(User)}
    assert client.post(response.url, data).url == list_url(User)


def test_a_person_without_access_stays_outside(db):
    User.objects.create_user("guest", password=PASSWORD)
    client = Client()
    assert sign_in(client, name="guest", password=PASSWORD).status_code == 200
    assert client.get("/en/admin/").status_code == 302


def test_every_page_of_the_admin_carries_the_policy(as_editor):
    company = factories.company()
    pages = [
        "/en/admin/",
        list_url(type(company)),
        list_url(type(company), "add/"),
        change_url(company),
        change_url(company, "delete"),
        change_url(company, "history"),
        "/en/admin/autocomplete/",
        "/en/admin/nosuch/",
    ]
    responses = [as_editor.get(page) for page in pages] + [Client().get(LOGIN)]
    for _ in range(5):
        responses.append(sign_in(name="nobody"))
    for response in responses:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "style=" not in response.content.decode()
        assert "<script>" not in response.content.decode()
    assert "no-store" in as_editor.get("/en/admin/").headers["Cache-Control"]


def test_people_are_kept_by_administrators(as_administrator):
    form = {"username": "newcomer", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert as_administrator.post(list_url(User, "add/"), form).status_code == 302
    assert User.objects.filter(username="newcomer").exists()
    assert not person("other", "curator").is_superuser
