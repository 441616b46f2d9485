"""Owns what a hostile reader sends: values that fit nowhere, and the asking of them exactly as given."""

from django.test import Client

# What may stand where a code, a number or a word belongs, as it is sent.
HOSTILE = {
    "unknown": "no-such-thing",
    "empty": "",
    "blank": "%20%20",
    "text": "%ED%8C%90%EA%B5%90",
    "zero": "0",
    "negative": "-1",
    "huge": "1" + "0" * 30,
    "beyond-64-bit": "9223372036854775808",
    "endless-digits": "9" * 5000,
    "superscript": "%C2%B2",
    "full-width": "%EF%BC%91%EF%BC%92",
    "arabic-digits": "%D9%A1%D9%A2",
    "exponent": "1e9",
    "infinity": "Infinity",
    "not-a-number": "NaN",
    "dashes": "--name",
    "sql": "'%20OR%201=1;--",
    "markup": "%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "pattern": "(a%2B)%2B$",
    "like": "%25_%25%5C",
    "braces": "%7B%7B7*7%7D%7D",
    "percent": "%25",
    "broken-escape": "%zz%",
    "lookup": "district__slug__in",
    "newline": "a%0D%0AX-Bad:%201",
    "zero-width": "%E2%80%8B",
    "right-to-left": "%E2%80%AE",
    "emoji": "%F0%9F%92%A5",
    "long": "x" * 3000,
    "words": "+".join("abcdefghijklmnopqrst"),
    "repeated": "a&{name}=b&{name}=c",
}
UNREADABLE = {
    "nul": "%00",
    "nul-inside": "a%00b",
    "bad-utf-8": "%FF%FE",
    "cut-utf-8": "%ED%8C",
    "lone-surrogate": "%ED%A0%80",
    "overlong": "%C0%80",
}


def query(names: list[str], value: str) -> str:
    return "&".join(f"{name}={value.replace('{name}', name)}" for name in names)


def ask(client: Client, path: str, sent: str = "", method: str = "GET", **headers):
    """A request with the query exactly as given."""
    return client.generic(method, path, QUERY_STRING=sent, **headers)


def messages(page: str) -> int:
    return page.count('class="err"') + page.count('class="msg warn"')


def is_a_page(response) -> bool:
    return response["Content-Type"].startswith("text/html") and b'id="main"' in response.content
