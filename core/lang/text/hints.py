"""What people write who know other languages, and what it is called here."""

import re

from core.lang.text.words import HEADER, OPTIONS, STEPS
from core.model.near import near

_AT: tuple[tuple[str, str, str], ...] = (
    # what stands before (to its end), what stands there, the hint
    (r"", r"=>|→|—>|—|–>|–|➔|➜|⇒|->>|>>", "an arrow is written ->"),
    (r"", r"==?\s*\Z", "say what it is compared with"),
    (r"(?:if|elif)\b.*", r"=(?!=)", "to compare, write =="),
    (r"", r"&&|&", "write and"),
    (r"\|", r"\|", "write or"),
    (r"", r"\|\|", "write or"),
    (r"", r"!(?!=)", "write not"),
    (r"(?:set|unset)\b[^=]*", r"(?:to|as|:=|:|\+=)", "write: set name = value"),
    (r"set\s+[\w.]+\s*", r"\Z", "write: set name = value"),
    (r"else\s+", r"if\b", "write 'elif'"),
    (r"(?:else)", r"\Z", "write 'else:' with indented steps below, or 'else -> label'"),
    (r"(?:if|elif)\b.*", r"(?:then|do)\b", "a condition ends with ':' (or with '-> label')"),
    (r"(?:if|elif)\b.*", r"\Z", "a condition ends with ':' (or with '-> label')"),
    (
        r"(?:if|elif|set|with|call|run|do)\b.*",
        r"\{\{?|\}",
        "braces {{ }} stand only inside texts; here the name alone is enough",
    ),
    (r"end\s*", r"->", "write: goto label"),
    (r"(?:->|goto)\s*\w+\s+", r"[\w\"']", "a label is one word, such as my_section; others stand in quotes"),
    (r"(?:flow|goto|->|@|run|entry)\s*[\w.]+", r"-", "a name is one word, such as my_shop; others stand in quotes"),
    (r"when\s+[\w.]+\s+\w+", r"\s*(?:\Z|,)", 'the words of a trigger stand in quotes: when dm "hello"'),
    (r"(?:retry|reprompt)\s*", r"[\"']", 'say how often first: retry 2 "…"'),
    (r"link\b.*", r"[\"'-]|\Z", 'write: link "Title" to "https://…"'),
    (r"(?:set|with|prop|param|setting)\b[^\"']*=\s*\w+\s+", r"\w", 'a text stands in quotes: "…"'),
    (r"", r"\$", "names have no $ in front of them"),
    (r"(?:->|goto)\s*", r"\Z", "name a section, or 'end' to end the flow"),
    (r"(?:quick|button|on|else|if|elif)\b.*", r"(?:to|goto|then|next|>)(?!\w)", "an arrow is written ->"),
    (r"wait\s*", r"\Z", "say how long, for example: wait 30m"),
    (r"within\s*|expire\s*|timeout\s*", r"\Z", "say how long, for example 30m, 2h or 1d"),
    (r"ask\s*", r"[\"']", "write the kind of answer first: text, email, phone, number, date, url or choice"),
    (r"(?:call|run|do|with|when)\b.*\s[\w]+\s*", r"[\"'\d]", "an argument is written name=value"),
    (
        r"(?:say|ask|comment_reply|handover)\b.*[\"']\s*",
        r"[+%,]",
        'put expressions into the text: "Hello {{contact.firstName}}"',
    ),
    (r"flow\s+", r"[\"']", 'the short name comes first: flow welcome "Welcome"'),
    (
        r"(?:say|ask|tag|wait|end|goto|call|run|handover|set|split|carousel)",
        r":",
        "no colon stands behind the word of a step",
    ),
    (r"", r"[{}]", "there are no braces around blocks; what belongs together is indented"),
    (r"", r";", "each step stands on a line of its own, without ';'"),
    (r"", r"//", "a comment begins with #"),
    (r"", r"`", 'use the quote "'),
    (r"", "[\u00a0\u2007\u202f\u200b\ufeff]", "this is a special space; write a plain one"),
)
_TABLE = [(re.compile(f"(?:{before})\\Z", re.DOTALL), re.compile(there), hint) for before, there, hint in _AT]

_STEPS = {
    **dict.fromkeys(("send", "message", "reply", "print", "text", "write", "echo"), "say"),
    **dict.fromkeys(("question", "input", "prompt"), "ask"),
    **dict.fromkeys(("sleep", "delay", "pause"), "wait"),
    **dict.fromkeys(("elseif", "elsif"), "elif"),
    **dict.fromkeys(("jump", "next", "go"), "goto"),
    **dict.fromkeys(("stop", "exit", "finish", "return"), "end"),
    **dict.fromkeys(("human", "agent", "takeover"), "handover"),
    **dict.fromkeys(("let", "var", "assign"), "set"),
    **dict.fromkeys(("api", "http", "request"), "call"),
    **dict.fromkeys(("switch", "case", "branch", "when_"), "if"),
    **dict.fromkeys(("subflow", "include"), "run"),
    "choice": "quick",
}
_HEADER = {
    **dict.fromkeys(("trigger", "triggers", "on", "start", "keyword"), "when"),
    **dict.fromkeys(("description", "desc", "about"), "describe"),
    **dict.fromkeys(("timeout", "expires", "ttl"), "expire"),
    **dict.fromkeys(("parameter", "params", "var", "arg"), "param"),
}


def hint_at(code: str, at: int) -> str:
    """A hint about what stands in ``code`` at the offset ``at``; empty when none comes to mind.

    >>> hint_at("if a = 3:", 5), hint_at("goto", 4)
    ('to compare, write ==', "name a section, or 'end' to end the flow")
    """
    return slip_at(code, at)[0]


def slip_at(code: str, at: int) -> tuple[str, int]:
    """The same hint, and how many characters it is about."""
    before = code[max(0, at - 200) : at]
    for known, there, hint in _TABLE:
        if (found := there.match(code, at)) and known.search(before):
            return hint, found.end() - at
    return "", 0


def step_hint(code: str, word: str) -> str:
    """A hint about a line that begins with no step."""
    if not word:
        return _no_word(code)
    if code == f"{word}:" and word.lower() not in _STEPS:
        return "the names of sections stand at the left margin"
    if word in OPTIONS:
        return f"'{word}' belongs in the indented block under its step (say, ask, call, …)"
    if word in HEADER:
        return f"'{word}' lines belong under the 'flow' line, indented"
    if word == "layout":
        return "'layout' stands at the left margin, at the end of the file"
    better = step_word(word)
    return f"write '{better}'" if word.lower() in _STEPS else f"did you mean '{better}'?" if better else ""


def step_word(word: str) -> str:
    """The step that was meant by a word that is none, or nothing.

    >>> step_word("sya"), step_word("print")
    ('say', 'say')
    """
    return _STEPS.get(word.lower()) or near(word.lower(), STEPS)


def header_word(word: str) -> str:
    """The word of the header that was meant, or nothing."""
    return _HEADER.get(word.lower()) or near(word.lower(), HEADER)


def _no_word(code: str) -> str:
    if code[0] in "\"'“”„‘’":
        return 'to send a text, write: say "…"'
    if code.startswith("->"):
        return "to go to a section, write: goto label"
    if code.startswith("//"):
        return "a comment begins with #"
    if code[0] in "-*":
        return "steps have no dash in front of them"
    return hint_at(code, 0)


def header_hint(word: str) -> str:
    """A hint about a line under ``flow`` that begins with no word of the header."""
    if word in STEPS and word != "start":
        return "steps stand in a section: a line such as 'hello:' at the left margin, the steps indented below"
    if word in ("name", "title"):
        return 'the name stands behind the short name: flow welcome "Welcome"'
    return _written(word, _HEADER) or meant(word, HEADER) or f"known: {', '.join(HEADER)}"


def _written(word: str, others: dict[str, str]) -> str:
    guess = others.get(word.lower())
    return f"write '{guess}'" if guess else ""


def meant(word: str, among: tuple[str, ...] | frozenset[str]) -> str:
    """``did you mean …`` when one of the words is like it.

    >>> meant("sya", ("say", "ask"))
    "did you mean 'say'?"
    """
    better = near(word.lower(), among)
    return f"did you mean '{better}'?" if better else ""
