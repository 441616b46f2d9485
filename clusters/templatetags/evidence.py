"""The numbered sources beside facts: notes that open in place, and the list of them at the end of a page."""

from collections.abc import Iterable
from functools import partial

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clusters.dates import PartialDate

from .components import localized
from .once import drawn_once

register = template.Library()


def language_of(words: str) -> str:
    return "ko" if any("가" <= character <= "힣" for character in words) else "en"


@register.simple_tag
def lang_of(words) -> SafeString:
    """The lang attribute of a text that is not in the page's language, for the voice that reads it aloud."""
    language = language_of(str(words))
    is_read_alike = language == get_language() or not any(character.isalpha() for character in str(words))
    return SafeString("") if is_read_alike else format_html(' lang="{}"', language)


def _document(source) -> SafeString:
    """A document with who published it and when; one without an address of its own is shown by its page here."""
    return format_html(
        '<a href="{}"{} rel="noopener">{}</a>{}, {}',
        source.url or source.get_absolute_url(),
        lang_of(source.title),
        source.title,
        source.publisher,
        PartialDate(source.published).display() if source.published else _("date of publication unknown"),
    )


def _said_of(fact) -> list:
    """What a fact adds to its documents: the date it speaks of, where that is not theirs, and its note."""
    said = []
    shown = fact.public_source.published if fact.public_source else ""
    if fact.as_of and str(fact.as_of) != str(shown):
        said.append(_("As of %(date)s") % {"date": PartialDate(fact.as_of).display()})
    if fact.note:
        said.append(localized(fact.note))
    return said


def _in_short(numbers: list[int]) -> str:
    """Ascending numbers as a reference work writes them: 1, 4–7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(parts)


def _popover(context, sources: list, side: str, said: Iterable = ()) -> SafeString:
    """The numbers of documents, which open in place; with no documents, nothing."""
    if not sources:
        return SafeString("")
    documents = {
        source.pk: drawn_once(context, ("document", get_language(), source.pk), partial(_document, source))
        for source in sources
    }
    notes = format_html_join("", "<p>{}</p>", ((words,) for words in said))

    def draw(numbers: dict[int, int]) -> SafeString:
        numbered = sorted((number, documents[pk]) for pk, number in numbers.items())
        short = _in_short([number for number, _document in numbered])
        name = ngettext("Source %(numbers)s", "Sources %(numbers)s", len(numbered)) % {"numbers": short}
        return format_html(
            '<details class="ev{}" name="ev"><summary aria-label="{}">{}</summary><div>{}{}</div></details>',
            " r" if side == "r" else "",
            name,
            short,
            format_html_join("", "{}", ((document,) for _number, document in numbered)),
            notes,
        )

    return context["refs"].cite(sources, draw)


@register.simple_tag(takes_context=True)
def evidence(context, fact, side: str = "") -> SafeString:
    """The sources of a fact as numbers that open in place; with none, nothing is drawn."""
    sources = fact.public_sources if hasattr(fact, "public_sources") else [fact.public_source]
    return _popover(context, [source for source in sources if source], side, _said_of(fact))


@register.simple_tag(takes_context=True)
def source_ref(context, source, side: str = "") -> SafeString:
    """The number of a source that stands by itself."""
    return source_refs(context, [source], side)


@register.simple_tag(takes_context=True)
def source_refs(context, sources, side: str = "") -> SafeString:
    """The numbers of several sources that stand by themselves."""
    return _popover(context, [source for source in sources if source is not None and source.is_public], side)


@register.inclusion_tag("components/references.html", takes_context=True)
def references(context) -> dict:
    """The list of every source the page has cited so far, in order."""
    return {
        "refs": list(context["refs"]),
        "section_number": context.get("section_number", ""),
        "data_version": context.get("data_version", 0),
    }
