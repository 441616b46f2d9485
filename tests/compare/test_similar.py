"""Districts that are alike: the same for both of a pair, untouched by third ones, silent where nothing is known."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from clusters.compare.similar import LEAST, MOST_REASONS, WEIGHTS, Held, likeness, similar
from clusters.models import District

_numbers = count(1)
COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 60), max_size=5)


@st.composite
def helds(draw, slug=None) -> Held:
    district = District(
        slug=slug or f"district-{next(_numbers)}",
        province_id=draw(st.integers(1, 3)),
        latitude=draw(st.floats(36.8, 37.8)),
        longitude=draw(st.floats(126.5, 127.6)),
    )
    mixes = {name: draw(COUNTS) for name in ("technology", "size", "institution", "support")}
    totals = {name: max(kinds.values(), default=0) for name, kinds in mixes.items()}
    return Held(district, totals, mixes, draw(st.frozensets(st.sampled_from("123"), max_size=3)))


def held(
    slug="one", technology=None, companies=20, place=(37.5, 127.0), province=1, lines=(), **mixes
) -> Held:
    district = District(slug=slug, province_id=province, latitude=place[0], longitude=place[1])
    mixes = {"technology": technology or {}, **mixes}
    totals = {name: sum(kinds.values()) for name, kinds in mixes.items()}
    return Held(district, {**totals, "technology": companies}, mixes, frozenset(lines))


@given(helds(), helds())
def test_likeness_is_the_same_from_both_sides_and_between_nothing_and_all(one, other):
    there, back = likeness(one, other), likeness(other, one)
    assert there.score == back.score and 0 <= there.score <= 1
    assert there.unknown == back.unknown
    assert [(r.aspect, r.kind, r.counts) for r in there.reasons] == [
        (r.aspect, r.kind, r.counts[::-1]) for r in back.reasons
    ]
    assert likeness(one, one).score == 1


@given(helds(), st.lists(helds(), max_size=6), helds())
def test_a_further_district_changes_nothing_between_the_others(one, others, further):
    before = similar(one, others, most=9)
    after = similar(one, [*others, further], most=9)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert before == [like for like in after if like.other is not further]


@given(helds(), st.lists(helds(), max_size=8))
def test_the_order_does_not_depend_on_that_of_the_records(one, others):
    assert similar(one, others) == similar(one, others[::-1])
    found = similar(one, others) or []
    keys = [(-like.score, like.other.district.slug) for like in found]
    assert keys == sorted(keys) and len(keys) <= 3


def test_equal_ones_come_by_slug():
    one = held("one", {"a": 5})
    found = similar(one, [held(slug, {"a": 5}) for slug in ("c", "a", "d", "b")])
    assert found and [like.other.district.slug for like in found] == ["a", "b", "c"]


@given(helds(), helds(), st.sampled_from(["size", "institution", "support"]))
def test_what_is_not_recorded_is_no_difference(one, other, aspect):
    without = Held(other.district, other.totals, {**other.mixes, aspect: {}}, other.lines)
    found = likeness(one, without)
    assert aspect in found.unknown and all(reason.aspect != aspect for reason in found.reasons)
    # The same as when the other side says nothing either.
    silent = Held(one.district, one.totals, {**one.mixes, aspect: {}}, one.lines)
    assert found.score == likeness(silent, without).score


def test_a_gap_does_not_put_a_district_behind_one_that_differs():
    one = held("one", {"a": 9}, size={"large": 5})
    gap, differs = held("gap", {"a": 9}), held("differs", {"a": 9}, size={"startup": 5})
    found = similar(one, [differs, gap])
    assert found and [like.other.district.slug for like in found] == ["gap", "differs"]
    assert found[0].score == 1 > found[1].score


def test_with_too_few_companies_nothing_is_said():
    few = held("few", {"a": 2}, companies=LEAST - 1)
    enough = held("enough", {"a": 2}, companies=LEAST)
    assert similar(few, [enough]) is None and similar(held("none"), [enough]) is None
    assert similar(enough, [few]) == []


def test_technologies_weigh_most_by_share_and_not_by_number():
    one = held("one", {"a": 60, "b": 40}, companies=90)
    same_mix = held("same-mix", {"a": 3, "b": 2}, place=(37.0, 126.6), province=2)
    near = held("near", {"c": 60, "b": 40}, companies=90)
    found = similar(one, [near, same_mix])
    assert found and found[0].other.district.slug == "same-mix"


def test_reasons_name_the_largest_shared_kinds_with_both_counts():
    one = held("one", {"a": 10, "b": 5, "c": 5}, companies=15, lines=["2", "9"])
    other = held("other", {"a": 4, "b": 4, "d": 8}, companies=12, lines=["2"], place=(37.5, 127.05))
    found = likeness(one, other)
    technologies = [reason for reason in found.reasons if reason.aspect == "technology"]
    assert [(r.kind, r.counts, r.totals) for r in technologies] == [
        ("a", (10, 4), (15, 12)),
        ("b", (5, 4), (15, 12)),
    ]
    by_aspect = {reason.aspect: reason for reason in found.reasons}
    assert by_aspect["lines"].lines == ("2",) and by_aspect["nearness"].km == 4 and "province" in by_aspect
    assert set(found.unknown) == {"size", "institution", "support"} and len(found.reasons) <= MOST_REASONS
    assert max(WEIGHTS, key=WEIGHTS.get) == "technology"
