"""Numbers by record are those that were set last, and a copy is one of its own."""

from hypothesis import given
from hypothesis import strategies as st

from clusters.directory.numbered import Numbered

records = st.integers(1, 3) | st.integers(500, 530) | st.integers(10**12, 10**12 + 3)
steps = st.lists(st.tuples(records, st.none() | st.integers(0, 2**62)), max_size=40)


@given(steps, steps)
def test_it_is_as_good_as_a_dict(before, after):
    def go(numbers, known, steps):
        for record, number in steps:
            if number is None:
                numbers.drop(record)
                known.pop(record, None)
            else:
                numbers.set(record, number)
                known[record] = number

    numbers, known = Numbered(), {}
    go(numbers, known, before)
    copy, known_then = numbers.copy(), dict(known)
    go(numbers, known, after)
    for record in {record for record, _number in before + after} | {1, 512, 7 * 10**11}:
        assert numbers.get(record) == known.get(record, -1)
        assert copy.get(record) == known_then.get(record, -1)
