"""What the address of a request says: its language and its query."""


def language_of(path: str) -> str:
    """The language an address speaks: English under /en/, Korean elsewhere."""
    return "en" if path == "/en" or path.startswith("/en/") else "ko"


def query_of(request) -> bytes:
    """The query as it was sent. WSGI hands over each byte as one character."""
    return request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
