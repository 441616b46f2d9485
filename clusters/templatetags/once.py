"""Parts of pages that are the same until the data changes: drawn once per version of the data."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from clusters.directory.passages import Cited, Passage
from clusters.models import version

register = template.Library()

Part = TypeVar("Part", str, Passage)

MOST = 6_000_000  # characters that are kept


class Drawn:
    """The parts drawn for one version of the data, by name."""

    def __init__(self, data_version: int) -> None:
        self.version, self.size = data_version, 0
        self.parts: dict[Hashable, str | Passage] = {}


_drawn = Drawn(0)


def _once(context, key: Hashable, draw: Callable[[], Part], size: Callable[[Part], int]) -> Part:
    """The part of a page, drawn by the first who asks for it."""
    global _drawn
    data_version = context.get("data_version")
    if not data_version:
        return draw()
    if _drawn.version != data_version or _drawn.size > MOST:
        _drawn = Drawn(data_version)
    drawn = _drawn
    if key in drawn.parts:
        return drawn.parts[key]  # type: ignore[return-value]  # each key has parts of one kind
    part = draw()
    # A passage reads records while it is drawn: where somebody wrote meanwhile, it is not kept.
    if not isinstance(part, Passage) or version.current() == data_version:
        drawn.parts[key] = part
        drawn.size += size(part)
    return part


class Once(Node):
    def __init__(self, body: NodeList, names: list) -> None:
        self.nodelist, self.names = body, names

    def key(self, context) -> tuple:
        return (get_language(), *(name.resolve(context) for name in self.names))

    def render(self, context) -> str:
        return _once(context, self.key(context), lambda: self.nodelist.render(context), len)


class PassageNode(Once):
    def render(self, context) -> SafeString:
        key = ("passage", *self.key(context))
        passage = _once(context, key, lambda: self.drawn(context), lambda one: one.size)
        return mark_safe(passage.placed(context["refs"]))

    def drawn(self, context) -> Passage:
        refs = Cited()
        with context.push(refs=refs):
            return refs.passage(self.nodelist.render(context))


def _parsed(parser: Parser, token: Token, kind: type[Once]) -> Once:
    tag, *names = token.split_contents()
    body = parser.parse((f"end{tag}",))
    parser.delete_first_token()
    return kind(body, [parser.compile_filter(name) for name in names])


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """{% once "name" whatever it depends on %} … {% endonce %}, beside the data and the language."""
    return _parsed(parser, token, Once)


@register.tag
def passage(parser: Parser, token: Token) -> Once:
    """{% passage "name" … %} … {% endpassage %}: as `once`, for what cites sources or numbers figures and tables."""
    return _parsed(parser, token, PassageNode)
