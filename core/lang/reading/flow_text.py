"""The text language among the notations: its document, its places as spans, its complaints."""

from functools import lru_cache

from core.lang.reading.lines import Lines
from core.lang.reading.source import Source
from core.lang.reading.unreadable import Unreadable
from core.lang.report import Place
from core.lang.text import Flow, read_flow
from core.lang.text.complaint import Complaint
from core.model.fix import Edit, Fix
from core.model.span import Span


def read_text(text: str) -> Source:
    """The document that the text says. Raises Unreadable with all mistakes; its ``rest`` is the document when the mistakes do
    not touch what the rest means."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    flow = read_flow(plain)
    source = _source(plain, flow)
    if not flow.complaints:
        return source
    lines = Lines(plain)
    told = [_told(c, lines) for c in flow.complaints]
    first = told[0]
    first.others, first.rest = tuple(told[1:]), source if flow.sound else None
    raise first


def _told(complaint: Complaint, lines: Lines) -> Unreadable:
    one = Unreadable(complaint.message, lines.span(complaint.start, complaint.end), complaint.hint, complaint.code)
    if mend := complaint.mend:
        edits = tuple(Edit(Span(*lines.at(a), *lines.at(z)), text) for a, z, text in mend.pieces)
        one.fix = Fix(mend.title, edits=edits, sure=mend.sure)
    return one


def _source(text: str, flow: Flow) -> Source:
    @lru_cache(maxsize=1)
    def lines() -> Lines:
        return Lines(text)

    def locate(place: Place) -> Span | None:
        piece = flow.places.get(place)
        return lines().span(*piece) if piece else None

    return Source(flow.data, locate, automatic=flow.automatic, text=text, notation="flow")
