"""The tree agrees with the published vectors and with an implementation that is not ours."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from makegood.record.merkle import (
    GrowingTree,
    Node,
    consistency_holds,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    lookup_in,
    path,
    path_holds,
    root,
    root_at,
)
from tests.record.vectors import CONSISTENCIES, INCLUSIONS, LEAVES, ROOTS

HASHES = [leaf_hash(data) for data in LEAVES]
MANY = [leaf_hash(b"%d" % number) for number in range(70)]
OTHER = leaf_hash(b"something else")


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    grown = GrowingTree()
    for digest in HASHES[:size]:
        grown.add(digest)
    assert root(HASHES[:size]).hex() == ROOTS[size]
    assert root_at(size, lookup_in(HASHES)).hex() == ROOTS[size]
    assert (grown.size, grown.root().hex()) == (size, ROOTS[size])


@pytest.mark.parametrize(("leaf", "size", "proof"), INCLUSIONS)
def test_published_paths(leaf: int, size: int, proof: list[str]) -> None:
    found = path(inclusion_spans(leaf - 1, size), lookup_in(HASHES[:size]))
    assert [digest.hex() for digest in found] == proof
    assert path_holds(HASHES[leaf - 1], leaf - 1, size, found, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCIES)
def test_published_consistency_proofs(old: int, new: int, proof: list[str]) -> None:
    found = path(consistency_spans(old, new), lookup_in(HASHES[:new]))
    assert [digest.hex() for digest in found] == proof
    old_root, new_root = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    assert consistency_holds(old, new, old_root, new_root, found)


def spoiled(proof: list[bytes]) -> Iterator[list[bytes]]:
    """The proof with one thing wrong."""
    yield [*proof, OTHER]
    yield [OTHER, *proof]
    yield [*proof, b""]
    for place, digest in enumerate(proof):
        yield proof[:place] + proof[place + 1 :]
        yield [*proof[:place], bytes([digest[0] ^ 8]) + digest[1:], *proof[place + 1 :]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33])
def test_a_spoiled_path_does_not_hold(size: int) -> None:
    lookup = lookup_in(MANY[:size])
    whole = root(MANY[:size])
    for number in range(size):
        proof = path(inclusion_spans(number, size), lookup)
        assert path_holds(MANY[number], number, size, proof, whole)
        assert not path_holds(OTHER, number, size, proof, whole)
        assert not path_holds(MANY[number], number, size, proof, OTHER)
        assert not path_holds(MANY[number], number ^ 1, size, proof, whole)
        assert not path_holds(MANY[number], number, size * 2, proof, whole)
        assert not path_holds(MANY[number], -1, size, proof, whole)
        assert not any(path_holds(MANY[number], number, size, bad, whole) for bad in spoiled(proof))


@pytest.mark.parametrize("new", [1, 2, 3, 7, 8, 9, 33])
def test_a_spoiled_consistency_proof_does_not_hold(new: int) -> None:
    lookup = lookup_in(MANY[:new])
    after = root(MANY[:new])
    for old in range(new + 1):
        before = root(MANY[:old])
        proof = path(consistency_spans(old, new), lookup)
        assert consistency_holds(old, new, before, after, proof)
        assert not consistency_holds(old, new, OTHER, after, proof)
        assert not old or not consistency_holds(old, new, before, OTHER, proof)
        assert not consistency_holds(new + 1, new, before, after, proof)
        assert not any(consistency_holds(old, new, before, after, bad) for bad in spoiled(proof))


def test_a_growing_tree_completes_every_node_once() -> None:
    grown = GrowingTree()
    completed: dict[Node, bytes] = {}
    for size, digest in enumerate(MANY, start=1):
        for node, node_digest in grown.add(digest):
            assert node not in completed
            completed[node] = node_digest
        assert grown.root() == root(MANY[:size])
    lookup = lookup_in(MANY)
    assert all(lookup(node) == digest for node, digest in completed.items())
    assert len(completed) == sum(len(MANY) >> level for level in range(1, 7))


INDEPENDENT = """
import json, sys, warnings
warnings.simplefilter("ignore")
from pymerkle import InmemoryTree
tree = InmemoryTree(algorithm="sha256")
answer = []
for number in range(int(sys.argv[1])):
    tree.append_entry(b"%d" % number)
    size = number + 1
    paths = [tree.prove_inclusion(leaf, size).serialize()["path"] for leaf in range(1, size + 1)]
    answer.append([tree.get_root().hex(), paths])
print(json.dumps(answer))
"""


def test_an_independent_implementation_agrees() -> None:
    """It is GPL, so it runs as a program of its own and is never imported."""
    ran = subprocess.run(
        [sys.executable, "-c", INDEPENDENT, str(len(MANY))],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    for size, (their_root, their_paths) in enumerate(json.loads(ran.stdout), start=1):
        lookup = lookup_in(MANY[:size])
        assert root(MANY[:size]).hex() == their_root
        for number, (leaf, *theirs) in enumerate(their_paths):
            ours = path(inclusion_spans(number, size), lookup)
            assert leaf == MANY[number].hex()
            assert [digest.hex() for digest in ours] == theirs
