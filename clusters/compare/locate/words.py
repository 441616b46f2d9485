"""The answer in sentences: who is first and by what, and how firm that is."""

from dataclasses import dataclass

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from clusters.text import join_words, particle

from .answer import Answer, Part, Place, points
from .criteria import CRITERIA, Criterion
from .robustness import Turn

NAMED = 3  # criteria named in one sentence
FIRM, FAIR = 95, 75  # percent of the moved weights in which the first place stays


def listed(words: list[str]) -> str:
    return join_words(words, pgettext("before the last of several districts", " and "))


def marked(word: str, pair: str) -> str:
    """A word with the Korean particle that fits it; the bare word in English."""
    return word + (particle(word, pair) if get_language() == "ko" else "")


def names(places: list[Place]) -> str:
    return listed([str(place.district.short_name) for place in places])


def first_place(answer: Answer) -> str:
    """Who is first, of how many points, and how far ahead."""
    first, others = answer.first, answer.places[len(answer.tied) :]
    values = {"points": f"{first.points:g}", "names": marked(names(answer.tied), "이/가")}
    if len(answer.tied) > 1:
        return _("%(names)s share the first place with %(points)s of 100 points.") % values
    if not others:
        return _("%(names)s is the only district, with %(points)s of 100 points.") % values
    values["lead"] = f"{points(first.standing.total.value - others[0].standing.total.value):g}"
    values["second"] = str(others[0].district.short_name)
    return _("%(names)s comes first with %(points)s of 100 points, %(lead)s ahead of %(second)s.") % values


def why_first(answer: Answer) -> str:
    """What the first district is made of, and where the second one is better."""
    most = sorted(answer.first.weighed, key=lambda part: -part.given.value)[:NAMED]
    said = [
        _("Most of its points come from %(list)s.")
        % {"list": listed([_with_points(part) for part in most if part.given.value])}
    ]
    others = answer.places[len(answer.tied) :]
    if others:
        said.append(_against(answer.first, others[0]))
    return " ".join(sentence for sentence in said if sentence)


def _with_points(part: Part) -> str:
    return f"{part.criterion.label} ({part.points:g})"


def _against(first: Place, second: Place) -> str:
    gains = [
        (one.given.value - other.given.value, one.criterion)
        for one, other in zip(first.weighed, second.weighed, strict=True)
    ]
    ahead = [criterion for gain, criterion in sorted(gains, key=lambda g: -g[0]) if gain > 0][:NAMED]
    behind = [criterion for gain, criterion in sorted(gains, key=lambda g: g[0]) if gain < 0][:NAMED]
    name = str(second.district.short_name)
    values = {"second": name, "ahead": _labels(ahead), "behind": _labels(behind)}
    if behind:
        return _("It is ahead of %(second)s in %(ahead)s, and behind in %(behind)s.") % values
    return _("It is ahead of %(second)s in %(ahead)s, and behind in nothing.") % values


def _labels(criteria: list[Criterion]) -> str:
    return listed([str(criterion.label) for criterion in criteria])


@dataclass(frozen=True)
class Verdict:
    """How firm the first place is, in a word and the sentences behind it."""

    word: str
    shares: str
    gaps: str


def verdict(answer: Answer) -> Verdict:
    times, total = answer.firmness.times(answer.first.standing.index), answer.firmness.combinations
    percent = times * 100 // total
    if percent >= FIRM:
        word = (
            _("The first place is firm against other weights, but not against missing data.")
            if answer.rivals
            else _("The first place is firm.")
        )
    elif percent >= FAIR:
        word = _("The first place is fairly firm.")
    else:
        word = _("The first place is not firm: small changes of the weights decide it.")
    return Verdict(word, _shares(answer, times, total, percent), _gaps(answer))


def _shares(answer: Answer, times: int, total: int, percent: int) -> str:
    name = str(answer.first.district.short_name)
    said = ngettext(
        "With every weight moved down or up by 20 percent there is %(total)s combination, and %(name)s is first in"
        " %(times)s of them (%(percent)s%%).",
        "With every weight moved down or up by 20 percent there are %(total)s combinations, and %(name)s is first"
        " in %(times)s of them (%(percent)s%%).",
        total,
    ) % {"total": total, "name": marked(name, "이/가"), "times": times, "percent": percent}
    others = [
        f"{answer.districts[index].short_name} {count}"
        for index, count in answer.firmness.firsts.items()
        if index != answer.first.standing.index
    ]
    return " ".join([said, _("Otherwise: %(list)s.") % {"list": ", ".join(others)}]) if others else said


def _gaps(answer: Answer) -> str:
    if not answer.rivals:
        return _("Whatever the missing data turn out to be, the first place stays the same.")
    return ngettext(
        "With what is missing today, one other district could be first: %(names)s.",
        "With what is missing today, %(number)s other districts could be first: %(names)s.",
        len(answer.rivals),
    ) % {"number": len(answer.rivals), "names": names(answer.rivals)}


@dataclass(frozen=True)
class TurningRow:
    """How far one weight may move."""

    criterion: Criterion
    weight: int
    below: str
    above: str

    @property
    def is_free(self) -> bool:
        return not self.below and not self.above


def turning_rows(answer: Answer) -> list[TurningRow]:
    def said(turn: Turn | None) -> str:
        if turn is None:
            return ""
        return _("%(weight)s, then %(name)s") % {
            "weight": f"{float(turn.weight):.2f}",
            "name": answer.districts[turn.index].short_name,
        }

    return [
        TurningRow(criterion, weight, said(turning.below), said(turning.above))
        for criterion, weight, turning in zip(CRITERIA, answer.question.weights, answer.turnings, strict=True)
    ]
