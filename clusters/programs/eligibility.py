"""Whether an applicant meets the conditions of a call: met, not met, or to be checked, each with its reason.

Pure: it reads plain values and never the database. What is not known about the applicant, or what a clause leaves to
a reader's judgment, is to be checked; only a stated fact against a stated term is a refusal.

Years are counted as the Civil Act does (articles 157 and 160): the first day is not counted, so "within 7 years" of
5 March 2019 ends with 5 March 2026; a 29 February has its anniversary on the last day of February.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clusters.dates import PartialDate

Words = str | Promise

BEFORE_FOUNDING = "before_founding"
COUNTED_IN_YEARS = frozenset({"business_age"})  # dimensions for which the base date counts
NOT_BUSINESSES = frozenset({"university", "institute", "hospital", "nonprofit", "public_body"})


class Verdict(StrEnum):
    MET = "met"
    CHECK = "check"
    UNMET = "unmet"


@dataclass(frozen=True)
class Between:
    """A day of which only the limits are known, such as that of somebody "3 to 7 years old"."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class Applicant:
    """What somebody says about themselves; None or empty stands for not said."""

    form: str = ""  # one of terms.LEGAL_FORMS
    founded: PartialDate | Between | None = None  # a sole proprietor's opening, a corporation's registration
    size: str = ""
    province: str = ""  # "abroad" for abroad
    municipality: str = ""
    technologies: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()
    stage: str = ""
    certifications: frozenset[str] | None = None
    investment_krw: int | None = None


@dataclass(frozen=True)
class Condition:
    """One condition of a call; `key` is whatever the caller knows it by."""

    dimension: str
    terms: Mapping[str, Any] = field(default_factory=dict)
    necessity: str = "required"
    key: Any = None


@dataclass(frozen=True)
class Finding:
    condition: Condition
    verdict: Verdict
    reason: Words  # not put into words before somebody reads it


@dataclass(frozen=True)
class Result:
    """The findings for one call; `verdict` says whether to apply, to check first, or that it cannot be."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    def of(self, verdict: Verdict) -> list[Finding]:
        """The findings with this verdict on what is required or excluded, without mere preferences."""
        return [
            one for one in self.findings if one.verdict == verdict and one.condition.necessity != "preferred"
        ]

    @property
    def advantages(self) -> list[Finding]:
        return [
            one
            for one in self.findings
            if one.condition.necessity == "preferred" and one.verdict == Verdict.MET
        ]


def judge(applicant: Applicant, conditions: Iterable[Condition], base: date) -> Result:
    """Weigh all conditions of a call at its base date. A call without conditions is to be checked."""
    findings = tuple(finding(applicant, condition, base) for condition in conditions)
    binding = [one.verdict for one in findings if one.condition.necessity != "preferred"]
    if Verdict.UNMET in binding:
        verdict = Verdict.UNMET
    elif Verdict.CHECK in binding or not binding:
        verdict = Verdict.CHECK
    else:
        verdict = Verdict.MET
    return Result(verdict, findings)


def finding(applicant: Applicant, condition: Condition, base: date) -> Finding:
    terms = condition.terms
    if not terms:
        return Finding(condition, Verdict.CHECK, _("The clause needs to be read: it cannot be computed."))
    verdict, reason = _RULES[condition.dimension](applicant, terms, base)
    if verdict == Verdict.UNMET and terms.get("open"):
        verdict, reason = Verdict.CHECK, _("The clause names examples only; others may be meant as well.")
    if condition.necessity == "excluded":
        turned = {Verdict.MET: Verdict.UNMET, Verdict.UNMET: Verdict.MET}
        verdict = turned.get(verdict, verdict)
        if verdict == Verdict.UNMET:
            reason = _("Whoever is such is excluded.")
    return Finding(condition, verdict, reason)


def _unsaid() -> tuple[Verdict, Words]:
    return Verdict.CHECK, _("You have not said this.")


def _yes(reason: Words = "") -> tuple[Verdict, Words]:
    return Verdict.MET, reason


def _no(reason: Words = "") -> tuple[Verdict, Words]:
    return Verdict.UNMET, reason or _("What you said does not fit.")


def anniversary(day: date, years: int) -> date | None:
    """The day so many years later; the last of February for a 29th. None beyond the calendar."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28) if day.year + years <= date.max.year else None


def within(founded: date, years: int, base: date) -> bool:
    """Whether no more than so many years have passed since the founding day, on the base date."""
    last = anniversary(founded, years)
    return last is None or base <= last


def _business_age(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    if applicant.form == BEFORE_FOUNDING:
        if terms.get(BEFORE_FOUNDING):
            return _yes(_("Founders who have not registered yet may apply."))
        return Verdict.CHECK, _("The clause does not say whether one may apply before founding.")
    if applicant.founded is None:
        return _unsaid()
    oldest, youngest = applicant.founded.first_day, applicant.founded.last_day
    verdicts = {_age_on(day, terms, base) for day in (oldest, youngest)}
    if len(verdicts) > 1 or (verdicts == {Verdict.UNMET} and _suits_some(oldest, youngest, terms, base)):
        return Verdict.CHECK, _("It depends on the exact day of founding.")
    verdict = verdicts.pop()
    if verdict == Verdict.CHECK:
        return verdict, _("Only certain fields may apply at this age.")
    return verdict, _age_told(applicant.founded.first_day, base)


def _age_in_words(founded: date, base: date) -> str:
    years = _full_years(founded, base)
    return ngettext(
        "%(years)d full year since founding on the base date",
        "%(years)d full years since founding on the base date",
        years,
    ) % {"years": years}


_age_told = lazy(_age_in_words, str)


def _suits_some(oldest: date, youngest: date, terms: Mapping[str, Any], base: date) -> bool:
    """Whether an age between two that are refused may do: the one is too old, the other too young."""
    too_old = "max_years" in terms and not within(youngest, terms["max_years"], base)
    too_young = "min_years" in terms and within(oldest, terms["min_years"], base)
    return not (too_old or too_young)


def _age_on(founded: date, terms: Mapping[str, Any], base: date) -> Verdict:
    if founded > base:
        return Verdict.MET if terms.get(BEFORE_FOUNDING) else Verdict.CHECK
    if "min_years" in terms and within(founded, terms["min_years"], base):
        return Verdict.UNMET
    if "max_years" in terms and not within(founded, terms["max_years"], base):
        arguable = "arguable_years" in terms and within(founded, terms["arguable_years"], base)
        return Verdict.CHECK if arguable else Verdict.UNMET
    return Verdict.MET


def _full_years(founded: date, base: date) -> int:
    years = max(0, base.year - founded.year)
    last = anniversary(founded, years)
    return years - 1 if years and last is not None and last > base else years


def _size(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    if applicant.form in NOT_BUSINESSES:
        return _no(_("The clause is about companies."))
    if applicant.form == BEFORE_FOUNDING:
        return Verdict.CHECK, _("The clause does not say whether one may apply before founding.")
    if not applicant.size:
        return _unsaid()
    return _yes() if applicant.size in terms.get("sizes", ()) else _no()


def _region(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    if not applicant.province:
        return _unsaid()
    if applicant.province == "abroad":
        return _yes() if terms.get("abroad") else _no()
    provinces, municipalities = terms.get("provinces", ()), terms.get("municipalities", ())
    if not provinces and not municipalities:
        return _no()  # only from abroad
    if provinces and applicant.province not in provinces:
        return _no()
    if not municipalities:
        return _yes()
    if not applicant.municipality:
        return Verdict.CHECK, _("It depends on the city or gu.")
    return _yes() if applicant.municipality in municipalities else _no()


def _sector(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    if not applicant.technologies and not applicant.industries:
        return _unsaid()
    if terms.get("ai") and applicant.technologies:
        return _yes()
    if applicant.technologies & set(terms.get("technologies", ())):
        return _yes()
    if applicant.industries & set(terms.get("industries", ())):
        return _yes()
    asked_and_silent = (("technologies" in terms or terms.get("ai")) and not applicant.technologies) or (
        "industries" in terms and not applicant.industries
    )
    return _unsaid() if asked_and_silent else _no()


def _stage(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    stage = BEFORE_FOUNDING if applicant.form == BEFORE_FOUNDING else applicant.stage
    if not stage:
        return _unsaid()
    return _yes() if stage in terms.get("stages", ()) else _no()


def _legal_form(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    if not applicant.form:
        return _unsaid()
    return _yes() if applicant.form in terms.get("forms", ()) else _no()


def _certification(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    if applicant.certifications is None:
        return _unsaid()
    return _yes() if applicant.certifications & set(terms.get("certifications", ())) else _no()


def _investment(applicant: Applicant, terms: Mapping[str, Any], base: date) -> tuple[Verdict, Words]:
    if applicant.investment_krw is None:
        return _unsaid()
    if terms.get("none") and applicant.investment_krw == 0:
        return _yes()
    if "min_krw" in terms and applicant.investment_krw >= terms["min_krw"]:
        return _yes()
    return _no()


_RULES = {
    "business_age": _business_age,
    "size": _size,
    "region": _region,
    "sector": _sector,
    "stage": _stage,
    "legal_form": _legal_form,
    "certification": _certification,
    "investment": _investment,
}
