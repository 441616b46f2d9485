"""The calls that the program matcher tells of: what the notice says is drawn once, what it means for somebody each time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.template import Context, engines
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from clusters.directory.passages import Cited, Passage
from clusters.programs import deadlines, keeping, matching
from clusters.programs.eligibility import Finding, Verdict
from clusters.programs.weighing import Weighed

register = template.Library()


@dataclass(frozen=True)
class Notice:
    """What is said of a call, whoever asks."""

    slug: str  # of its program
    head: str
    unread: str  # what stands in the place of conditions, where the directory has none
    conditions: dict[int, Passage]


Notices = dict[int, Notice]


def _drawn(name: str, **values) -> Passage:
    refs, engine = Cited(), engines["django"]
    found: Any = engine.get_template(f"programs/{name}.html")
    return refs.passage(found.template.render(Context({"refs": refs, **values})).rstrip("\n"))


def _notice(call: Any, now: datetime) -> Notice:
    values = {"call": call, "program": call.program, "deadline": deadlines.describe(call, now)}
    conditions = {one.pk: _drawn("condition", criterion=one) for one in call.public_criteria}
    head, unread = (_drawn(name, **values).placed(Cited()) for name in ("notice", "unread"))
    return Notice(escape(call.program.slug), head, unread, conditions)


@register.simple_tag(takes_context=True)
def notices_of(context, weighed: Iterable[Weighed]) -> Notices:
    """What the notices of these calls say, by call; a call that was withdrawn just now has none."""
    now, language = context["now"], get_language()

    def draw(missing: list[tuple]) -> dict[tuple, Notice]:
        calls = matching.calls(pk for _kind, pk, _language in missing)
        return {("notice", pk, language): _notice(call, now) for pk, call in calls.items()}

    keys = [("notice", one.call_pk, language) for one in weighed]
    found = keeping.kept_each(keys, context["data_version"], now, draw)
    return {pk: notice for (_kind, pk, _language), notice in found.items()}


@register.simple_tag(takes_context=True)
def matches(context, weighed: Iterable[Weighed], notices: Notices) -> SafeString:
    """Calls as somebody is weighed against them, each with its conditions."""
    refs = context["refs"]
    return mark_safe(
        "".join(_match(one, notices[one.call_pk], refs) for one in weighed if one.call_pk in notices)
    )


def _match(one: Weighed, notice: Notice, refs) -> str:
    verdict = one.verdict
    outside = ""
    if one.outside:
        words = _("The program is bound to another place: check whether you would have to be there.")
        outside = format_html('<p class="note">{}</p>', words)
    findings = [finding for finding in one.result.findings if finding.condition.key in notice.conditions]
    told = _conditions(one, findings, notice, refs) if findings else notice.unread
    return f'<li data-slug="{notice.slug}" data-verdict="{verdict.value}">{notice.head}\n{outside}{told}</li>'


def _conditions(one: Weighed, findings: list[Finding], notice: Notice, refs) -> str:
    number = len(findings)
    summary = ngettext("%(counter)s condition", "%(counter)s conditions", number) % {"counter": number}
    if one.doubts:
        summary += ", " + _("%(counter)s to be checked") % {"counter": one.doubts}
    day, unstated = escape(_("Base date")), ""
    if not one.base_is_stated:
        unstated = format_html('<span class="sub">{}</span>', _("The notice states no base date."))
    return (
        f'<details class="data"{" open" if one.verdict is Verdict.UNMET else ""}><summary>{escape(summary)}</summary>'
        f'<dl class="kv">{"".join(_finding(each, notice, refs) for each in findings)}'
        f'<dt>{day}</dt><dd><span class="num">{one.base:%Y-%m-%d}</span>{unstated}</dd></dl></details>'
    )


def _finding(found: Finding, notice: Notice, refs) -> str:
    words = {
        Verdict.MET: pgettext("condition", "Met"),
        Verdict.UNMET: pgettext("condition", "Not met"),
        Verdict.CHECK: pgettext("condition", "To be checked"),
    }[found.verdict]
    reason = f'<span class="sub">{escape(found.reason)}</span>' if found.reason else ""
    return (
        f'<dt><span class="vd" data-v="{found.verdict.value}">{escape(words)}</span></dt>'
        f"<dd>{notice.conditions[found.condition.key].placed(refs)}{reason}</dd>"
    )
