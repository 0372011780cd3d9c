"""A message as the program's ``send`` operation, checked against what Instagram takes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.lang.checks.messages import message_problems
from core.lang.expressions import ExpressionError
from core.lang.fixing import reworded
from core.lang.lowering.find import place_of
from core.lang.report import Place
from core.model.fix import Fix
from core.model.flowdoc import payload_for
from core.model.program import Json

if TYPE_CHECKING:
    from core.lang.lowering.pen import Writer


def message_of(pen: "Writer", data: Mapping[str, Any]) -> Json:
    """``["send", message]`` of {text?, media?, buttons?, cards?}; limits are reported with the place of what is too much."""
    for thing, code, message, severity, hint in message_problems(data):
        place = () if thing is data else place_of(pen.node.data, thing)
        place = (*pen.node.place, *place)
        fix = _secure(place, thing) if code == "IF508" else None
        pen.job.report.add(code, message, place, pen.node.id, hint, severity, fix=fix)
    out: dict[str, Json] = {}
    if data.get("text"):
        out["text"] = pen.text(data["text"])
    if data.get("media"):
        out["media"] = [_media(pen, m) for m in data["media"]]
    if data.get("buttons"):
        out["buttons"] = [_button(pen, b) for b in data["buttons"]]
    if data.get("cards"):
        out["cards"] = [_card(pen, c) for c in data["cards"]]
    return ["send", out]


def _secure(place: Place, url: Any) -> Fix | None:
    """The same address by https: whether it is there a person knows."""
    if not isinstance(url, str) or not url.startswith("http://"):
        return None
    return reworded(place, url, "http://", "https://", "write https://", sure=False)


def _media(pen: "Writer", media: Mapping[str, Any]) -> dict[str, Json]:
    pen.use("media", media["url"])
    return {"type": media["type"], "url": pen.text(media["url"])}


def _card(pen: "Writer", card: Mapping[str, Any]) -> dict[str, Json]:
    out: dict[str, Json] = {k: pen.text(card[k]) for k in ("title", "subtitle", "imageUrl", "url") if card.get(k)}
    if card.get("imageUrl"):
        pen.use("media", card["imageUrl"])
    if card.get("buttons"):
        out["buttons"] = [_button(pen, b) for b in card["buttons"]]
    return out


def payload_of(button: Mapping[str, Any]) -> str | None:
    """The payload that a tap brings back; None for a link and for a pre-filled answer."""
    if button.get("type") == "url" or button.get("contentType"):
        return None
    return button.get("payload") or payload_for(button.get("text") or "")


def _button(pen: "Writer", button: Mapping[str, Any]) -> dict[str, Json]:
    out: dict[str, Json] = {"type": button["type"], "text": pen.text(button.get("text") or "")}
    if (payload := payload_of(button)) is not None:
        out["payload"] = payload
    if button.get("url") and button["type"] == "url":
        out["url"] = pen.text(button["url"])
    if button.get("contentType"):
        out["contentType"] = button["contentType"]
    if button.get("condition"):
        out["if"] = _shown_if(pen, button)
    return out


def _shown_if(pen: "Writer", button: Mapping[str, Any]) -> Json:
    try:
        return pen.job.terms.expression(button["condition"])
    except ExpressionError as e:
        pen.unreadable(e, (*pen.node.place, *place_of(pen.node.data, button), "condition"))
        return False
