"""Sets of places in a list as whole numbers, one bit for each place: ten thousand are joined in a microsecond."""

from collections.abc import Iterable, Iterator

Bits = int


def of(places: Iterable[int]) -> Bits:
    marks = bytearray()
    for place in places:
        byte, bit = divmod(place, 8)
        if byte >= len(marks):
            marks.extend(bytes(byte + 1 - len(marks)))
        marks[byte] |= 1 << bit
    return int.from_bytes(marks, "little")


def places(bits: Bits) -> Iterator[int]:
    """The places in it, the lowest first."""
    marks = bin(bits)[:1:-1]
    place = marks.find("1")
    while place >= 0:
        yield place
        place = marks.find("1", place + 1)


class Tally:
    """How often each place was counted, in binary digits, each digit a set of places."""

    def __init__(self) -> None:
        self.digits: list[Bits] = []

    def count(self, carried: Bits) -> None:
        """Each of these places once more."""
        for number, digit in enumerate(self.digits):
            self.digits[number], carried = digit ^ carried, digit & carried
        if carried:
            self.digits.append(carried)

    def by_number(self, everything: Bits) -> list[Bits]:
        """The places that were counted no time, once, twice and so on."""
        found = [everything]
        for digit in reversed(self.digits):
            found = [bits & half for bits in found for half in (~digit, digit)]
        return found
