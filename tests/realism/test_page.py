"""The page of an evaluation: what stands on it, what it lets in, and two sets side by side."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from slackincidents.realism.base import Evidence, Score
from slackincidents.realism.page import page
from slackincidents.realism.results import (
    Contents,
    Discriminator,
    Distance,
    Distribution,
    Evaluation,
    Judge,
    Kind,
    Persona,
    Reason,
    Separation,
    Tell,
    Verdict,
)
from slackincidents.schema.acts import Feature

SCRIPT = "<script>alert('boo')</script> & https://elsewhere.example/x"


class Tags(HTMLParser):
    """What a page consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and its attributes; what it holds is a word of its own."""
        self.text += " "
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.text += data


def read(html: str) -> Tags:
    """A page taken apart; blanks run together."""
    found = Tags()
    found.feed(html)
    found.text = re.sub(r"\s+", " ", found.text)
    return found


def score(name: str, value: float | None, title: str = "", **more: object) -> Score:
    """A score."""
    return Score.model_validate({"name": name, "title": title or name, "measure": "m", "value": value, **more})


def separation(unit: str, value: float, *tells: Tell, worst: tuple[Evidence, ...] = ()) -> Separation:
    """How well something is told apart."""
    return Separation(
        unit=unit, auc=score(f"auc:{unit}", value, low=value - 0.1, high=value, evidence=worst), tells=tells
    )


HEDGES = Distance(
    name="hedge",
    title="lines that hedge",
    measure="surface",
    kind=Kind.BAND,
    value=0.5,
    here=0.07,
    number=9,
    passes=(0.03, 0.28),
    target=(0.1, 0.16),
    verdict=Verdict.PASS,
)
TELL = Tell(
    name="comma",
    weight=-0.4,
    here=0.1,
    there=0.3,
    examples=(
        Evidence(incident="made-1", event=4, text="ours, here", note="ours"),
        Evidence(incident="irc-2", text="theirs, there", note="reference"),
    ),
)


def evaluation(name: str = "ours", **changes: object) -> Evaluation:
    """An evaluation with everything in it."""
    shown = {f"feature_{feature.replace('-', '_')}": 0.5 for feature in Feature if feature is not Feature.HANDOFF}
    whole = Evaluation(
        versions={"slackincidents": "9.9"},
        seed="realism",
        set=Contents(name=name, incidents=3, lines=120, left_out={"too short": 2}),
        against=Contents(name="real", incidents=70, lines=1400),
        reference="bands of real rooms",
        scores=(
            score("hedge", 0.07, "lines that hedge", low=0.05, high=0.09),
            score("features_covered", 24 / 25, evidence=(Evidence(incident="", note="no incident shows handoff"),)),
            *(score(key, value, low=0.4, high=0.6) for key, value in shown.items()),
            score("feature_handoff", None),
            score("seen_handoff", 0.25),
        ),
        reference_scores=(score("hedge", 0.12),),
        distances=(
            HEDGES,
            HEDGES.model_copy(update={"name": "long", "title": "long lines", "verdict": Verdict.OUT, "number": 7}),
            Distance(name="gaps", title="gaps", measure="timing", kind=Kind.KS, value=0.085, low=0.06, high=0.15),
        ),
        distributions=(
            Distribution(name="gaps", title="gaps", unit="s", edges=(0, 10, 60), here=(0.25, 0.75), there=(0.5, 0.5)),
        ),
        notes=("One incident is foreign.",),
        discriminator=Discriminator(
            separations=(
                separation("message", 0.81, TELL, worst=(Evidence(incident="made-1", event=7, text=SCRIPT),)),
                separation("position:first third", 0.7),
            ),
            baselines=(separation("real against real:message", 0.65),),
        ),
        judge=Judge(
            model="some-model",
            pairs=40,
            scores=(score("taken_for_real", 0.31, "taken for real", low=0.2, high=0.44, count=80),),
            reasons=(Reason(name="too tidy", count=12, examples=("every line adds a fact",)),),
        ),
        persona=Persona(scores=(score("attribution", 0.2, "writer guessed"),), note="20 people"),
    )
    return whole.model_copy(update=changes)


def test_the_headline_has_every_figure() -> None:
    """AUC with its yardstick, checks that pass, features of twenty-five, and what the judge took for real."""
    text = read(page(evaluation())).text
    assert "0.810 AUC" in text
    assert "by message, 95 % 0.710 to 0.810; no difference is 0.5; two real channels 0.650" in text
    assert "Checks that pass 1 of 2 0 of them in the band" in text
    assert "Room features 24 of 25 no incident shows handoff" in text
    assert "Taken for real 31% by some-model, 40 pairs, 95 % 0.200 to 0.440" in text
    assert "1 out: long lines." in text
    assert "ours: 3 incidents, 120 lines typed by people. Left out: 2 too short." in text


def test_each_check_has_value_interval_bands_and_verdict() -> None:
    """A row says what was measured, what would pass, the incident band and the reference's own value."""
    text = read(page(evaluation())).text
    assert "9 lines that hedge 0.070 0.050 to 0.090 pass 0.03 to 0.28 0.1 to 0.16 0.120" in text
    assert "gaps ks 0.085 0.060 to 0.150" in text


def test_distributions_tells_judge_and_people_are_there() -> None:
    """Histogram beside the reference, the tell with lines of both sides, reasons, people, every number."""
    html = page(evaluation())
    text = read(html).text
    assert "0 to 10 s: 25 %; 10 to 60 s: 75 %" in text
    assert 'class="ref"' in html
    assert "comma 0.40 less here 0.100 0.300 ours, here made-1, message 4 theirs, there irc-2" in text
    assert "too tidy (12) every line adds a fact" in text
    assert "writer guessed 0.200 - 0 20 people" in text
    assert "Seed realism; slackincidents 9.9." in text


def test_bins_of_whole_numbers_say_which() -> None:
    """A bin ends before the next begins, one of a single number has one name, the last holds the rest."""
    spread = Distribution(name="tokens", title="tokens a line", edges=(1, 2, 4, 6), here=(0.5, 0.25, 0.25))
    assert "1: 50 %; 2 to 3: 25 %; 4 or more: 25 %" in read(page(evaluation(distributions=(spread,)))).text


def test_all_twenty_five_features_are_shown() -> None:
    """A labelled share as it is, one without labels by the rule that sees it in the text."""
    html = page(evaluation())
    names = re.findall(r'class="name">([^<]+)<', html)
    assert [name for name in names if name in set(Feature)] == [str(feature) for feature in Feature]
    assert "handoff: (25%)" in read(html).text


def test_a_message_is_text_and_the_page_lets_nothing_in() -> None:
    """A script in a message is shown, not run; no address leads out; the policy allows this page's style alone."""
    html = page(evaluation(), evaluation("theirs"), pages={"made-1": "made-1.html"})
    found = read(html)
    assert "<script" not in html
    assert "<script>alert('boo')</script>" in found.text
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert not {"style", "src", "srcset", "onload", "onclick"} & {name for name, _ in found.attributes}
    addresses = {value for name, value in found.attributes if name == "href"}
    assert addresses == {"made-1.html#m7", "made-1.html#m4"}
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_without_a_view_of_the_incident_the_message_stands_alone() -> None:
    """No link is made to a page nobody wrote; the message and its place are there all the same."""
    found = read(page(evaluation()))
    assert "a" not in found.tags
    assert "made-1, message 7" in found.text


def test_two_sets_stand_side_by_side() -> None:
    """Both values are in one row of checks and of numbers; a missing one is a dash; bars of both follow each other."""
    other = evaluation(
        "baseline",
        distances=(HEDGES.model_copy(update={"here": 0.02, "verdict": Verdict.OUT}),),
        scores=(score("hedge", 0.02, "lines that hedge"),),
        discriminator=Discriminator(separations=(separation("message", 0.97),)),
        judge=None,
    )
    html = page(evaluation(), other)
    text = read(html).text
    assert "How near to real: ours and baseline" in text
    assert "9 lines that hedge 0.070 0.050 to 0.090 pass 0.020 out 0.03 to 0.28" in text
    assert "7 long lines 0.070 out - 0.03 to 0.28" in text
    assert "lines that hedge 0.070 0.050 to 0.090 0.020 - 0.120 -" in text
    assert "message: 0.810; message, baseline: 0.970; position, first third: 0.700" in text
    assert "position, first third, baseline: not measured" in text
    assert "1 out: lines that hedge." in text
    assert html.count('class="dot few"') == 1


def test_two_sets_of_one_name_are_told_apart() -> None:
    """They are numbered."""
    assert "ours (1) and ours (2)" in read(page(evaluation(), evaluation())).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"judge": Judge(skipped="no key is set. Set one.")}, "judge skipped: no key is set. Set one."),
        ({"judge": None}, "No judge was asked."),
        ({"discriminator": None}, "not measured; it needs the texts of a reference"),
        ({"distances": (), "reference": ""}, "no reference to check against"),
        ({"scores": (score("hedge", None),)}, "no answer keys, so none are counted"),
        ({"persona": None, "distributions": (), "against": None}, "Every number"),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, object], words: str) -> None:
    """A section that could not be made leaves words, not a hole."""
    assert words in read(page(evaluation().model_copy(update=changes))).text


def test_an_evaluation_with_next_to_nothing_is_a_page() -> None:
    """One score of one incident without a reference is enough."""
    bare = Evaluation(
        versions={}, seed="s", set=Contents(name="", incidents=1, lines=9), reference="", scores=(score("a", None),)
    )
    assert "This set: 1 incident, 9 lines" in read(page(bare)).text


def test_the_same_evaluations_give_the_same_bytes() -> None:
    """No clock, no chance."""
    assert page(evaluation(), evaluation("b")) == page(evaluation(), evaluation("b"))
