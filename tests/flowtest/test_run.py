"""Flow tests: what passes, what fails and with which sentence, where in the file."""

import textwrap
from typing import Any

import pytest

from core.host.manager import load
from core.lang import Compilation, compile_text
from core.testing.flowtest import FileReport, junit, run_file, told

REGISTRY = load(entry_points=False)
FLOW = """
flow: shop
settings: {expireSeconds: 604800}
steps:
  hello:
    say: Hello {{contact.firstName|default('there')}}!
    quick:
      - {text: Browse, to: tag}
      - {text: Help, to: person}
    else: sorry
    routes:
      - {timeout: 12h, to: end}
  tag: {tag: browsed, next: pause}
  pause: {wait: 1h, next: mail}
  mail:
    ask: Your e-mail?
    type: email
    into: contact.email
    retries: 1
    retryMessage: That is no address.
    routes:
      - {answer: valid, to: call}
      - {answer: invalid, to: sorry}
      - {timeout: 1d, to: end}
  call:
    call: http.request
    with: {url: "https://api.example/join", method: POST}
    into: answer
    routes:
      - {outcome: success, to: thanks}
      - {outcome: failure, to: sorry}
  thanks: {say: "Thanks, {{contact.email}}!", next: end}
  sorry: {say: Sorry., next: end}
  person: {handover: wants help}
"""


def play(tests: str, flow: str = FLOW, **others: str) -> FileReport:
    """A test file's text on a flow's text."""

    def flows(name: str) -> Compilation:
        return compile_text({"shop.yaml": flow, **others}[name], REGISTRY, "yaml", name)

    return run_file("shop.test.yaml", textwrap.dedent(tests), flows)


def one(steps: str, **around: Any) -> FileReport:
    """A file with one test."""
    head = "".join(f"    {k}: {v}\n" for k, v in around.items())
    lines = textwrap.indent(textwrap.dedent(steps).strip("\n"), "      ")
    return play(f"file: shop.yaml\ntests:\n  - name: it\n{head}    steps:\n{lines}\n")


WHOLE = """
file: shop.yaml
contact: {firstName: Ana, tags: [known]}
mocks: {http.request: {outcome: success, data: {ok: true}}}
tests:
  - name: the whole way
    start: {dm: hi}
    steps:
      - expect: [{say: "Hello Ana!", buttons: [Browse, Help]}, waiting]
      - tap: Browse
      - expect: {tag: browsed}
      - advance: 59m
      - expect: nothing
      - advance: 1m
      - expect: {say: Your e-mail?}
      - type: nonsense
      - expect: {say: That is no address.}
      - type: ana@mail.example
      - expect:
          - attribute: {email: ana@mail.example}
          - {called: http.request, args: {method: POST}}
          - say: "Thanks, ana@*"
          - end
  - name: two wrong addresses
    steps:
      - expect: {say: "*"}
      - tap: browse
      - advance: 1h
      - expect: {say: "*"}
      - type: a
      - expect: {say: "*"}
      - type: b
      - expect: [{say: Sorry.}, end]
  - name: the service is down
    mocks: {http.request: failure}
    steps:
      - expect: {say: "*"}
      - tap: {payload: BROWSE}
      - advance: 1h
      - expect: {say: "*"}
      - type: ana@mail.example
      - expect: {say: Sorry.}
  - name: help
    contact: {firstName: null}
    start: welcome
    steps:
      - expect: {say: "Hello there!", step: hello}
      - type: help
      - expect: {handover: wants*}
  - name: other words
    steps:
      - expect: {say: "*"}
      - type: what?
      - expect: {say: Sorry.}
      - type: and now?
      - expect: unanswered
  - name: silence
    steps:
      - expect: {say: "*"}
      - advance: 12h
      - expect: end
  - name: silence at the question
    steps:
      - expect: {say: "*"}
      - tap: Browse
      - advance: 1h
      - expect: [{say: "*"}, {waiting: reply}]
      - advance: 1d
      - expect: end
"""


def test_a_file_that_passes() -> None:
    report = play(WHOLE)
    assert [(t.name, t.problem) for t in report.tests if t.problem] == [] and not report.problems
    assert report.coverage is not None
    assert report.coverage.missed == (), "every state and exit"


@pytest.mark.parametrize(
    ("steps", "line", "message", "hint"),
    [
        ("- expect: {say: Hi}", 5, "expected say: 'Hi'", "came: say: 'Hello there!' [Browse, Help]"),
        ("- type: help\n- expect: handover", 5, "not expected before this step: say: 'Hello there!' [Browse, Help]", "add it"),
        ("- expect: nothing", 5, "expected nothing", "came: say: 'Hello there!' [Browse, Help]"),
        ("- expect: {say: '*', buttons: [Browse]}", 5, "expected say: '*', buttons: [Browse]", "came: say"),
        ("- expect: {say: '*'}\n- tap: Buy", 6, "No button “Buy” can be tapped now.", "there is: Browse, Help"),
        ("- expect: {say: '*'}\n- tap: Help\n- expect: {end: won}", 7, "expected end: 'won'", "came: handover: 'wants help'"),
        ("- expect: {say: '*'}\n- tap: Browse\n- expect: {tag: vip}", 7, "expected tag: 'vip'", "came: tag: browsed"),
        ("- expect: [{say: '*'}, {waiting: timer}]", 5, "expected waiting: 'timer'", "the flow waits for a reply"),
        (
            "- expect: {say: '*'}\n- tap: Browse\n- advance: 1h\n- expect: {say: '*'}\n- type: a@b.example\n- expect: {say: '*'}",
            10,
            "expected say: '*'",
            "came: no message; the flow waits for 'http.request': give it a mock or a step 'result'",
        ),
        ("- expect: [{say: Sorry.}, {say: Hello*}]", 5, "expected say: 'Sorry.'", "came: say: 'Hello there!'"),
    ],
)  # fmt: skip
def test_what_fails(steps: str, line: int, message: str, hint: str) -> None:
    (test,) = one(steps).tests
    assert test.problem is not None and test.problem.span is not None
    assert (test.problem.message, test.problem.span.line) == (message, line)
    assert test.problem.hint.startswith(hint), test.problem.hint


def test_a_message_outside_the_window_fails_by_itself() -> None:
    late = "flow: late\nsteps:\n  a:\n    say: Well?\n    quick: [{text: 'Yes', to: b}]\n    routes: [{timeout: 25h, to: b}]\n    else: b\n"
    late += "  b: {say: Still there?}\n"
    steps = "      - expect: {say: Well?}\n      - advance: 25h\n      - expect: {say: '*'}\n"
    report = play("file: shop.yaml\ntests:\n  - steps:\n" + steps, late)
    assert report.tests[0].problem is not None
    assert "outside the messaging window" in report.tests[0].problem.message


def test_a_comment_allows_one_private_reply() -> None:
    flow = "flow: c\nsteps:\n  a: {say: One, next: b}\n  b: {say: Two}\n"
    tests = "file: shop.yaml\ntests:\n  - start: {comment: win}\n    steps:\n      - expect: [{say: One}, {say: Two}]\n"
    assert play(tests, flow).tests[0].problem is not None
    assert play(tests.replace(", {say: Two}", ""), "flow: c\nsteps:\n  a: {say: One}\n").tests[0].problem is None


def test_subflows_and_splits() -> None:
    main = """
flow: main
steps:
  s:
    split: opening
    routes: [{share: 50, to: a}, {share: 50, to: b}]
  a: {say: A, next: sub}
  b: {say: B, next: sub}
  sub: {run: child, into: name, next: bye}
  bye: {say: "Bye {{name}}"}
"""
    child = "flow: child\nsteps:\n  q: {ask: Name?, type: text, into: n, next: r}\n  r: {set: {result: '{{n}}'}, next: end}\n"
    tests = """
file: shop.yaml
also: [child.yaml]
tests:
  - {name: first, split: {opening: 1}, steps: [{expect: [{say: A}, {say: Name?}]}, {type: Bo}, {expect: [{say: Bye Bo}, end]}]}
  - {name: second, split: {opening: 2}, steps: [{expect: [{say: B}, {say: Name?}]}]}
  - {name: wrong, split: {opening: 3}, steps: [{expect: nothing}]}
"""
    report = play(tests, main, **{"child.yaml": child})
    assert [t.problem and t.problem.message for t in report.tests] == [
        None,
        None,
        "the split 'opening' has the shares 1 to 2",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "a test file is an object with file and tests"),
        ("tests: [{steps: [{expect: end}]}]", "'file' names the flow that is tested"),
        ("file: shop.yaml", "'tests' is a list of at least one test"),
        ("file: shop.yaml\ntests: [{steps: []}]", "'test 1' has no steps"),
        ("file: shop.yaml\ntests: [{step: [{expect: end}]}]", "'step' is not known here"),
        ("file: shop.yaml\ntests: [{steps: [{expct: end}]}]", "'expct' is no step"),
        ("file: shop.yaml\ntests: [{steps: [{expect: finish}]}]", "'finish' cannot be expected"),
        ("file: shop.yaml\ntests: [{steps: [{expect: {sya: x}}]}]", "'sya' cannot be expected"),
        ("file: shop.yaml\ntests: [{steps: [{advance: soon}]}]", "'advance' is followed by a duration"),
        ("file: shop.yaml\ntests: [{steps: [{expect: {say: x, tag: y}}]}]", "'tag' cannot stand beside 'say'"),
        ("file: nope.yaml\ntests: [{steps: [{expect: end}]}]", "the flow 'nope.yaml' cannot be read"),
        ("file: [", "this is not YAML"),
        ("file: a\x00b", "this is not YAML"),
    ],
)
def test_a_file_that_cannot_be_played(text: str, said: str) -> None:
    def flows(name: str) -> Compilation:
        raise FileNotFoundError(2, "No such file", name)

    report = run_file("x.test.yaml", text, flows)
    assert report.failed and any(p.message.startswith(said) for p in report.problems), report.problems


def test_all_problems_of_a_file_at_once() -> None:
    text = "fil: x\ntests:\n  - nme: a\n    steps:\n      - exect: end\n      - tap:\n"
    report = play(text)
    assert [p.span.line for p in report.problems if p.span] == [1, 1, 3, 5, 6]
    assert [p.hint for p in report.problems if "did you mean" in p.hint] == [
        "did you mean 'file'?",
        "did you mean 'name'?",
        "did you mean 'expect'?",
    ]


def test_the_reports() -> None:
    report = one("- expect: {say: Hi}")
    lines = [line for _, line in told(report, coverage=True)]
    assert lines[0] == "shop.test.yaml:5:9: it" and any("0:00  flow     say: 'Hello there!'" in x for x in lines)
    assert any(x.startswith("   not reached: tag") for x in lines)
    xml = junit([report, play("[]")])
    assert 'tests="1" failures="1" errors="0"' in xml and 'failures="0" errors="1"' in xml
    told_json = report.as_json()
    assert told_json["passed"] is False and told_json["tests"][0]["problem"]["span"]["line"] == 5
