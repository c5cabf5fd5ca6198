"""A tree over leaves: the root of RFC 6962, a path for every leaf, and memory that hardly grows."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.merkle import EMPTY, Neighbour, Tree, climb, leaf_hash, node_hash, root_of

# The leaves and roots of the test vectors of RFC 6962's reference implementation.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """The root as the standard defines it, by splitting."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_standard(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_root_over_nothing_is_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY == hashlib.sha256(b"").digest()


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_in_one_pass_is_the_root_by_definition(leaves: list[bytes]) -> None:
    assert root_of(leaves) == by_definition(leaves)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70), st.data())
def test_the_path_of_every_leaf_leads_to_the_root_and_that_of_another_does_not(
    leaves: list[bytes], data: st.DataObject
) -> None:
    watched = data.draw(st.integers(0, len(leaves) - 1))
    tree = Tree()
    for position, leaf in enumerate(leaves):
        tree.add(leaf_hash(leaf), watched=position == watched)
    root = tree.root()

    assert climb(leaves[watched], tree.path) == root
    assert climb(leaves[watched] + b"x", tree.path) != root
    assert len(tree.path) <= len(leaves).bit_length()


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaf_hash(b"1"), leaf_hash(b"2")

    assert leaf_hash(left + right) != node_hash(left, right)


def test_a_closed_tree_gives_the_same_root_again() -> None:
    tree = Tree()
    for leaf in LEAVES[:5]:
        tree.add(leaf_hash(leaf))

    assert tree.root() == tree.root()


def test_only_the_logarithm_of_the_leaves_is_kept() -> None:
    tree = Tree()
    for number in range(5000):
        tree.add(leaf_hash(str(number).encode()))

    assert len(tree._roots) <= 13


def test_a_path_tells_the_side() -> None:
    tree = Tree()
    tree.add(leaf_hash(b"1"), watched=True)
    tree.add(leaf_hash(b"2"))
    tree.root()

    assert tree.path == [Neighbour("right", leaf_hash(b"2"))]
