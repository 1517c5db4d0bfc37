"""Trees of places and of services, which a merge may have bent into a circle."""

from __future__ import annotations

from collections.abc import Mapping


def path_from_top(parents: Mapping[str, str | None], node: str) -> tuple[str, ...]:
    """The node's ancestors from the topmost down to itself.

    `parents` holds every node of the tree; a parent that is not among them counts as none. Of a
    circle all members agree on the topmost: the one with the least id.
    """
    path = [node]
    while (parent := parents.get(path[-1])) is not None and parent in parents:
        if parent in path:
            circle = path[path.index(parent) :]
            path = path[: path.index(parent)] + _opened(circle)
            break
        path.append(parent)
    return tuple(reversed(path))


def _opened(circle: list[str]) -> list[str]:
    """The circle from where it was entered on to its least id, which is taken for its top."""
    return circle[: circle.index(min(circle)) + 1]
