"""The engine: one pure function that runs production, preview, tests, replay and broadcasts.

``step(programs, run, event, context) -> Result``. A step handles one event and everything that follows from it until the run
rests again (a *sprint*). It reads no clock and rolls no dice: the time comes in the context, the die of a split is made from
ids. It never changes its input; it never raises for what authors, contacts or the world do.

**Numbers.** ``seq`` counts the committed steps of a run; with the position of an effect it is the idempotency key. ``wait``
numbers the rests; putting a question again keeps it, so buttons and timers of that question stay good. An event that carries
another number is ``stale`` and changes nothing.

**Replies** are tried in this order: payload of a button, its title typed by hand, keyword (any run of whole words), pattern,
media, any, input, default exit. They come in two phases: a reply that the question does not expect is ``unmatched`` and leaves
no trace, so that triggers can be asked; when none wants it the same reply comes again with ``final`` and is asked about again
(``reprompted``), takes the exit for invalid answers or the default exit, or is ``ignored``. ``interrupt: never`` skips the
first phase; for ``always`` the runtime asks triggers before it offers the reply (``interrupt_mode``). ``reply_interest`` tells
without a step whether a question expects a reply (decision 10).

**Bursts.** People write one thought in three lines. Without care the first line starts a flow and the two others answer, or
upset, its first question. Two rules, both pure, both silent until the runtime fills in ``Replied.received`` (when the webhook
took the message, on the clock of ``Context.now``):

1. A line that was received before the question was put (``RunState.since``) is no answer to it, whatever it says; only a tap
   is, for it proves that the button was seen. Triggers may still take it. Else it is ``early``: logged, nothing else.
   This holds by itself whenever lines wait in the mailbox together.
2. A line received less than ``Context.burst_ms`` after the question that fits no exit is ``early`` too: no second question, no
   attempt used, no default exit. Answers that fit are taken at once. ``limits.BURST_MS`` is the product's default; 0 is off.

Since a question that is put again renews ``since``, a burst of wrong answers is asked about once. An ``early`` reply must not
fall through to the welcome or default reply: it belongs to what the run is already saying. (Starting a flow twice by a burst
is prevented where triggers are: decision 11.)

**Limits** (``core.model.limits``) end a run with a fault, never with a hang: see ``core.engine.fault``. The run keeps its last
good state and the event that failed; ``Retried`` tries that event again.
"""

from core.engine.ask import interrupt_mode, reply_interest, revive, stale_mode
from core.engine.explain import explain
from core.engine.link import link
from core.engine.linked import Linked
from core.engine.moving import move
from core.engine.result import Programs, Result
from core.engine.shelf import Shelf
from core.engine.simulate import ScriptError, simulate
from core.engine.step import step

__all__ = [
    "Linked",
    "Programs",
    "Result",
    "ScriptError",
    "Shelf",
    "explain",
    "interrupt_mode",
    "link",
    "move",
    "reply_interest",
    "revive",
    "simulate",
    "stale_mode",
    "step",
]
