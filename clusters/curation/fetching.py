"""One request to another machine, bounded in time and size, to an address that was looked at before connecting."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

from django.utils.translation import gettext as _

AGENT = "SeoulAIClusters/1.0 (link and data upkeep)"
CHUNK = 2**16
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

# Host and port to numeric addresses; raises OSError when there are none.
Resolver = Callable[[str, int], list[str]]


class Unreachable(Exception):
    """No answer, or none that may be used: why, as a sentence. `refused` is true where nothing was even tried."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


@dataclass(frozen=True)
class Bounds:
    """How long a request may take in all, how long one wait in it, and how many bytes are read."""

    seconds: float = 30
    wait: float = 10
    bytes: int = 2**20
    # An answer longer than that is cut off (for a link check) or refused.
    cut: bool = False


@dataclass
class Answer:
    url: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_redirect(self) -> bool:
        return self.status in {301, 302, 303, 307, 308} and bool(self.headers.get("location"))

    def leads_to(self) -> str:
        """The address that a redirect names. Raises Unreachable when it is no web address."""
        named = self.headers["location"]
        with suppress(UnicodeError):  # headers are read as Latin-1; Korean servers write UTF-8 into them
            named = named.encode("latin-1").decode("utf-8")
        try:
            found = urldefrag(urljoin(self.url, named))[0]
        except ValueError:
            raise Unreachable(_("This is not a web address."), refused=True) from None
        _parts(found)
        return found


def resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether a numeric address lies in the public internet, also where it wraps another one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = [ip]
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        inner += [wrapped for wrapped in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if wrapped]
        if ip.ipv4_mapped:
            inner.remove(ip)
    return all(one.is_global and not one.is_multicast for one in inner)


def fetch(
    url: str,
    *,
    method: str = "GET",
    bounds: Bounds | None = None,
    anywhere: bool = False,
    resolver: Resolver = resolve,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Ask once; redirects are the caller's to follow. Raises Unreachable.

    The connection goes to the very address that was looked at, so that a name cannot mean another machine a
    moment later. `anywhere` also allows machines that are not in the public internet.
    """
    bounds = bounds or Bounds()
    scheme, host, port, target = _parts(url)
    address = _address(host, port, resolver, anywhere)
    request = _Request(scheme, host, port, address, bounds, context)
    try:
        return request.send(method, target, url)
    except TimeoutError:
        raise Unreachable(_("It did not answer in time.")) from None
    except ssl.SSLCertVerificationError as problem:
        raise Unreachable(
            _("Its certificate is not valid: %(why)s") % {"why": problem.verify_message}
        ) from None
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as problem:
        if request.expired:
            raise Unreachable(_("It did not answer in time.")) from None
        name = (
            problem.strerror if isinstance(problem, OSError) and problem.strerror else type(problem).__name__
        )
        raise Unreachable(_("The connection failed: %(why)s") % {"why": name}) from None
    finally:
        request.close()


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        encoded = host.encode("idna").decode("ascii") if not host.isascii() else host
    except (ValueError, UnicodeError):
        raise Unreachable(_("This is not a web address."), refused=True) from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise Unreachable(_("This is not a web address."), refused=True)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    target = urlunsplit(("", "", path, query, ""))
    if any(ord(character) <= 32 or ord(character) >= 127 for character in target):
        raise Unreachable(_("This is not a web address."), refused=True)
    return parts.scheme, encoded, port or (443 if parts.scheme == "https" else 80), target


def _address(host: str, port: int, resolver: Resolver, anywhere: bool) -> str:
    try:
        found = resolver(host, port)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Unreachable(_("There is no machine of this name."))
    if not anywhere and not all(is_public(address) for address in found):
        raise Unreachable(_("The name leads into a private network; it was not asked."), refused=True)
    return found[0]


class _Request:
    """A connection whose time is over when the clock says so, whatever the other side drips."""

    def __init__(
        self, scheme: str, host: str, port: int, address: str, bounds: Bounds, context: ssl.SSLContext | None
    ) -> None:
        self.scheme, self.host, self.port, self.address = scheme, host, port, address
        self.bounds, self.context = bounds, context
        self.expired = False
        self.socket: socket.socket | None = None
        self.connection: http.client.HTTPConnection | None = None
        self.timer = threading.Timer(bounds.seconds, self._expire)
        self.timer.daemon = True

    def send(self, method: str, target: str, url: str) -> Answer:
        self.timer.start()
        wait = min(self.bounds.wait, self.bounds.seconds)
        self.socket = socket.create_connection((self.address, self.port), timeout=wait)
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=wait)
        if self.scheme == "https":
            context = self.context or ssl.create_default_context()
            self.socket = context.wrap_socket(
                self.socket, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.socket.do_handshake()
        self.connection.sock = self.socket
        shown = f"[{self.host}]" if ":" in self.host else self.host
        standard = self.port == (443 if self.scheme == "https" else 80)
        headers = {
            "Host": shown if standard else f"{shown}:{self.port}",
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        self.connection.request(method, target, headers=headers)
        response = self.connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(url, response.status, found, self._body(response))

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        while chunk := response.read(min(CHUNK, self.bounds.bytes + 1 - len(body))):
            body += chunk
            if len(body) > self.bounds.bytes:
                if self.bounds.cut:
                    return bytes(body[: self.bounds.bytes])
                raise Unreachable(
                    _("The answer is longer than %(size)s bytes.") % {"size": f"{self.bounds.bytes:,}"}
                )
        if self.expired:
            raise TimeoutError
        if response.length:
            raise Unreachable(_("The answer broke off in the middle."))
        return bytes(body)

    def _expire(self) -> None:
        self.expired = True
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.timer.cancel()
        if self.connection is not None:
            self.connection.close()
        if self.socket is not None:
            self.socket.close()
