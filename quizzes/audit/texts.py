"""Measures of all items: are they complete, readable, apart from one another, and fairly shared out?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pyphen
from scipy.stats import chi2_contingency
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from quizzes.audit.measure import Measure, scenarios
from quizzes.bank import Bank
from quizzes.items import AnyItem
from quizzes.marking import Part

LONGEST = 120
SIMILAR = 0.8
_SYLLABLES = pyphen.Pyphen(lang="en_US")


def grade_level(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text (Kincaid et al. 1975), in school years."""
    words = re.findall(r"[A-Za-z][A-Za-z'\u2019-]*", text)
    sentences = max(1, len(re.findall(r"[.!?](\s|$)", text)))
    syllables = sum(len(_SYLLABLES.positions(word)) + 1 for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(1, len(words)) - 15.59


def _catches(item: AnyItem, part: Part) -> bool:
    options = item.rationales()[part.name]
    placed = part.type in ("match", "order")
    return all(o.rationale and (o.misconception or (name in part.key and not placed)) for name, o in options.items())


def rationales(bank: Bank) -> Measure:
    """Has every option a rationale, and every wrong one the misconception that it catches?"""
    faulty = [item.id for item in bank.items.values() if not all(_catches(item, part) for part in item.parts())]
    share = 1 - len(faulty) / len(bank.items)
    return Measure("options with rationale and misconception", f"{share:.0%} of items", "100 %", not faulty, (*faulty,))


def origins(bank: Bank) -> Measure:
    """Has every item a source, a differentiator, an exam tag and a status?"""
    faulty = [
        item.id
        for item in bank.items.values()
        if not (item.source and item.differentiators() and item.exam and item.status)
    ]
    share = 1 - len(faulty) / len(bank.items)
    return Measure("source, differentiator, exam tag, status", f"{share:.0%} of items", "100 %", not faulty, (*faulty,))


def near_duplicates(bank: Bank) -> Measure:
    """Are items of different families nearly the same text?"""
    items = list(bank.items.values())
    alike = cosine_similarity(TfidfVectorizer().fit_transform([item.text for item in items]))
    apart = [(a, b) for a, b in combinations(range(len(items)), 2) if items[a].family != items[b].family]
    close = tuple(f"{items[a].id} ~ {items[b].id}" for a, b in apart if alike[a, b] > SIMILAR)
    nearest = max((float(alike[a, b]) for a, b in apart), default=0.0)
    found = f"{len(close)}, nearest {nearest:.2f}"
    return Measure("near-duplicates across families", found, f"none above {SIMILAR}", not close, close)


def readability(bank: Bank) -> Measure:
    """Is each scenario within the reading grade?"""
    grades = {item.id: grade_level(item.scenario) for item in scenarios(bank)}
    hard = tuple(f"{name} ({grade:.1f})" for name, grade in grades.items() if not 5 <= grade <= 14)
    mean = float(np.mean(list(grades.values())))
    found = f"mean grade {mean:.1f}, {len(hard)} outside 5 to 14"
    return Measure("readability of scenarios", found, "mean 8 to 12, each 5 to 14", 8 <= mean <= 12 and not hard, hard)


def length(bank: Bank) -> Measure:
    """Is any item's text longer than an exam's?"""
    words = {item.id: len(item.text.split()) for item in bank.items.values()}
    long = tuple(name for name, number in words.items() if number > LONGEST)
    found = f"longest {max(words.values())} words"
    return Measure("text length", found, f"{LONGEST} words at most", not long, long)


def halves(bank: Bank) -> Measure:
    """Is half of each kind for practice and half for assessment?"""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for item in bank.items.values():
        counts[item.kind][item.use] += 1
    note = ", ".join(f"{kind} {each['practice']} : {each['assessment']}" for kind, each in counts.items())
    total = Counter(item.use for item in bank.items.values())
    found = f"{total['practice']} : {total['assessment']}"
    # A kind of few items cannot be held closer than one of them.
    met = all(abs(each["practice"] - each["assessment"]) <= max(2, 0.1 * each.total()) for each in counts.values())
    return Measure("practice to assessment", found, "within 10 points by kind", met, (), (note,))


def alike_halves(bank: Bank) -> Measure:
    """Do practice and assessment cover the differences alike, and read alike?"""
    items = scenarios(bank)
    counts = Counter((item.use, item.deciding.key) for item in items)
    names = [d for d in bank.differentiators if counts["practice", d] + counts["assessment", d]]
    table = [[counts[use, name] for name in names] for use in ("practice", "assessment")]
    p = float(chi2_contingency(table).pvalue)
    means = [np.mean([grade_level(i.scenario) for i in items if i.use == use]) for use in ("practice", "assessment")]
    gap = abs(float(means[0] - means[1]))
    found = f"coverage p = {p:.2f}, reading grades {gap:.1f} apart"
    return Measure("practice and assessment alike", found, "p > 0.05, within 1 grade", p > 0.05 and gap <= 1)


MEASURES = (rationales, origins, near_duplicates, readability, length, halves, alike_halves)
