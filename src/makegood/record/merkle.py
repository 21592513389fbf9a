"""The Merkle tree of RFC 6962: roots, inclusion paths, consistency proofs and their checks.

A tree over n leaves splits at the largest power of two below n. A *complete* subtree is
named (level, index): it stands over the leaves [index << level, (index + 1) << level).
Every proof of a tree of any size is made of few complete subtrees, which are stored.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

Node = tuple[int, int]
Lookup = Callable[[Node], bytes]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        level = _parents(level)
    return level[0]


def _parents(level: Sequence[bytes]) -> list[bytes]:
    """The next level up; a last one without a sibling rises as it is."""
    pairs = iter(level)
    parents = [
        sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)
    ]
    if len(level) & 1:
        parents.append(level[-1])
    return parents


def subtrees(start: int, end: int) -> list[Node]:
    """The complete subtrees over the leaves [start, end), left to right.

    `start` is a multiple of the smallest power of two that is not below `end - start`.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root of neighbouring subtrees that get smaller to the right."""
    if not hashes:
        return EMPTY_ROOT
    *others, result = hashes
    for left in reversed(others):
        result = node_hash(left, result)
    return result


def root_at(size: int, lookup: Lookup) -> bytes:
    """The root of the first `size` leaves, from stored subtrees."""
    return folded([lookup(node) for node in subtrees(0, size)])


def inclusion_spans(number: int, size: int) -> list[tuple[int, int]]:
    """The spans of leaves whose roots make the path from leaf `number` up to the root."""
    if not 0 <= number < size:
        raise ValueError(f"leaf {number} is not in a tree of {size}")
    spans = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if number < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[tuple[int, int]]:
    """The spans of leaves whose roots prove that the first `old` of `new` leaves stayed."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot continue one of {old}")
    if old in (0, new):
        return []
    spans = []
    start, end, whole = 0, new, True
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    if not whole:
        spans.append((start, end))
    return spans[::-1]


def span_nodes(spans: Iterable[tuple[int, int]]) -> Iterator[Node]:
    """The stored subtrees that a proof over these spans needs."""
    for start, end in spans:
        yield from subtrees(start, end)


def path(spans: Iterable[tuple[int, int]], lookup: Lookup) -> list[bytes]:
    """The proof over these spans, from stored subtrees."""
    return [folded([lookup(node) for node in subtrees(*span)]) for span in spans]


def _split(size: int) -> int:
    """The largest power of two below `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def lookup_in(leaves: Sequence[bytes]) -> Lookup:
    """A look-up of complete subtrees over leaf hashes that are all at hand."""
    levels: list[Sequence[bytes]] = [leaves]
    while len(levels[-1]) > 1:
        levels.append(_parents(levels[-1]))
    return lambda node: levels[node[0]][node[1]]


def path_holds(
    leaf: bytes, number: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> bool:
    """Whether the path leads from the leaf's hash at `number` to the root of `size` leaves."""
    if not 0 <= number < size or any(len(item) != 32 for item in (leaf, expected_root, *proof)):
        return False
    spans = inclusion_spans(number, size)
    if len(spans) != len(proof):
        return False
    result = leaf
    for (start, _), sibling in zip(spans, proof, strict=True):
        on_the_left = start < number
        result = node_hash(sibling, result) if on_the_left else node_hash(result, sibling)
    return result == expected_root


def consistency_holds(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the tree of `old` leaves is the beginning of that of `new`."""
    if not 0 <= old <= new or any(len(item) != 32 for item in (old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    spans = consistency_spans(old, new)
    if len(spans) != len(proof):
        return False
    return _both_roots(old, spans, proof, old_root) == (old_root, new_root)


def _both_roots(
    old: int, spans: Sequence[tuple[int, int]], proof: Sequence[bytes], old_root: bytes
) -> tuple[bytes, bytes]:
    """The roots of the old and the new tree that the proof leads to.

    Where the old tree is one complete subtree the proof leaves its root out.
    """
    steps = list(zip(spans, proof, strict=True))
    if old & (old - 1):
        (_, first), *steps = steps
    else:
        first = old_root
    before = after = first
    for (start, _), sibling in steps:
        if start < old:
            before = node_hash(sibling, before)
            after = node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    return before, after


class GrowingTree:
    """A tree that grows leaf by leaf and keeps only its right edge: O(log n) memory."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Add a leaf's hash; tell the inner nodes that it completes, lowest first."""
        completed = []
        current, level, count = leaf, 0, self.size
        while count & 1:
            current = node_hash(self._edge.pop(), current)
            level, count = level + 1, count >> 1
            completed.append(((level, self.size >> level), current))
        self._edge.append(current)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of what has been added so far."""
        return folded(self._edge)
