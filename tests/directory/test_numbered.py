"""Numbers by record are those that were set last."""

from hypothesis import given
from hypothesis import strategies as st

from clusters.directory.numbered import Numbered

records = st.integers(1, 3) | st.integers(500, 530) | st.integers(10**12, 10**12 + 3)


@given(st.lists(st.tuples(records, st.integers(0, 2**62)), max_size=40))
def test_it_is_as_good_as_a_dict(steps):
    numbers, known = Numbered(), {}
    for record, number in steps:
        numbers.set(record, number)
        known[record] = number
        assert all(numbers.get(one) == known[one] for one in known)
    for record in {record for record, _number in steps} | {1, 512, 7 * 10**11}:
        assert numbers.get(record) == known.get(record, -1)
