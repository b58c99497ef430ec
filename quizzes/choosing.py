"""How items are chosen by lot, and the fault of a choice. Needs neither the bank nor its models."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import zip_longest


class SelectionError(ValueError):
    """A selection asks for an item or a number that there is not."""


def draw_ids(families: Mapping[str, str], number: int, seed: int) -> tuple[str, ...]:
    """Draw `number` ids by seed, at most one of a family while families last. Same input, same draw.

    `families` gives the family of each item that may be drawn. Raises SelectionError where there are too few.
    """
    if not 1 <= number <= len(families):
        raise SelectionError(f"{number} items asked and {len(families)} match: ask for fewer or widen the selection")
    drawn: dict[str, list[str]] = {}
    for each in random.Random(seed).sample(list(families), len(families)):  # noqa: S311  a draw, no secret
        drawn.setdefault(families[each], []).append(each)
    rounds = zip_longest(*drawn.values())  # one of each family, then the second of each, and so on
    return tuple(each for some in rounds for each in some if each is not None)[:number]
