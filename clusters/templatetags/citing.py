"""How to cite a page: in Korean, in English and as BibTeX, with an address that keeps showing this state."""

import re
from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.dates import SEOUL, PartialDate, seoul_now
from clusters.models import past

register = template.Library()


def _moment(context, whole_day: bool) -> tuple[datetime, str]:
    """The state the page shows, as a moment and as its address has it; the same for as long as the page is kept."""
    if shown := context.get("earlier"):
        return shown.moment, shown.text
    start = seoul_now().replace(second=0, microsecond=0)
    if whole_day:
        start = start.replace(hour=0, minute=0)
    changed = past.last_change(context.get("data_version") or 0)
    moment = max(start, changed.astimezone(SEOUL)) if changed else start
    precise = "minutes" if moment == start else "microseconds"
    return moment, moment.replace(tzinfo=None).isoformat(timespec=precise)


@register.inclusion_tag("components/cite.html", takes_context=True)
def cite(context, name_ko: str, name_en: str, kept_for: str = "minute", query: str = "") -> dict:
    """`kept_for` is "day" on pages that are kept for a day, else "minute"; `query` belongs to the page's address."""
    moment, text = _moment(context, kept_for == "day")
    separator = f"?{query}&" if query else "?"
    permalink = f"{context['canonical']}{separator}{urlencode({'as_of': text}, safe=':')}"
    day = PartialDate(f"{moment:%Y-%m-%d}")
    said = {}
    for language, name in (("ko", name_ko), ("en", name_en or name_ko)):
        with translation.override(language):
            said[language] = _(
                "%(site)s. (%(year)d). %(title)s [state of %(date)s]. Retrieved %(date)s, from %(url)s"
            ) % {
                "site": _("Seoul AI Clusters"),
                "year": moment.year,
                "title": name,
                "date": day.display(),
                "url": permalink,
            }
    key = re.sub(r"[^a-z0-9]+", "-", context["canonical"].rsplit("/en/")[-1].split("//")[-1].lower()).strip(
        "-"
    )
    bibtex = (
        # Braces within quotes keep a name and its capitals whole.
        f'@misc{{{key}-{day},\n  author = "{{Seoul AI Clusters}}",\n  title = "{{{_braced(name_en or name_ko)}}}",\n'
        f"  year = {{{moment.year}}},\n  url = {{{permalink}}},\n  urldate = {{{day}}}\n}}"
    )
    return {"permalink": permalink, "korean": said["ko"], "english": said["en"], "bibtex": bibtex}


def _braced(text: str) -> str:
    """A title without the signs that TeX would read as orders."""
    return re.sub(r"([&%$#_])", r"\\\1", re.sub(r"[{}\\]", "", text))
