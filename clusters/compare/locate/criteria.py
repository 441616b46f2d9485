"""The nine criteria of the location finder: what each counts, in which unit, and how a number becomes a score."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext

from clusters.models import CompanyKind, InstitutionKind

MOST_WEIGHT = 5
RENT = "rent-krw-per-3-3m2"  # the indicator whose comparable values the rent is read from

CUSTOMERS = (CompanyKind.LARGE, CompanyKind.MID_TIER, CompanyKind.GLOBAL_BRANCH)
TALENT = (
    InstitutionKind.UNIVERSITY,
    InstitutionKind.RESEARCH_INSTITUTE,
    InstitutionKind.CORPORATE_RESEARCH,
)
SPACE_SUPPORT = ("space",)
INVESTMENT_SUPPORT = ("investment",)
TESTBED_SUPPORT = ("testbed", "prototype")


@dataclass(frozen=True)
class Halving:
    """More is better, each further one for a little less: `half` of them give half the score, twice as many 2/3.

    The scale is fixed, so that no district's score depends on which others are in the list.
    """

    half: int

    def score(self, number: int | Decimal) -> Fraction:
        value = Fraction(number)
        return value / (value + self.half)

    @property
    def formula(self) -> str:
        return f"n ÷ (n + {self.half})"


@dataclass(frozen=True)
class Between:
    """Less is better: the whole score at `best` or below, none at `worst` or above, straight between them."""

    best: int
    worst: int

    def score(self, number: int | Decimal) -> Fraction:
        share = (self.worst - Fraction(number)) / (self.worst - self.best)
        return min(max(share, Fraction(0)), Fraction(1))

    @property
    def formula(self) -> str:
        return f"({self.worst:,} − n) ÷ {self.worst - self.best:,}"


@dataclass(frozen=True)
class Criterion:
    """One thing that may matter. `number` is how figure, table and form refer to it."""

    number: int
    key: str
    label: Any
    counts: Any  # what is counted, in a sentence
    gaps: Any  # what is done where the directory has nothing
    scale: Halving | Between
    unit: Callable[[int], str]

    @property
    def less_is_better(self) -> bool:
        return isinstance(self.scale, Between)

    @property
    def direction(self) -> str:
        return _("Less is better") if self.less_is_better else _("More is better")


def _companies(n: int) -> str:
    return npgettext("unit after a count", "company", "companies", n)


def _places(n: int) -> str:
    return npgettext("unit after a count", "place", "places", n)


def _programs(n: int) -> str:
    return npgettext("unit after a count", "program", "programs", n)


def _institutions(n: int) -> str:
    return npgettext("unit after a count", "institution", "institutions", n)


def _lines(n: int) -> str:
    return npgettext("unit after a count", "line", "lines", n)


def _won(n: int) -> str:
    return _("won per 3.3 m² and month")


_NO_COMPANY = gettext_lazy(
    "An office that is disputed or unverified counts in the best case only. A district of which no company is"
    " listed counts as unknown."
)
_NO_INSTITUTION = gettext_lazy(
    "An institution that is disputed or unverified counts in the best case only. A district of which neither an"
    " institution nor a program is listed counts as unknown."
)

CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        1,
        "peers",
        gettext_lazy("Companies in my field"),
        gettext_lazy(
            "Companies with a confirmed office in the district that work in one of the chosen fields; all"
            " companies when no field is chosen."
        ),
        _NO_COMPANY,
        Halving(10),
        _companies,
    ),
    Criterion(
        2,
        "customers",
        gettext_lazy("Possible customers"),
        gettext_lazy(
            "Large and mid-tier companies and branches of foreign companies with a confirmed office in the"
            " district, in whatever field."
        ),
        _NO_COMPANY,
        Halving(10),
        _companies,
    ),
    Criterion(
        3,
        "space",
        gettext_lazy("Public space"),
        gettext_lazy(
            "Startup hubs and incubators in the district, and programs tied to it that give space, where these"
            " do not run them; hubs only for companies of more than seven years."
        ),
        _NO_INSTITUTION,
        Halving(5),
        _places,
    ),
    Criterion(
        4,
        "programs",
        gettext_lazy("Programs open now"),
        gettext_lazy(
            "Programs tied to the district or covering its whole province that take applications now, on the"
            " Seoul clock, and whose conditions do not rule out the chosen stage and fields there. Nationwide"
            " programs serve every district alike and are left out."
        ),
        gettext_lazy(
            "A program whose dates are not confirmed, or whose budget nobody confirmed lately, counts in the best"
            " case only. A district that no listed program serves counts as unknown."
        ),
        Halving(5),
        _programs,
    ),
    Criterion(
        5,
        "investors",
        gettext_lazy("Investors"),
        gettext_lazy(
            "Accelerators and venture capital firms in the district, and programs that invest and are tied to it"
            " or cover its province, where these do not run them; no accelerators from three years on."
        ),
        _NO_INSTITUTION,
        Halving(5),
        _places,
    ),
    Criterion(
        6,
        "testbeds",
        gettext_lazy("Testbeds and demonstration"),
        gettext_lazy(
            "Programs with field trials or prototyping that are tied to the district or cover its whole province,"
            " open or not."
        ),
        gettext_lazy("A district that no listed program serves counts as unknown."),
        Halving(4),
        _programs,
    ),
    Criterion(
        7,
        "talent",
        gettext_lazy("Talent and universities"),
        gettext_lazy("Universities, research institutes and corporate research in the district."),
        _NO_INSTITUTION,
        Halving(3),
        _institutions,
    ),
    Criterion(
        8,
        "rent",
        gettext_lazy("Office rent"),
        gettext_lazy(
            "Monthly office rent, from the one survey that gives comparable values for the most districts; of two"
            " such surveys the later."
        ),
        gettext_lazy(
            "A district with no value in that survey counts as unknown, even where another survey has one: the"
            " two would not be alike."
        ),
        Between(50_000, 150_000),
        _won,
    ),
    Criterion(
        9,
        "transit",
        gettext_lazy("Rail and subway lines"),
        gettext_lazy("Different lines that stop at the stations of the district."),
        gettext_lazy(
            "A line of an unverified station counts in the best case only. A district of which no station is"
            " listed counts as unknown."
        ),
        Halving(2),
        _lines,
    ),
)
BY_KEY = {criterion.key: criterion for criterion in CRITERIA}
