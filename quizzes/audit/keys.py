"""Measures of questions with options: does anything but the question give the key away?"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
from scipy.stats import chisquare, hypergeom

from quizzes.audit.measure import Measure, OptionsQuestion, asked, band, held_out, single, unique, words_model
from quizzes.bank import Bank

ABSOLUTE = re.compile(r"\b(always|never|all|none|only|every|must|completely|entirely)\b", re.IGNORECASE)


def longest_key(bank: Bank) -> Measure:
    """Is the key the longest option more often than chance, or longer on the whole?"""
    items = single(bank)
    lengths = [{name: len(text) for name, text in each.texts.items()} for each in items]
    chance = sum(1 / len(each) for each in lengths) / len(items)
    longest, ratios = [], []
    for each, length in zip(items, lengths, strict=True):
        key = length[each.keys[0]]
        others = [value for name, value in length.items() if name != each.keys[0]]
        ratios.append(key / np.mean(others))
        if key > max(others):
            longest.append(each.item)
    share, ratio = len(longest) / len(items), float(np.mean(ratios))
    low, high = min(band(len(items), chance)[0], chance - 0.05), max(band(len(items), chance)[1], chance + 0.05)
    met = low <= share <= high and 0.9 <= ratio <= 1.1
    goal = f"{low:.0%} to {high:.0%}, ratio 0.9 to 1.1"
    return Measure("key is the longest option", f"{share:.0%}, ratio {ratio:.2f}", goal, met, unique(longest))


def key_position(bank: Bank) -> Measure:
    """Are keys spread evenly over positions, with no long run?"""
    positions = [list(each.texts).index(each.keys[0]) for each in single(bank)]
    counts = Counter(positions)
    p = float(chisquare([counts[place] for place in range(max(counts) + 1)]).pvalue)
    run = longest = 1
    for before, after in pairwise(positions):
        run = run + 1 if before == after else 1
        longest = max(longest, run)
    spread = " : ".join(str(counts[place]) for place in range(max(counts) + 1))
    found = f"{spread}, p = {p:.2f}, longest run {longest}"
    return Measure("key position", found, "p > 0.05, no run over 3", p > 0.05 and longest <= 3)


def absolute_words(bank: Bank) -> Measure:
    """Do absolute words stand in distractors more often than in keys?"""
    keys: list[bool] = []
    others: list[bool] = []
    items: list[str] = []
    for each in asked(bank):
        for name, text in each.texts.items():
            absolute = bool(ABSOLUTE.search(text))
            (keys if name in each.keys else others).append(absolute)
            if absolute:
                items.append(each.item)
    key_rate, other_rate = float(np.mean(keys)), float(np.mean(others))
    # One key more or less moves the rate by 1 / number of keys: a small bank cannot be held closer than that.
    tolerance = max(0.05, 1 / len(keys))
    met = abs(key_rate - other_rate) <= tolerance
    found = f"keys {key_rate:.0%}, distractors {other_rate:.0%}"
    return Measure("absolute words", found, f"within {tolerance:.0%}", met, unique(items))


def _option_odds(items: list[OptionsQuestion]) -> list[dict[str, float]]:
    """Return the log-odds of being keyed for each option, by a model that sees options and never a question."""
    rows = [(each, name, text) for each in items for name, text in each.texts.items()]
    labels = np.array([name in each.keys for each, name, _ in rows])
    odds = iter(held_out(words_model(2), [text for _, _, text in rows], labels, [each.family for each, _, _ in rows]))
    return [{name: float(next(odds)) for name in each.texts} for each in items]


def key_from_options(bank: Bank) -> Measure:
    """Can a model that sees the options but never the question pick the key, in families that it has not seen?"""
    items = single(bank)
    best = [max(odds, key=odds.__getitem__) for odds in _option_odds(items)]
    hits = [each.item for each, name in zip(items, best, strict=True) if name in each.keys]
    chance = sum(1 / len(each.texts) for each in items) / len(items)
    low, high = band(len(items), chance)
    share = len(hits) / len(items)
    found = f"{share:.0%} of {len(items)}"
    met = low <= share <= high
    return Measure("key from the options alone", found, f"{low:.0%} to {high:.0%}", met, unique(hits))


def keys_from_options(bank: Bank) -> Measure:
    """Ask the same of questions with several keys: how many of the best guesses are keyed?"""
    items = [each for each in asked(bank) if len(each.keys) > 1]
    if not items:
        return Measure("keys from the options alone", "none asked", "by chance", met=True)
    hits, guesses, guessed, by_chance = 0, 0, [], np.ones(1)
    for each, odds in zip(items, _option_odds(items), strict=True):
        keys = len(each.keys)
        best = sorted(odds, key=odds.__getitem__, reverse=True)[:keys]
        right = sum(name in each.keys for name in best)
        hits, guesses = hits + right, guesses + keys
        guessed += [each.item] if right == keys else []
        by_chance = np.convolve(by_chance, hypergeom(len(odds), keys, keys).pmf(range(keys + 1)))
    low, high = (int(np.searchsorted(np.cumsum(by_chance), edge)) / guesses for edge in (0.025, 0.975))
    share = hits / guesses
    found, met = f"{share:.0%} of {guesses}", low <= share <= high
    return Measure("keys from the options alone", found, f"{low:.0%} to {high:.0%}", met, unique(guessed))


MEASURES = (key_from_options, keys_from_options, longest_key, key_position, absolute_words)
