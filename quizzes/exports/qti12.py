"""The bank as a QTI 1.2 package that Canvas imports: one quiz, and with it a question bank.

Canvas reads a question's type and points from fields of its own and marks by the type, not by the rules in the file;
the rules are written as Canvas writes them, for other systems that follow them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from quizzes.bank import Bank
from quizzes.exports.base import Carry, Exported, Format, Support, lost
from quizzes.exports.qti_canvas import CHOICE, GAPS, SEVERAL, Entry, entries, html
from quizzes.exports.qti_xml import node, packed
from quizzes.exports.units import mostly_right
from quizzes.items import AnyItem, Trait

TITLE = "Project or Operation?"
QUIZ = "project-or-operation"
NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CONTENT = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
SETTINGS = "http://canvas.instructure.com/xsd/cccv1p0"
GENERAL = "general_fb"
QUIZ_FILE, SETTINGS_FILE = f"{QUIZ}/{QUIZ}.xml", f"{QUIZ}/assessment_meta.xml"


def _field(label: str, entry: str) -> ET.Element:
    return node("qtimetadatafield", node("fieldlabel", label), node("fieldentry", entry))


def _metadata(entry: Entry) -> ET.Element:
    fields = {
        "question_type": entry.type,
        "points_possible": str(float(entry.points)),
        "original_answer_ids": ",".join(answer.number for answer in entry.every),
        "assessment_question_identifierref": f"question-{entry.name}",
    }
    return node("itemmetadata", node("qtimetadata", *(_field(*each) for each in fields.items())))


def _plain(text: str) -> ET.Element:
    return node("material", node("mattext", text, texttype="text/plain"))


def _rich(html: str) -> ET.Element:
    return node("material", node("mattext", html, texttype="text/html"))


def _labels(texts: Mapping[str, str]) -> ET.Element:
    return node("render_choice", *(node("response_label", _plain(text), ident=name) for name, text in texts.items()))


def _responses(entry: Entry) -> Iterator[ET.Element]:
    for name, answers in entry.answers.items():
        if entry.matches:
            yield node("response_lid", _plain(answers[0].text), _labels(entry.matches), ident=name)
            continue
        labels = _labels({answer.number: answer.text for answer in answers})
        if entry.type == GAPS:
            yield node("response_lid", _plain(name.removeprefix("response_")), labels, ident=name)
        else:
            several = "Multiple" if entry.type == SEVERAL else "Single"
            yield node("response_lid", labels, ident=name, rcardinality=several)


def _rule(condition: ET.Element, *then: ET.Element, go_on: bool) -> ET.Element:
    return node("respcondition", node("conditionvar", condition), *then, **{"continue": "Yes" if go_on else "No"})


def _is(response: str, value: str) -> ET.Element:
    return node("varequal", value, respident=response)


def _shown(name: str) -> ET.Element:
    return node("displayfeedback", feedbacktype="Response", linkrefid=name)


def _general_rule(entry: Entry) -> Iterator[ET.Element]:
    if entry.general:
        yield _rule(node("other"), _shown(GENERAL), go_on=True)


def _feedback_rules(entry: Entry) -> Iterator[ET.Element]:
    """Yield what is shown: on an option where it is chosen, on a row where it is not in its place."""
    for response, answers in entry.answers.items():
        for answer in answers:
            test = node("not", _is(response, answer.match)) if answer.match else _is(response, answer.number)
            yield _rule(test, _shown(f"{answer.number}_fb"), go_on=True)


def _all_right(entry: Entry) -> ET.Element:
    ((response, answers),) = entry.answers.items()
    if entry.type == CHOICE:
        return next(_is(response, answer.number) for answer in answers if answer.right)
    tests = [(answer.right, _is(response, answer.number)) for answer in answers]
    return node("and", *(test if right else node("not", test) for right, test in tests))


def _score_rules(entry: Entry) -> Iterator[ET.Element]:
    """Yield what earns points, out of 100: all at once for a choice, a share for each gap or row."""
    if entry.type in (CHOICE, SEVERAL):
        yield _rule(_all_right(entry), node("setvar", "100", action="Set", varname="SCORE"), go_on=False)
        return
    share = f"{100 / len(entry.answers):.2f}"
    for response, answers in entry.answers.items():
        right = next(answer for answer in answers if answer.right)
        earned = node("setvar", share, action="Add", varname="SCORE")
        yield _rule(_is(response, right.match or right.number), earned, go_on=True)


def _feedback(name: str, text: str) -> ET.Element:
    return node("itemfeedback", node("flow_mat", _rich(html(text))), ident=name)


def _question(entry: Entry) -> ET.Element:
    most = node("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    # Canvas takes the feedback of a row from the last rule on it, and the weight of an option likewise.
    rules = [_score_rules, _feedback_rules] if entry.matches else [_feedback_rules, _score_rules]
    return node(
        "item",
        _metadata(entry),
        node("presentation", _rich(entry.text), *_responses(entry)),
        node(
            "resprocessing",
            node("outcomes", most),
            *_general_rule(entry),
            *(made for each in rules for made in each(entry)),
        ),
        *([_feedback(GENERAL, entry.general)] if entry.general else []),
        *(_feedback(f"{answer.number}_fb", answer.feedback) for answer in entry.every),
        ident=entry.name,
        title=entry.name,
    )


def _assessment(every: Sequence[Entry]) -> ET.Element:
    attempts = node("qtimetadata", _field("cc_maxattempts", "unlimited"))
    section = node("section", *map(_question, every), ident="root_section")
    quiz = node("assessment", attempts, section, ident=QUIZ, title=TITLE)
    return node("questestinterop", quiz, xmlns=NAMESPACE)


def _settings(every: Sequence[Entry]) -> ET.Element:
    """Return the quiz's settings: practice, unpublished, as often as a learner likes, with the answers shown."""
    settings = {
        "title": TITLE,
        "shuffle_answers": "false",
        "scoring_policy": "keep_highest",
        "quiz_type": "practice_quiz",
        "points_possible": str(float(sum(entry.points for entry in every))),
        "show_correct_answers": "true",
        "allowed_attempts": "-1",
        "one_question_at_a_time": "false",
        "cant_go_back": "false",
        "available": "false",
    }
    return node("quiz", *(node(*each) for each in settings.items()), xmlns=SETTINGS, identifier=QUIZ)


def _manifest() -> ET.Element:
    quiz, settings = QUIZ_FILE, SETTINGS_FILE
    needed = node("dependency", identifierref=f"{QUIZ}-settings")
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    return node(
        "manifest",
        node("metadata", node("schema", "IMS Content"), node("schemaversion", "1.1.3")),
        node("organizations"),
        node(
            "resources",
            node("resource", node("file", href=quiz), needed, identifier=QUIZ, type="imsqti_xmlv1p2"),
            node("resource", node("file", href=settings), identifier=f"{QUIZ}-settings", type=kind, href=settings),
        ),
        xmlns=CONTENT,
        identifier=f"{QUIZ}-package",
    )


LOST: dict[str, Callable[[AnyItem], bool]] = {
    "tags, status and source are left out: the question's title holds the item's id": lambda _: True,
    "class and difference become two questions, and the difference earns its point for a wrong class too": (
        lambda item: Trait.REASON in item.traits
    ),
    "the words that show it are not asked: the feedback tells them": lambda item: item.shows_words,
    "its questions stand apart, each with the scenario": lambda item: Trait.SEVERAL in item.traits,
    "steps are matched with their numbers: points are for steps in their place, not for pairs in order": (
        lambda item: Trait.ORDER in item.traits
    ),
    "a row in a wrong place takes nothing off: points are for rows in their place": (
        lambda item: Trait.MATCH in item.traits
    ),
    "a wrong choice takes off as much as a right one earns, where this course takes off more": (mostly_right),
}


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the package: a manifest, the quiz with its questions, and the quiz's settings."""
    every = [entry for item in items for entry in entries(item, bank)]
    files = {"imsmanifest.xml": _manifest(), QUIZ_FILE: _assessment(every), SETTINGS_FILE: _settings(every)}
    return Exported(packed(files), len(items), lost(items, LOST))


FORMAT = Format(
    name="qti12",
    title="QTI 1.2 for Canvas",
    suffix=".zip",
    becomes={
        Trait.REASON: Support(Carry.DEGRADED, "two questions, class and difference"),
        Trait.GAPS: Support(Carry.WHOLE, "lists in the text"),
        Trait.SEVERAL: Support(Carry.DEGRADED, "separate questions, each with the scenario"),
        Trait.ONE: Support(Carry.WHOLE),
        Trait.SOME: Support(Carry.DEGRADED, "a wrong choice takes off less where most options are right"),
        Trait.MATCH: Support(Carry.DEGRADED, "a wrong place takes nothing off"),
        Trait.ORDER: Support(Carry.DEGRADED, "steps are matched with their numbers"),
    },
    aspects={
        "rationales": Support(Carry.WHOLE, "of rows, where they are in a wrong place"),
        "misconceptions": Support(Carry.WHOLE, "within the feedback"),
        "partial": Support(Carry.DEGRADED, "Canvas marks by the type of question"),
        "chain": Support(Carry.LOST, "each question is marked alone"),
        "evidence": Support(Carry.DEGRADED, "told in the feedback, not asked"),
        "tags": Support(Carry.LOST, "export a selection instead"),
        "status": Support(Carry.LOST, "the title holds the item's id"),
    },
    export=export,
)
