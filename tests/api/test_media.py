"""Uploads: type by content, Instagram's sizes, bytes by signed address or token, sending by attachment, deletion."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from core.model.limits import IMAGE_BYTES
from tests.api.conftest import PASSWORD, Person, Shop, Town
from tests.api.test_inbox import code, talk

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def upload(shop: Person, account: str, data: bytes = PNG, name: str = "menu.png") -> Any:
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    form = {"data": head + data + b"\r\n--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}
    return shop.call("POST", f"/instagram-accounts/{account}/media", **form)


def fetched(answer: Any) -> tuple[int, bytes]:
    """Status and bytes; the file is closed."""
    with answer:
        return answer.status_code, answer.data


def test_an_upload_is_kept_and_listed(town: Town, shop: Shop) -> None:
    made = upload(shop, shop.account, name="../../etc/menu.png")
    assert made.status_code == 201, made.get_json()
    found = made.get_json()
    assert (found["type"], found["mime"], found["size"], found["name"]) == ("image", "image/png", 72, "menu.png")
    assert found["mediaUrl"] == f"media:{found['mediaId']}"
    listed = shop.get(f"/instagram-accounts/{shop.account}/media")
    assert [m["mediaId"] for m in listed.get_json()] == [found["mediaId"]]
    file = Path(town.settings.data_dir) / "media" / shop.account / found["mediaId"]
    assert file.read_bytes() == PNG and file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (b"\xff\xd8\xff\xe0jpeg", "image"),
        (b"GIF89a....", "image"),
        (b"\0\0\0\x18ftypmp42....", "video"),
        (b"\0\0\0\x18ftypM4A ....", "audio"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio"),
        (b"ID3\x03.....", "audio"),
        (b"%PDF-1.7", "file"),
    ],
)
def test_the_type_goes_by_the_content(shop: Shop, data: bytes, type_: str) -> None:
    assert upload(shop, shop.account, data, "x.exe").get_json()["type"] == type_


def test_what_is_refused(shop: Shop) -> None:
    page = upload(shop, shop.account, b"<html><script>alert(1)</script>", "menu.png")
    assert code(page) == (415, "media_unsupported") and "PNG" in page.get_json()["message"]
    assert code(upload(shop, shop.account, b"")) == (415, "media_unsupported")
    big = upload(shop, shop.account, PNG + b"\0" * IMAGE_BYTES)
    assert code(big) == (413, "media_too_large") and big.get_json()["details"]["limit"] == IMAGE_BYTES
    huge = upload(shop, shop.account, PNG + b"\0" * (26 * 1024 * 1024))
    assert code(huge)[0] == 413
    missing = shop.call(
        "POST", f"/instagram-accounts/{shop.account}/media", data={}, content_type="multipart/form-data"
    )
    assert code(missing) == (400, "validation_failed") and "file" in missing.get_json()["details"]


def test_bytes_by_token_or_by_an_address_that_expires(town: Town, shop: Shop, other: Person) -> None:
    found = upload(shop, shop.account).get_json()
    path = f"/media/{found['mediaId']}"
    own = shop.get(path)
    assert (*fetched(own), own.mimetype) == (200, PNG, "image/png")
    assert "sandbox" in own.headers["Content-Security-Policy"] and own.headers["X-Content-Type-Options"] == "nosniff"
    assert code(other.get(path)) == (404, "not_found")
    nobody = town.app.test_client()
    assert code(nobody.get(f"/api/v1{path}")) == (401, "unauthorized")
    address = "/api/v1" + found["address"].partition("/api/v1")[2]
    assert fetched(nobody.get(address)) == (200, PNG)
    assert code(nobody.get(address[:-1] + ("0" if address[-1] != "0" else "1")))[0] == 401
    assert code(nobody.get(address.replace(found["mediaId"], str(uuid.uuid4()))))[0] == 401
    late = address.replace("expires=", "expires=1")
    assert code(nobody.get(late))[0] == 401
    part = nobody.get(address, headers={"Range": "bytes=0-7"})
    assert fetched(part) == (206, PNG[:8])


def test_an_upload_is_handed_to_instagram_once_and_sent(town: Town, shop: Shop) -> None:
    found = upload(shop, shop.account).get_json()
    name = f"p{uuid.uuid4().hex[:8]}"
    path = f"/conversations/{talk(shop, name=name)}/messages"
    for _ in range(2):
        sent = shop.post(path, {"mediaUrl": found["mediaUrl"]})
        assert (sent.status_code, sent.get_json()["status"]) == (201, "sent"), sent.get_json()
    attached = [m.body["attachments"][0]["payload"]["attachment_id"] for m in town.instagram.sent(name)]
    assert len(attached) == 2 and len(set(attached)) == 1, "uploaded once, used twice"
    last = shop.get(path).get_json()[-1]
    assert (last["type"], last["content"]["mediaUrl"]) == ("image", found["mediaUrl"])
    assert code(shop.post(path, {"mediaUrl": f"media:{uuid.uuid4()}"})) == (404, "not_found")
    assert code(shop.post(path, {"mediaUrl": "media:nope"})) == (400, "validation_failed")


def test_deleting(town: Town, shop: Shop, other: Person) -> None:
    found = upload(shop, shop.account).get_json()
    path = f"/media/{found['mediaId']}"
    assert code(other.delete(path)) == (404, "not_found")
    assert shop.delete(path).status_code == 204
    assert code(shop.get(path)) == (404, "not_found")
    assert not (Path(town.settings.data_dir) / "media" / shop.account / found["mediaId"]).exists()


def test_files_go_with_their_owner(town: Town, shop: Shop) -> None:
    upload(shop, shop.account)
    folder = Path(town.settings.data_dir) / "media" / shop.account
    assert list(folder.iterdir())
    assert shop.delete("/users/me", {"password": PASSWORD}).status_code == 204
    assert not folder.exists()


def picture(url: str) -> dict[str, Any]:
    """A flow that answers with a text and a picture."""
    content = {"text": "Our menu", "media": [{"type": "image", "url": url}]}
    return {
        "startNodeId": "a",
        "nodes": [{"id": "a", "type": "message", "content": content, "connections": [{"targetNodeId": None}]}],
    }


def answered(town: Town, shop: Shop) -> list[Any]:
    """What somebody who writes for the first time is sent."""
    name = f"p{uuid.uuid4().hex[:8]}"
    talk(shop, name=name)
    town.dispatch()
    town.dispatch()
    return [m.body for m in town.instagram.sent(name)]


def test_a_flow_sends_an_upload(town: Town, shop: Shop) -> None:
    found = upload(shop, shop.account).get_json()
    shop.flow(picture(found["mediaUrl"]), active=True, triggers=[{"type": "default_reply"}])
    while town.chores():
        pass
    image, text = answered(town, shop)
    assert image["attachments"][0]["payload"]["attachment_id"] and text["text"] == "Our menu"
    assert code(shop.delete(f"/media/{found['mediaId']}")) == (409, "media_in_use")


def test_an_upload_that_is_not_handed_over_yet_is_left_out_and_told(town: Town, shop: Shop) -> None:
    found = upload(shop, shop.account).get_json()
    shop.flow(picture(found["mediaUrl"]), active=True, triggers=[{"type": "default_reply"}])
    assert [b.get("text") for b in answered(town, shop)] == ["Our menu"]
    talks = shop.get(f"/instagram-accounts/{shop.account}/conversations").get_json()["conversations"]
    log = shop.get(f"/conversations/{talks[0]['conversationId']}/messages").get_json()
    assert ("skipped", "upload_missing") in {(m["status"], m["reason"]) for m in log}


def test_an_unknown_upload_cannot_go_live(shop: Shop) -> None:
    flow = shop.flow(picture(f"media:{uuid.uuid4()}"))
    assert [d["code"] for d in flow["diagnostics"] if d["severity"] == "error"] == ["IF513"]
    refused = shop.post(f"/flows/{flow['flowId']}/activate")
    assert code(refused) == (409, "flow_has_errors")
