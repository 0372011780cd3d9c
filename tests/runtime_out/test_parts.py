"""A message becomes the sends it needs, each within Instagram's limits."""

from hypothesis import given
from hypothesis import strategies as st

from core.runtime.outbox import parts
from core.runtime.parts_text import cut, split

FLAG, FAMILY = "🇩🇪", "👩‍👩‍👧"


def quick(*titles: str) -> list[dict[str, str]]:
    return [{"type": "quick_reply", "text": t} for t in titles]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400), st.integers(30, 120))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str, size: int) -> None:
    pieces = split(text, size)
    assert all(0 < len(p.encode()) <= size for p in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_text_is_cut_at_sentences_then_words_then_graphemes() -> None:
    assert split("First one. Second one. Third", 23) == ["First one. Second one.", "Third"]
    assert split("no sentence here at all", 12) == ["no sentence", "here at all"]
    assert split(FLAG * 4, 17) == [FLAG * 2, FLAG * 2]
    assert split(FAMILY * 3, 40) == [FAMILY * 2, FAMILY]
    assert split("e\u0301" * 4, 7) == ["e\u0301" * 2] * 2
    assert split("", 10) == [] and split("x" * 1000) == ["x" * 1000] and len(split("x" * 1001)) == 2


def test_quick_replies_ride_on_the_last_piece_after_the_media() -> None:
    message = {"text": "Long. " * 400, "media": [{"type": "image", "url": "u"}], "buttons": quick("Yes", "No")}
    out = [b["message"] for b in parts(message)]
    assert list(out[0]) == ["media"] and all("buttons" not in m for m in out[:-1])
    assert [b["text"] for b in out[-1]["buttons"]] == ["Yes", "No"] and "text" in out[-1]


def test_buttons_make_a_template_within_its_limits() -> None:
    buttons = [{"type": "postback", "text": str(i)} for i in range(4)]
    out = [b["message"] for b in parts({"text": "word " * 300, "buttons": buttons})]
    assert [len(m.get("buttons", ())) for m in out][-2:] == [3, 1] and len(out[-2]["text"]) <= 640
    assert all(len(m["text"].encode()) <= 1000 for m in out)


def test_a_carousel_has_at_most_ten_cards() -> None:
    out = parts({"text": "See", "cards": [{"title": str(i)} for i in range(12)]})
    assert [len(b["message"].get("cards", ())) for b in out] == [0, 10, 2]


def test_quick_replies_alone_still_need_a_carrier() -> None:
    assert parts({"buttons": quick("A")}) == [{"message": {"text": "…", "buttons": quick("A")}}]
    only_media = parts({"media": [{"type": "image", "url": "u"}], "buttons": quick("A")})
    assert only_media == [{"message": {"media": [{"type": "image", "url": "u"}], "buttons": quick("A")}}]
    assert parts({}) == []


def test_a_private_reply_is_one_text() -> None:
    message = {
        "text": "Want it?",
        "buttons": [*quick("Yes", "No"), {"type": "url", "text": "Shop", "url": "https://s.e"}],
    }
    assert parts(message, private=True) == [{"message": {"text": "Want it?\nShop: https://s.e\nReply: Yes / No"}}]
    assert parts({"text": "Q", "buttons": quick("A")}, private=True, rich=True)[0]["message"]["buttons"] == quick("A")
    long = parts({"text": "é" * 900, "buttons": quick("Yes")}, private=True)
    assert len(long) == 1 and long[0]["note"] == "cut"
    text = long[0]["message"]["text"]
    assert text.endswith("…\nReply: Yes") and len(text.encode()) <= 1000


def test_cutting_keeps_graphemes_whole() -> None:
    assert cut(FAMILY * 2, 30) == (FAMILY + "…", True)
    assert cut("short") == ("short", False)
