"""Auth over HTTP: LLD rows, tokens that must be refused, rotating refresh tokens, passwords, throttling."""

import base64
import sys
import time
from collections.abc import Callable
from typing import Any

import jwt
import orjson
import pytest
from flask.testing import FlaskClient

from flask_api.security import AUDIENCE, ISSUER, TYPE
from tests.api.conftest import API, PASSWORD, Person, Town


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_register_answers_the_three_keys_of_the_lld(town: Town, client: FlaskClient) -> None:
    body = {"email": "New.Person@Example.org", "password": PASSWORD, "firstName": "N", "lastName": "P"}
    made = client.post(f"{API}/auth/register", json=body)
    assert made.status_code == 201
    assert set(made.get_json()) == {"userId", "email", "token"}
    assert made.get_json()["email"] == "new.person@example.org"
    assert code(client.post(f"{API}/auth/register", json=body)) == (409, "email_taken")


def test_login_and_me(person: Person) -> None:
    answer = person.client.post(f"{API}/auth/login", json={"email": person.email.upper(), "password": PASSWORD})
    assert answer.status_code == 200
    assert set(answer.get_json()) == {"userId", "email", "token"}
    me = person.get("/users/me").get_json()
    assert {"userId", "email", "firstName", "lastName", "subscriptionPlanId", "status", "createdAt"} <= set(me)
    assert me["subscriptionPlanId"]
    assert "passwordHash" not in me


def test_the_access_token_holds_user_id_and_roles(person: Person) -> None:
    claims = jwt.decode(person.token, options={"verify_signature": False})
    assert (claims["sub"], claims["userId"], claims["roles"]) == (person.id, person.id, ["user"])
    assert claims["exp"] - claims["iat"] == 15 * 60


@pytest.mark.parametrize(
    "password", ["short", "password1234!!", "111111111111", "qwertyuiop123", "x" * 300], ids=lambda p: p[:8]
)
def test_weak_passwords_are_refused(client: FlaskClient, password: str) -> None:
    answer = client.post(f"{API}/auth/register", json={"email": "weak@example.org", "password": password})
    assert code(answer) == (400, "validation_failed")
    assert "password" in answer.get_json()["details"]


def test_a_person_who_does_not_exist_gets_the_same_answer(person: Person) -> None:
    known = person.client.post(f"{API}/auth/login", json={"email": person.email, "password": "wrong wrong wrong"})
    unknown = person.client.post(f"{API}/auth/login", json={"email": "nobody@example.org", "password": "wrong"})
    assert code(known) == code(unknown) == (401, "invalid_credentials")
    assert known.get_json() == unknown.get_json()
    assert person.client.post(f"{API}/auth/password/forgot", json={"email": "nobody@example.org"}).status_code == 204


def forged(town: Town, person: Person, **changes: Any) -> str:
    claims = jwt.decode(person.token, options={"verify_signature": False}) | changes.pop("claims", {})
    key = changes.pop("key", town.settings.secret_key)
    return jwt.encode(
        claims, key, changes.pop("algorithm", "HS256"), headers={"typ": TYPE, **changes.pop("headers", {})}
    )


def test_bad_tokens_are_401(town: Town, person: Person) -> None:
    head = base64.urlsafe_b64encode(orjson.dumps({"alg": "none", "typ": TYPE})).rstrip(b"=").decode()
    now = int(time.time())
    bad = {
        "none": f"{head}.{person.token.split('.')[1]}.",
        "hs512": forged(town, person, algorithm="HS512", key=town.settings.secret_key * 2),
        "key": forged(town, person, key="y" * 40),
        "aud": forged(town, person, claims={"aud": "another"}),
        "iss": forged(town, person, claims={"iss": "another"}),
        "typ": forged(town, person, headers={"typ": "JWT"}),
        "refresh": forged(town, person, claims={"type": "refresh"}),
        "expired": forged(town, person, claims={"exp": now - 10}),
        "version": forged(town, person, claims={"ver": 99}),
        "session": forged(town, person, claims={"sid": "00000000-0000-7000-8000-000000000000"}),
        "subject": forged(town, person, claims={"sub": 7}),
        "junk": "a.b.c",
        "empty": "",
    }
    for name, token in bad.items():
        answer = person.client.get(f"{API}/users/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, name
        assert answer.headers["WWW-Authenticate"] == "Bearer", name
    assert code(person.client.get(f"{API}/users/me", headers={"Authorization": f"Bearer {bad['expired']}"})) == (
        401,
        "token_expired",
    )
    good = forged(town, person, claims={"aud": AUDIENCE, "iss": ISSUER})
    assert person.client.get(f"{API}/users/me", headers={"Authorization": f"Bearer {good}"}).status_code == 200


def tokens(person: Person) -> dict[str, str]:
    body = {"email": person.email, "password": PASSWORD, "refresh": "body"}
    answer: dict[str, str] = person.client.post(f"{API}/auth/login", json=body).get_json()
    return answer


def renew(person: Person, token: str) -> Any:
    return person.client.post(f"{API}/auth/refresh", json={"refreshToken": token})


def test_a_reused_refresh_token_ends_the_family(person: Person) -> None:
    first = tokens(person)
    second = renew(person, first["refreshToken"]).get_json()
    assert code(renew(person, first["refreshToken"])) == (401, "refresh_reused")
    assert code(renew(person, second["refreshToken"])) == (401, "invalid_refresh")
    me = person.client.get(f"{API}/users/me", headers={"Authorization": f"Bearer {second['token']}"})
    assert me.status_code == 401
    assert person.get("/users/me").status_code == 200, "the other sign-in lives on"


def test_the_cookie_needs_our_header_and_our_origin(person: Person) -> None:
    answer = person.client.post(f"{API}/auth/login", json={"email": person.email, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("instaflow_refresh_80=") and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert code(person.client.post(f"{API}/auth/refresh", json={})) == (403, "origin_refused")
    evil = {"X-InstaFlow": "1", "Origin": "https://evil.example"}
    assert code(person.client.post(f"{API}/auth/refresh", json={}, headers=evil)) == (403, "origin_refused")
    assert person.client.post(f"{API}/auth/refresh", json={}, headers={"X-InstaFlow": "1"}).status_code == 200


def test_the_cookie_by_origin(person: Person) -> None:
    body = {"email": person.email, "password": PASSWORD}
    secure = person.client.post(f"{API}/auth/login", json=body, base_url="https://flows.example")
    assert secure.headers["Set-Cookie"].startswith("__Host-instaflow_refresh=")
    assert "Secure" in secure.headers["Set-Cookie"] and "Path=/" in secure.headers["Set-Cookie"]
    plain = person.client.post(f"{API}/auth/login", json=body, base_url="http://flows.example")
    assert plain.status_code == 200 and "Set-Cookie" not in plain.headers
    browser = person.client.post(
        f"{API}/auth/login", json=body, base_url="http://flows.example", headers={"Origin": "http://flows.example"}
    )
    assert code(browser) == (400, "insecure_origin")


def test_logout_ends_the_session_at_once(person: Person) -> None:
    assert (
        person.client.post(f"{API}/auth/logout", json={}, headers={"Authorization": f"Bearer {person.token}"}).data
        == b""
    )
    assert person.get("/users/me").status_code == 401


def test_changing_the_password_ends_every_session(person: Person) -> None:
    old = tokens(person)
    body = {"currentPassword": "not it at all", "password": "eleven red foxes"}
    assert code(person.post("/auth/password/change", body)) == (401, "invalid_credentials")
    changed = person.post("/auth/password/change", {**body, "currentPassword": PASSWORD})
    assert changed.status_code == 200
    assert person.get("/users/me").status_code == 401
    assert renew(person, old["refreshToken"]).status_code == 401
    person.token = changed.get_json()["token"]
    assert person.get("/users/me").status_code == 200
    assert (
        person.client.post(f"{API}/auth/login", json={"email": person.email, "password": PASSWORD}).status_code == 401
    )


def mailed(town: Town, person: Person, word: str) -> str:
    """The token of the newest mail to the person that holds the word."""
    folder = town.settings.data_dir / "mail"
    texts = [f.read_text() for f in sorted(folder.iterdir(), key=lambda f: f.stat().st_mtime_ns)]
    text = next(t for t in reversed(texts) if person.email in t and word in t)
    return text.split("#token=")[1].split()[0]


def test_reset_by_mail_works_once(town: Town, person: Person) -> None:
    assert person.client.post(f"{API}/auth/password/forgot", json={"email": person.email}).status_code == 204
    body = {"token": mailed(town, person, "reset-password"), "password": "eleven red foxes"}
    assert person.client.post(f"{API}/auth/password/reset", json=body).status_code == 204
    assert person.get("/users/me").status_code == 401
    assert code(person.client.post(f"{API}/auth/password/reset", json=body)) == (400, "invalid_token")
    answer = person.client.post(f"{API}/auth/login", json={"email": person.email, "password": "eleven red foxes"})
    assert answer.status_code == 200


@pytest.mark.parametrize("change", ["password", "email"])
def test_a_reset_link_ends_with_a_new_password_or_address(town: Town, person: Person, change: str) -> None:
    person.client.post(f"{API}/auth/password/forgot", json={"email": person.email})
    body = {"token": mailed(town, person, "reset-password"), "password": "eleven red foxes"}
    if change == "email":
        new = {"email": "other@e.example", "currentPassword": PASSWORD}
        assert person.patch("/users/me", new).status_code == 200
    else:
        new = {"currentPassword": "seven grey herons", "password": "twelve blue whales"}
        assert person.post("/auth/password/change", new).status_code == 200
    assert code(person.client.post(f"{API}/auth/password/reset", json=body)) == (400, "invalid_token")


def test_an_address_is_verified_by_mail(town: Town, person: Person) -> None:
    assert person.get("/users/me").get_json()["emailVerifiedAt"] is None
    assert person.post("/auth/email/verify/resend").status_code == 204
    token = mailed(town, person, "verify-email")
    assert person.client.post(f"{API}/auth/email/verify", json={"token": token}).status_code == 204
    assert person.get("/users/me").get_json()["emailVerifiedAt"].endswith("Z")
    assert code(person.client.post(f"{API}/auth/email/verify", json={"token": token})) == (400, "invalid_token")


def test_ten_failures_close_the_account_for_a_while(person: Person) -> None:
    body = {"email": person.email, "password": "wrong wrong wrong"}
    answers = [person.client.post(f"{API}/auth/login", json=body).status_code for _ in range(10)]
    assert answers == [401] * 10
    closed = person.client.post(f"{API}/auth/login", json={**body, "password": PASSWORD})
    assert code(closed) == (429, "too_many_requests")
    assert 0 < int(closed.headers["Retry-After"]) <= 900


def test_sessions_are_listed_and_ended(person: Person) -> None:
    second = tokens(person)
    sessions = person.get("/users/me/sessions").get_json()
    assert [s["current"] for s in sessions] == [False, True]
    assert person.delete(f"/users/me/sessions/{sessions[0]['sessionId']}").status_code == 204
    assert renew(person, second["refreshToken"]).status_code == 401
    third = tokens(person)
    assert person.delete("/users/me/sessions").status_code == 204
    assert renew(person, third["refreshToken"]).status_code == 401
    assert len(person.get("/users/me/sessions").get_json()) == 1


def test_changing_and_erasing_oneself(town: Town, person: Person, other: Person) -> None:
    assert person.patch("/users/me", {"firstName": "Bea"}).get_json()["firstName"] == "Bea"
    assert code(person.patch("/users/me", {"email": other.email})) == (400, "validation_failed")
    wrong = {"email": other.email, "currentPassword": "wrong wrong wrong"}
    assert code(person.patch("/users/me", wrong)) == (401, "invalid_credentials")
    assert code(person.patch("/users/me", {**wrong, "currentPassword": PASSWORD})) == (409, "email_taken")
    assert code(person.patch("/users/me", {"role": "admin"})) == (400, "validation_failed")
    assert code(person.delete("/users/me", {"password": "wrong"})) == (401, "invalid_credentials")
    assert person.delete("/users/me", {"password": PASSWORD}).status_code == 204
    assert person.get("/users/me").status_code == 401


def test_a_suspended_person_is_out_at_once(town: Town, person: Person) -> None:
    with town.store.write() as tx:
        tx.exec_driver_sql(f"UPDATE \"user\" SET status = 'suspended' WHERE email = '{person.email}'")
    assert person.get("/users/me").status_code == 401
    answer = person.client.post(f"{API}/auth/login", json={"email": person.email, "password": PASSWORD})
    assert code(answer) == (403, "account_suspended")


def verified(act: Callable[[], Any]) -> list[str]:
    """The hashes that argon2 checks a password against while ``act`` runs, without their salt and sum."""
    seen: list[str] = []

    def watch(frame: Any, event: str, _arg: Any) -> None:
        code_ = frame.f_code
        if event == "call" and code_.co_name == "verify" and "argon2" in code_.co_filename:
            seen.append(str(frame.f_locals["hash"]).rpartition("$")[0].rpartition("$")[0])

    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return seen


def test_an_unknown_person_costs_what_a_known_one_costs(client: FlaskClient, person: Person) -> None:
    """No clock: the same check, once, with the same parameters, whoever signs in."""

    def login(email: str, password: str) -> Any:
        return client.post(f"{API}/auth/login", json={"email": email, "password": password})

    login("nobody@example.org", "warm: the hash that belongs to nobody is made once")
    answers: list[Any] = []
    known = verified(lambda: answers.append(login(person.email, "wrong wrong wrong")))
    unknown = verified(lambda: answers.append(login("nobody@example.org", "wrong wrong wrong")))
    assert known == unknown == ["$argon2id$v=19$m=19456,t=2,p=1"]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].get_json() == answers[1].get_json()
