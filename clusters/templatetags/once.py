"""Parts of pages that are the same until the data changes: drawn once per version of the data."""

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.translation import get_language

register = template.Library()

MOST = 3_000_000  # characters that are kept


class Drawn:
    """The parts drawn for one version of the data, by name."""

    def __init__(self, data_version: int) -> None:
        self.version, self.size = data_version, 0
        self.parts: dict[tuple, str] = {}


_drawn = Drawn(0)


class Once(Node):
    def __init__(self, body: NodeList, names: list) -> None:
        self.nodelist, self.names = body, names

    def render(self, context) -> str:
        global _drawn
        data_version = context.get("data_version")
        if not data_version:
            return self.nodelist.render(context)
        if _drawn.version != data_version or _drawn.size > MOST:
            _drawn = Drawn(data_version)
        drawn, key = _drawn, (get_language(), *(name.resolve(context) for name in self.names))
        if key not in drawn.parts:
            drawn.parts[key] = html = self.nodelist.render(context)
            drawn.size += len(html)
        return drawn.parts[key]


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """{% once "name" whatever it depends on %} … {% endonce %}, beside the data and the language."""
    names = [parser.compile_filter(part) for part in token.split_contents()[1:]]
    body = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(body, names)
