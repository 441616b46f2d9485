"""Owns what the ranking of the location finder promises, whatever the scores, weights and gaps."""

from fractions import Fraction
from itertools import pairwise, product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from clusters.compare.locate.criteria import CRITERIA, Between, Halving
from clusters.compare.locate.gathering import Reading
from clusters.compare.locate.robustness import contenders, firmness, turnings
from clusters.compare.locate.scoring import Span, standings

# A busy machine draws slowly; what is tested does not depend on it.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NUMBER = 3  # criteria in these examples
MOST = 5

share = st.integers(0, 12).map(lambda twelfths: Fraction(twelfths, 12))
outlook = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])
ends = st.lists(st.integers(0, 12), min_size=2 * NUMBER, max_size=2 * NUMBER)
scores = st.tuples(ends, outlook).map(
    lambda drawn: [
        Span(*sorted((Fraction(a, 12), Fraction(b, 12))), at=drawn[1])
        for a, b in zip(drawn[0][::2], drawn[0][1::2], strict=True)
    ]
)
entries = st.lists(scores, min_size=1, max_size=4)
several = st.lists(scores, min_size=2, max_size=4)
weights = st.lists(st.integers(0, MOST), min_size=NUMBER, max_size=NUMBER).filter(any)


def rank_of(given_, weights_, index: int) -> int:
    return next(one.rank for one in standings(given_, weights_) if one.index == index)


def order(given_, weights_) -> list[int]:
    return [one.index for one in standings(given_, weights_)]


@calm
@given(several, weights, st.integers(0, NUMBER - 1), st.integers(1, 10))
def test_more_weight_never_lowers_the_one_that_is_best_in_it(given_, weights_, criterion, more):
    best = max(range(len(given_)), key=lambda index: given_[index][criterion].value)
    raised = [w + more * (number == criterion) for number, w in enumerate(weights_)]
    assert rank_of(given_, raised, best) <= rank_of(given_, weights_, best)


@calm
@given(entries, weights, st.integers(1, 50))
def test_scaling_all_weights_changes_nothing(given_, weights_, factor):
    assert standings(given_, weights_) == standings(given_, [w * factor for w in weights_])


@calm
@given(several, weights, scores)
def test_a_further_entry_never_reorders_the_others(given_, weights_, further):
    with_it = order([*given_, further], weights_)
    assert [index for index in with_it if index < len(given_)] == order(given_, weights_)


@calm
@given(scores, weights, st.integers(2, 5))
def test_equal_entries_share_a_place_and_stay_in_the_order_given(one, weights_, number):
    found = standings([one] * number, weights_)
    assert [(standing.index, standing.rank) for standing in found] == [(n, 1) for n in range(number)]


@calm
@given(entries, weights)
def test_places_follow_the_totals(given_, weights_):
    found = standings(given_, weights_)
    for one, other in pairwise(found):
        assert one.total.value >= other.total.value
        assert (one.rank == other.rank) == (one.total.value == other.total.value)
    for standing in found:
        assert standing.total.low == sum(part.low for part in standing.parts)
        assert 0 <= standing.total.low <= standing.total.high <= 1


@calm
@given(scores, weights, st.lists(share, min_size=NUMBER, max_size=NUMBER))
def test_every_way_to_fill_the_gaps_lies_in_the_range(one, weights_, filling):
    filled = [
        Span(value, value)
        for value in (span.low + (span.high - span.low) * at for span, at in zip(one, filling, strict=True))
    ]
    total = standings([filled], weights_)[0].total
    range_ = standings([one], weights_)[0].total
    assert total.is_known and range_.low <= total.low <= range_.high


@calm
@given(several, weights, st.data())
def test_only_a_contender_can_be_first_and_every_one_can(given_, weights_, data):
    found = standings(given_, weights_)
    possible = contenders(found)
    assert found[0].index in possible
    chosen = data.draw(st.lists(st.booleans(), min_size=len(given_), max_size=len(given_)))

    def filled(index: int, best: bool) -> list[Span]:
        return [Span(*[(span.high if best else span.low)] * 2) for span in given_[index]]

    some = [filled(index, best) for index, best in enumerate(chosen)]
    assert {one.index for one in standings(some, weights_) if one.rank == 1} <= set(possible)
    for index in possible:
        kindest = [filled(other, other == index) for other in range(len(given_))]
        assert rank_of(kindest, weights_, index) == 1


@calm
@given(several, weights)
def test_a_weight_turns_the_first_place_exactly_where_it_is_said(given_, weights_):
    first = order(given_, weights_)[0]
    found = turnings(given_, weights_, first, MOST)
    little = Fraction(1, 10**6)
    for number, turning in enumerate(found):

        def leads(weight, number=number) -> bool:
            moved = [weight if n == number else w for n, w in enumerate(weights_)]
            return rank_of(given_, moved, first) == 1 if any(moved) else True

        for turn, sign, end in ((turning.below, -1, 0), (turning.above, 1, MOST)):
            if turn is None:
                assert leads(Fraction(end)), "It stays first to the end of the scale."
                continue
            assert leads(turn.weight) and not leads(turn.weight + sign * little)
            moved = [turn.weight if n == number else w for n, w in enumerate(weights_)]
            assert rank_of(given_, moved, turn.index) == 1


@calm
@given(several, weights)
def test_the_walk_over_moved_weights_is_the_walk_over_all_combinations(given_, weights_):
    used = [number for number, weight in enumerate(weights_) if weight]
    firsts: dict[int, int] = {}
    for moves in product((4, 6), repeat=len(used)):
        moved = list(weights_)
        for number, factor in zip(used, moves, strict=True):
            moved[number] = Fraction(weights_[number] * factor, 5)
        first = order(given_, moved)[0]
        firsts[first] = firsts.get(first, 0) + 1
    found = firmness(given_, weights_)
    assert found.firsts == firsts
    assert found.combinations == 2 ** len(used) == sum(firsts.values())


@calm
@given(several, weights, st.integers(2, 9))
def test_how_firm_it_is_does_not_depend_on_the_scale_of_the_weights(given_, weights_, factor):
    scaled = [w * factor for w in weights_]
    assert firmness(given_, weights_) == firmness(given_, scaled)
    first = order(given_, weights_)[0]
    one, other = (
        turnings(given_, weights_, first, MOST),
        turnings(given_, scaled, first, MOST * factor),
    )
    for small, large in zip(one, other, strict=True):
        for a, b in ((small.below, large.below), (small.above, large.above)):
            assert (a is None) == (b is None)
            assert a is None or (a.weight * factor, a.index) == (b.weight, b.index)


def test_without_entries_there_is_no_order():
    assert standings([], [1, 2]) == [] and contenders([]) == []


# ---- scales and readings ---------------------------------------------------------------------------


@calm
@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 50))
def test_more_is_better_on_a_halving_scale(one, other, half):
    scale = Halving(half)
    assume(one < other)
    assert 0 <= scale.score(one) < scale.score(other) < 1
    assert scale.score(half) == Fraction(1, 2) and scale.score(2 * half) == Fraction(2, 3)


@calm
@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_less_is_better_between_two_ends(one, other):
    scale = Between(50_000, 150_000)
    assume(one <= other)
    assert 0 <= scale.score(other) <= scale.score(one) <= 1
    assert (scale.score(50_000), scale.score(100_000), scale.score(150_000)) == (1, Fraction(1, 2), 0)


@calm
@given(st.sampled_from(CRITERIA), st.lists(st.integers(0, 10**6), min_size=3, max_size=3))
def test_a_reading_holds_the_score_of_every_number_it_allows(criterion, numbers):
    least, between, most = sorted(numbers)
    value = criterion.scale.score(between)
    for reading in (Reading(least, most), Reading.unknown("why")):
        span = reading.score(criterion.key)
        assert 0 <= span.low <= value <= span.high <= 1


def test_nothing_known_is_the_whole_scale_and_not_0():
    assert Reading.unknown("why").score("peers") == Span(Fraction(0), Fraction(1))
    assert Reading(0, 0).score("peers") == Span(Fraction(0), Fraction(0))
