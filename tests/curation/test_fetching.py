"""One request: bounded in time and size, and only to machines it may talk to."""

import shutil
import ssl
import subprocess
import time

import pytest
from django.utils import translation

from clusters.curation.fetching import Bounds, Unreachable, fetch, is_public
from tests.loopback import Asked, Reply, serving


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def refusal(*arguments, **options) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        fetch(*arguments, **options)
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:0a00:0001::", "nonsense", "",
    ],
)  # fmt: skip
def test_addresses_outside_the_public_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "211.234.100.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/", "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/", "http://0/",
    ],
)  # fmt: skip
def test_names_of_this_machine_are_refused_without_asking(url):
    assert refusal(url).refused


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/", "http://", "http://user:pw@example.org/", "http://a:99999/", "x", "http://[", "gopher://a/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    assert refusal(url, resolver=lambda host, port: ["8.8.8.8"]).refused


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    problem = refusal("http://mixed.example/", resolver=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    assert problem.refused and "private" in str(problem)


def test_a_name_without_a_machine():
    def nowhere(host, port):
        raise OSError

    assert "no machine" in str(refusal("http://gone.example/", resolver=nowhere))


def test_the_connection_goes_to_the_address_that_was_looked_at():
    """A second look-up might give another machine: there is none."""
    looked = []

    def resolver(host, port):
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["10.0.0.1"]

    with serving(lambda asked: Reply(b"here")) as server:
        port = server.address.rpartition(":")[2]
        answer = fetch(f"http://name.example:{port}/a b?q=판교", anywhere=True, resolver=resolver)
    assert (answer.status, answer.body, looked) == (200, b"here", ["name.example"])
    assert server.asked[0].headers["host"] == f"name.example:{port}"
    assert server.asked[0].target == "/a%20b?q=%ED%8C%90%EA%B5%90"


def test_redirects_are_given_back_not_followed():
    with serving(lambda asked: Reply(status=302, headers={"Location": "http://10.0.0.1/"})) as server:
        answer = fetch(server.address, anywhere=True)
    assert answer.is_redirect and len(server.asked) == 1


BRIEF = Bounds(seconds=0.4, wait=0.4, bytes=1000)


def test_a_server_that_says_nothing():
    with serving(lambda asked: Reply(hang=True)) as server:
        began = time.monotonic()
        assert "in time" in str(refusal(server.address, anywhere=True, bounds=BRIEF))
    assert time.monotonic() - began < 5


def test_a_server_that_drips_is_cut_off_by_the_clock():
    """Each wait is short enough, all of them together are not."""
    bounds = Bounds(seconds=0.4, wait=30, bytes=2**40)
    with serving(lambda asked: Reply(endless=True)) as server:
        began = time.monotonic()
        assert "in time" in str(refusal(server.address, anywhere=True, bounds=bounds))
    assert time.monotonic() - began < 5


def test_more_bytes_than_allowed():
    with serving(lambda asked: Reply(b"x" * 1001)) as server:
        assert "longer than 1,000 bytes" in str(refusal(server.address, anywhere=True, bounds=BRIEF))
        cut = Bounds(seconds=5, bytes=1000, cut=True)
        assert len(fetch(server.address, anywhere=True, bounds=cut).body) == 1000


def test_an_answer_that_breaks_off():
    with serving(lambda asked: Reply(b"half", cut=True)) as server:
        assert "broke off" in str(refusal(server.address, anywhere=True))


def test_nobody_listens():
    with serving(lambda asked: Reply()) as server:
        address = server.address
    assert "failed" in str(refusal(address, anywhere=True))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_certificates_are_verified(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def wrap(listener):
        return context.wrap_socket(listener, server_side=True)

    def answer(asked: Asked) -> Reply:
        return Reply(b"secret")

    with serving(answer, wrap) as server:
        assert "certificate" in str(refusal(server.address, anywhere=True))
        assert server.asked == []
        trusting = ssl.create_default_context(cafile=str(certificate))
        assert fetch(server.address, anywhere=True, context=trusting).body == b"secret"
        other = server.address.replace("127.0.0.1", "name.example")
        here = refusal(other, anywhere=True, context=trusting, resolver=lambda host, port: ["127.0.0.1"])
        assert "certificate" in str(here)
