"""Conditions: exact on both edges, silent about what nobody said, and never harsher for saying more that fits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.dates import PartialDate
from clusters.models.terms import KNOWN, as_lines, from_lines, validate_terms
from clusters.programs.eligibility import Applicant, Between, Condition, Verdict, anniversary, judge, within

BASE = date(2026, 3, 5)
MET, CHECK, UNMET = Verdict.MET, Verdict.CHECK, Verdict.UNMET


def weighed(dimension, terms, base=BASE, necessity="required", **said):
    return judge(Applicant(**said), [Condition(dimension, terms, necessity)], base).verdict


@pytest.mark.parametrize(
    ("founded", "terms", "verdict"),
    [
        ("2019-03-05", {"max_years": 7}, MET),  # the seventh anniversary itself still counts
        ("2019-03-04", {"max_years": 7}, UNMET),
        ("2019-03-06", {"max_years": 7}, MET),
        ("2019-03", {"max_years": 7}, CHECK),  # the day decides
        ("2019-04", {"max_years": 7}, MET),
        ("2019-02", {"max_years": 7}, UNMET),
        ("2019", {"max_years": 7}, CHECK),
        ("2018", {"max_years": 7}, UNMET),
        ("2023-03-05", {"min_years": 3, "max_years": 7}, UNMET),  # more than three years must have passed
        ("2023-03-04", {"min_years": 3, "max_years": 7}, MET),
        ("2018-01-01", {"max_years": 7, "arguable_years": 10}, CHECK),
        ("2016-03-04", {"max_years": 7, "arguable_years": 10}, UNMET),
        ("2027-01-01", {"max_years": 7}, CHECK),
        ("2027-01-01", {"max_years": 7, "before_founding": True}, MET),
    ],
)
def test_years_since_founding(founded, terms, verdict):
    assert weighed("business_age", terms, founded=PartialDate(founded)) == verdict


@pytest.mark.parametrize(
    ("terms", "verdict"), [({"max_years": 7}, CHECK), ({"max_years": 7, "before_founding": True}, MET)]
)
def test_before_founding(terms, verdict):
    assert weighed("business_age", terms, form="before_founding") == verdict


def test_leap_day():
    assert anniversary(date(2020, 2, 29), 7) == date(2027, 2, 28)
    assert within(date(2020, 2, 29), 7, date(2027, 2, 28))
    assert not within(date(2020, 2, 29), 7, date(2027, 3, 1))
    assert anniversary(date(2020, 2, 29), 8) == date(2028, 2, 29)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_a_period_ends_once(founded, years):
    last = anniversary(founded, years)
    assert within(founded, years, last) and not within(founded, years, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("dimension", "terms", "said", "verdict"),
    [
        ("size", {"sizes": ["startup", "sme"]}, {"size": "sme"}, MET),
        ("size", {"sizes": ["startup", "sme"]}, {"size": "large"}, UNMET),
        ("size", {"sizes": ["startup"]}, {"form": "university"}, UNMET),
        ("size", {"sizes": ["startup"]}, {"form": "before_founding"}, CHECK),
        ("region", {"provinces": ["seoul"]}, {"province": "seoul"}, MET),
        ("region", {"provinces": ["seoul"]}, {"province": "gyeonggi"}, UNMET),
        ("region", {"provinces": ["seoul"]}, {"province": "abroad"}, UNMET),
        ("region", {"abroad": True}, {"province": "abroad"}, MET),
        ("region", {"abroad": True}, {"province": "seoul"}, UNMET),
        ("region", {"provinces": ["seoul"], "municipalities": ["강서구"]}, {"province": "seoul"}, CHECK),
        (
            "region",
            {"provinces": ["seoul"], "municipalities": ["강서구"]},
            {"province": "seoul", "municipality": "강서구"},
            MET,
        ),
        (
            "region",
            {"provinces": ["seoul"], "municipalities": ["강서구"]},
            {"province": "seoul", "municipality": "강남구"},
            UNMET,
        ),
        ("sector", {"ai": True}, {"technologies": frozenset({"xr"})}, MET),
        ("sector", {"technologies": ["robotics"]}, {"technologies": frozenset({"llm"})}, UNMET),
        ("sector", {"technologies": ["robotics"], "open": True}, {"technologies": frozenset({"llm"})}, CHECK),
        ("sector", {"technologies": ["robotics"]}, {"industries": frozenset({"bio"})}, CHECK),
        (
            "sector",
            {"technologies": ["robotics"], "industries": ["bio"]},
            {"industries": frozenset({"bio"})},
            MET,
        ),
        ("stage", {"stages": ["seed"]}, {"stage": "seed"}, MET),
        ("stage", {"stages": ["seed"]}, {"stage": "listed"}, UNMET),
        ("stage", {"stages": ["before_founding"]}, {"form": "before_founding"}, MET),
        ("legal_form", {"forms": ["university"]}, {"form": "corporation"}, UNMET),
        ("legal_form", {"forms": ["university"]}, {"form": "university"}, MET),
        ("certification", {"certifications": ["venture"]}, {"certifications": frozenset()}, UNMET),
        ("certification", {"certifications": ["venture"]}, {"certifications": frozenset({"venture"})}, MET),
        ("investment", {"min_krw": 200_000_000}, {"investment_krw": 200_000_000}, MET),
        ("investment", {"min_krw": 200_000_000}, {"investment_krw": 199_999_999}, UNMET),
        ("investment", {"none": True}, {"investment_krw": 0}, MET),
        ("other", {}, {"size": "sme"}, CHECK),
    ],
)
def test_each_kind_of_condition(dimension, terms, said, verdict):
    validate_terms(dimension, terms)
    assert weighed(dimension, terms, **said) == verdict


def test_an_exclusion_turns_the_answer():
    excluded = {"dimension": "size", "terms": {"sizes": ["large"]}, "necessity": "excluded"}
    assert weighed(**excluded, size="large") == UNMET
    assert weighed(**excluded, size="sme") == MET
    assert weighed(**excluded) == CHECK


def test_a_preference_never_decides():
    conditions = [
        Condition("size", {"sizes": ["sme"]}),
        Condition("stage", {"stages": ["seed"]}, "preferred"),
    ]
    result = judge(Applicant(size="sme", stage="listed"), conditions, BASE)
    assert result.verdict == MET and not result.advantages
    assert len(judge(Applicant(size="sme", stage="seed"), conditions, BASE).advantages) == 1


def test_a_call_without_conditions_is_to_be_checked():
    assert judge(Applicant(size="sme"), [], BASE).verdict == CHECK


WORDS = st.sampled_from(
    ["seoul", "gyeonggi", "llm", "robotics", "bio", "startup", "seed", "corporation", "venture"]
)
TERMS = {
    "business_age": st.fixed_dictionaries({"max_years": st.integers(0, 30)}),
    "size": st.fixed_dictionaries({"sizes": st.lists(WORDS, min_size=1)}),
    "region": st.fixed_dictionaries({"provinces": st.lists(WORDS, min_size=1)}),
    "sector": st.fixed_dictionaries({"technologies": st.lists(WORDS, min_size=1)}),
    "stage": st.fixed_dictionaries({"stages": st.lists(WORDS, min_size=1)}),
    "legal_form": st.fixed_dictionaries({"forms": st.lists(WORDS, min_size=1)}),
    "certification": st.fixed_dictionaries({"certifications": st.lists(WORDS, min_size=1)}),
    "investment": st.fixed_dictionaries({"min_krw": st.integers(1, 10**12)}),
}


@given(st.data(), st.sampled_from(sorted(TERMS)), st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.booleans())
def test_who_says_nothing_is_never_refused(data, dimension, base, excluded):
    condition = Condition(dimension, data.draw(TERMS[dimension]), "excluded" if excluded else "required")
    assert judge(Applicant(), [condition], base).verdict == CHECK


@given(st.lists(st.sampled_from(list(Verdict)), max_size=6))
def test_one_refusal_decides_and_one_doubt_keeps_from_yes(verdicts):
    made = {
        MET: Condition("size", {"sizes": ["sme"]}),
        UNMET: Condition("size", {"sizes": ["large"]}),
        CHECK: Condition("other"),
    }
    result = judge(Applicant(size="sme"), [made[one] for one in verdicts], BASE).verdict
    if UNMET in verdicts:
        assert result == UNMET
    else:
        assert result == (MET if verdicts and CHECK not in verdicts else CHECK)


# ---- terms ----------------------------------------------------------------------------------------


def test_terms_are_written_one_to_a_line():
    terms = {"provinces": ["seoul", "gyeonggi"], "municipalities": ["강서구"], "open": True}
    assert from_lines(as_lines(terms)) == terms
    assert from_lines("max_years: 7\nbefore_founding: yes\n") == {"max_years": 7, "before_founding": True}
    assert from_lines("min_krw: 200,000,000") == {"min_krw": 200_000_000}


@pytest.mark.parametrize(
    ("dimension", "terms"),
    [
        ("business_age", {"max_years": "7"}),
        ("business_age", {"max_years": True}),
        ("business_age", {"max_years": 101}),
        ("business_age", {"min_years": 7, "max_years": 3}),
        ("business_age", {"provinces": ["seoul"]}),
        ("size", {"sizes": ["huge"]}),
        ("size", {"sizes": []}),
        ("size", {"sizes": ["sme", "sme"]}),
        ("size", ["sme"]),
        ("region", {"provinces": ["../seoul"]}),
        ("region", {"municipalities": ["a\x00b"]}),
        ("region", {"abroad": False}),
        ("sector", {"open": True}),
        ("investment", {"min_krw": 10**30}),
        ("other", {"ai": True}),
        ("no such", {"ai": True}),
    ],
)
def test_terms_that_cannot_be(dimension, terms):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_terms(dimension, terms)


@given(st.text(max_size=300))
def test_any_text_is_terms_or_says_why_not(text):
    from django.core.exceptions import ValidationError

    try:
        terms = from_lines(text)
        for dimension in KNOWN:
            validate_terms(dimension, terms)
    except ValidationError as problem:
        assert problem.messages


YEARS = st.integers(0, 12)


@given(st.tuples(YEARS, YEARS).map(sorted), st.one_of(st.none(), YEARS), st.one_of(st.none(), YEARS))
def test_an_age_between_two_is_refused_only_where_every_age_between_them_is(span, least, most):
    youngest, oldest = span
    days = [BASE - timedelta(days=n) for n in range(youngest * 365, oldest * 365 + 1, 73)]
    terms = {name: value for name, value in (("min_years", least), ("max_years", most)) if value is not None}
    each = {weighed("business_age", terms, founded=PartialDate(day.isoformat())) for day in days}
    together = weighed("business_age", terms, founded=Between(days[-1], days[0]))
    if Verdict.UNMET in each and len(each) > 1:
        assert together == Verdict.CHECK
    if together == Verdict.UNMET:
        assert each == {Verdict.UNMET}
    if together == Verdict.MET:
        assert each == {Verdict.MET}
