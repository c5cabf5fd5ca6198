"""A Merkle tree in the manner of RFC 6962: its root in one pass, the path from one leaf up to it, and their check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

EMPTY = hashlib.sha256(b"").digest()
Side = Literal["left", "right"]


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 over a zero byte and the leaf: no leaf can pass for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over a one byte and the two hashes below, 32 bytes each."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One step of a path: the hash that stands beside what was computed so far, and on which side."""

    side: Side
    hash: bytes


class Tree:
    """Takes hashes in order and keeps only the roots of full subtrees: memory grows with the logarithm of their number."""

    __slots__ = ("_roots", "path", "size")

    def __init__(self) -> None:
        """Begin empty."""
        self._roots: list[tuple[int, bytes, bool]] = []
        self.path: list[Neighbour] = []
        self.size = 0

    def add(self, node: bytes, *, watched: bool = False) -> None:
        """Take the next hash; of the `watched` one the path to the root is kept."""
        height = 0
        while self._roots and self._roots[-1][0] == height:
            node, watched = self._join(self._roots.pop(), node, watched=watched)
            height += 1
        self._roots.append((height, node, watched))
        self.size += 1

    def root(self) -> bytes:
        """Close the tree: the root over everything taken; the hash of nothing when that was nothing."""
        if not self._roots:
            return EMPTY
        _, node, watched = self._roots.pop()
        while self._roots:
            node, watched = self._join(self._roots.pop(), node, watched=watched)
        self._roots.append((0, node, watched))
        return node

    def _join(self, left: tuple[int, bytes, bool], right: bytes, *, watched: bool) -> tuple[bytes, bool]:
        _, node, left_watched = left
        if watched:
            self.path.append(Neighbour("left", node))
        elif left_watched:
            self.path.append(Neighbour("right", right))
        return node_hash(node, right), watched or left_watched


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves in order."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf_hash(leaf))
    return tree.root()


def climb(leaf: bytes, path: Sequence[Neighbour]) -> bytes:
    """The root that a leaf and its path lead to."""
    node = leaf_hash(leaf)
    for step in path:
        node = node_hash(step.hash, node) if step.side == "left" else node_hash(node, step.hash)
    return node
