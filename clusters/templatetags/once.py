"""Parts of pages that are the same until the data changes: drawn once per version of the data."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
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
    """The parts drawn for one version of the data, by name; the first drawn go when there are too many."""

    def __init__(self, data_version: int) -> None:
        self.version, self.size = data_version, 0
        self.parts: OrderedDict[Hashable, tuple[str | Passage, int]] = OrderedDict()

    def keep(self, key: Hashable, part: str | Passage, size: int) -> None:
        with _writing:
            self.size += size - self.parts.pop(key, ("", 0))[1]
            self.parts[key] = part, size
            while self.size > MOST:
                self.size -= self.parts.popitem(last=False)[1][1]


_drawn = Drawn(0)
_writing = Lock()


def forget() -> None:
    """Nothing is drawn yet."""
    global _drawn
    _drawn = Drawn(0)


def drawn_once(
    context,
    key: Hashable,
    draw: Callable[[], Part],
    size: Callable[[Part], int] = len,  # type: ignore[assignment]
    reads: bool = False,
) -> Part:
    """The part of a page, drawn by the first who asks for it; `reads` is true where that reads records."""
    global _drawn
    data_version = context.get("data_version")
    if not data_version:
        return draw()
    if _drawn.version != data_version:
        _drawn = Drawn(data_version)
    drawn = _drawn
    if found := drawn.parts.get(key):
        return found[0]  # type: ignore[return-value]  # each key has parts of one kind
    part = draw()
    # Where somebody wrote while it was drawn, it is not kept.
    if not reads or version.current() == data_version:
        drawn.keep(key, part, size(part))
    return part


class Once(Node):
    reads = False

    def __init__(self, body: NodeList, names: list) -> None:
        self.nodelist, self.names = body, names

    def key(self, context) -> tuple:
        return (get_language(), *(name.resolve(context) for name in self.names))

    def render(self, context) -> str:
        return drawn_once(
            context, self.key(context), lambda: self.nodelist.render(context), len, reads=self.reads
        )


class Whole(Once):
    reads = True


class PassageNode(Once):
    def render(self, context) -> SafeString:
        key = ("passage", *self.key(context))
        passage = drawn_once(context, key, lambda: self.drawn(context), lambda one: one.size, reads=True)
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
def whole(parser: Parser, token: Token) -> Once:
    """{% whole "name" … %} … {% endwhole %}: as `once`, for what reads records; also for all that a page cites
    together with the list of its sources, so that both have their numbers."""
    return _parsed(parser, token, Whole)


@register.tag
def passage(parser: Parser, token: Token) -> Once:
    """{% passage "name" … %} … {% endpassage %}: as `once`, for what cites sources or numbers figures and tables."""
    return _parsed(parser, token, PassageNode)
