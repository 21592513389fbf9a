"""Two sorted streams, walked beside each other, so that neither has to fit into memory."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeVar


class Ordered(Protocol):
    """A key that can be compared."""

    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=Ordered)
A = TypeVar("A")
B = TypeVar("B")


def beside(
    first: Iterable[tuple[K, A]], second: Iterable[tuple[K, B]]
) -> Iterator[tuple[K, A | None, B | None]]:
    """Each key of either stream with what stands under it in the first and in the second.

    Both are in ascending order of their keys, each key at most once; None where one lacks it.
    """
    firsts, seconds = iter(first), iter(second)
    one, other = next(firsts, None), next(seconds, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield one[0], one[1], None
            one = next(firsts, None)
        elif one is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(seconds, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(firsts, None), next(seconds, None)
