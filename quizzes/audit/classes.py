"""Measures of classify items: does anything but understanding tell project from operations?"""

from __future__ import annotations

from collections import Counter

import numpy as np
from scipy.stats import chisquare
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GroupKFold

from quizzes.audit.measure import FOLDS, Measure, band, held_out, one_sided, scenarios, words_model
from quizzes.bank import Bank
from quizzes.items import Classify

# The misconceptions of a reader whom the surface of a text takes to the wrong class, by the class that is keyed.
COUNTER_CUES = {
    "operations": {
        "deadline-means-project",
        "urgency-means-project",
        "size-means-project",
        "name-means-project",
        "mixed-team-means-project",
        "change-word-means-project",
    },
    "project": {
        "repetition-means-operations",
        "routine-words-mean-operations",
        "long-means-operations",
        "small-means-operations",
        "similar-means-routine",
        "ending-means-operations",
    },
}


def balance(bank: Bank) -> Measure:
    """Are project and operations keyed equally often?"""
    counts = Counter(item.classes.key for item in scenarios(bank))
    project, operations = counts["project"], counts["operations"]
    share = project / (project + operations)
    found = f"{project} : {operations}, both {counts['both']}"
    return Measure("project against operations", found, "45 % to 55 %", 0.45 <= share <= 0.55)


def _has_counter_cue(item: Classify) -> bool:
    cues = COUNTER_CUES[item.classes.key]
    return any(phrase.misconception in cues for phrase in item.evidence)


def counter_cues(bank: Bank) -> Measure:
    """Tell whether a third of the scenarios holds a phrase that tempts to the wrong class."""
    items = one_sided(bank)
    shares = {
        key: float(np.mean([_has_counter_cue(item) for item in items if item.classes.key == key]))
        for key in COUNTER_CUES
    }
    found = ", ".join(f"{key} {share:.0%}" for key, share in shares.items())
    return Measure("scenarios with a counter-cue", found, "33 % or more of each", min(shares.values()) >= 1 / 3)


def class_from_words(bank: Bank) -> Measure:
    """Can a bag-of-words model tell project from operations in families that it has not seen?"""
    items = one_sided(bank)
    texts, labels = [item.scenario for item in items], np.array([item.classes.key == "project" for item in items])
    families = [item.family for item in items]
    odds = held_out(words_model(1), texts, labels, families)
    pairs = float(np.mean((held_out(words_model(2), texts, labels, families) > 0) == labels))
    hits = (odds > 0) == labels
    share = float(np.mean(hits))
    goal = max(0.60, band(len(items), 0.5)[1])  # in a small bank chance alone goes further than 60 %
    surest = sorted(np.flatnonzero(hits), key=lambda i: -abs(odds[i]))[: round(0.15 * len(items))]
    return Measure(
        "class from the scenario's words",
        f"{share:.0%} of {len(items)}",
        f"{goal:.0%} at most",
        share <= goal,
        tuple(items[i].id for i in surest),
        (
            f"words that differ most: {'; '.join(leaking_words(texts, labels))}",
            f"for comparison, with pairs of words, which hold part of the meaning: {pairs:.0%}",
        ),
    )


def leaking_words(texts: list[str], labels: np.ndarray, most: int = 12) -> list[str]:
    """Return the words whose share of scenarios differs most between the classes, with both shares."""
    vectorizer = CountVectorizer(binary=True, min_df=max(3, len(texts) // 25))
    matrix = vectorizer.fit_transform(texts).toarray()
    project, operations = matrix[labels].mean(axis=0), matrix[~labels].mean(axis=0)
    order = np.argsort(-np.abs(project - operations))[:most]
    words = vectorizer.get_feature_names_out()
    return [f"'{words[i]}' project {project[i]:.0%}, operations {operations[i]:.0%}" for i in order]


def difference_from_options(bank: Bank) -> Measure:
    """Is a difference keyed more often than others when it is offered, so that its name alone gives it away?"""
    items = scenarios(bank)
    families = [item.family for item in items]
    hits = []
    for train, held in GroupKFold(n_splits=min(FOLDS, len(set(families)))).split(items, groups=families):
        offered = Counter(name for i in train for name in items[i].deciding.options)
        keyed = Counter(items[i].deciding.key for i in train)
        for i in held:
            # Laplace's estimate of how often an offered difference is keyed
            rates = {name: (keyed[name] + 1) / (offered[name] + 3) for name in items[i].deciding.options}
            if max(rates, key=rates.__getitem__) == items[i].deciding.key:
                hits.append(items[i].id)
    share, chance = len(hits) / len(items), float(np.mean([1 / len(item.deciding.options) for item in items]))
    low, high = band(len(items), chance)
    found, met = f"{share:.0%} of {len(items)}", low <= share <= high
    keyed, offered = Counter(i.deciding.key for i in items), Counter(n for i in items for n in i.deciding.options)
    note = ", ".join(f"{name} {keyed[name]} of {offered[name]}" for name in bank.differentiators)
    notes = (f"keyed of offered: {note}",)
    return Measure("difference from its options", found, f"{low:.0%} to {high:.0%}", met, tuple(hits), notes)


def difference_position(bank: Bank) -> Measure:
    """Is the keyed differentiator spread evenly over the positions of its options?"""
    counts = Counter(list(item.deciding.options).index(item.deciding.key) for item in scenarios(bank))
    p = float(chisquare([counts[place] for place in range(3)]).pvalue)
    found = " : ".join(str(counts[place]) for place in range(3))
    return Measure("position of the keyed difference", f"{found}, p = {p:.2f}", "p > 0.05", p > 0.05)


def evidence_length(bank: Bank) -> Measure:
    """Are the phrases that are evidence longer than the decoys?"""
    keyed = [len(p.text) for i in scenarios(bank) for p in i.evidence if p.evidence]
    decoys = [len(p.text) for i in scenarios(bank) for p in i.evidence if not p.evidence]
    ratio = float(np.mean(keyed) / np.mean(decoys))
    return Measure("length of evidence to decoys", f"ratio {ratio:.2f}", "0.8 to 1.25", 0.8 <= ratio <= 1.25)


def evidence_position(bank: Bank) -> Measure:
    """Is evidence found late in the scenario, so that choosing the last phrases pays?"""
    first = float(np.mean([next(iter(item.phrases.values())).evidence for item in scenarios(bank)]))
    last = float(np.mean([list(item.phrases.values())[-1].evidence for item in scenarios(bank)]))
    found = f"first phrase {first:.0%}, last phrase {last:.0%}"
    met = abs(first - last) <= 0.25
    return Measure("evidence among first and last phrases", found, "within 25 points", met)


def both_offered(bank: Bank) -> Measure:
    """Is "both" also offered where it is not the key?"""
    offered = [item for item in scenarios(bank) if "both" in item.classes.options]
    decoys = [item for item in offered if item.classes.key != "both"]
    met = not offered or len(decoys) >= len(offered) / 3
    return Measure("'both' offered without being keyed", f"{len(decoys)} of {len(offered)}", "a third or more", met)


MEASURES = (
    balance,
    counter_cues,
    class_from_words,
    difference_from_options,
    difference_position,
    evidence_length,
    evidence_position,
    both_offered,
)
