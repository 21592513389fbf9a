"""Requests that are refused as a whole: a problem document, and nothing changed."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from makegood.people.keys import revoke_key
from makegood.people.models import Scope
from makegood.storage.cursors import begin
from tests.api.calls import ARRAY, BATCH, EVENT, NDJSON, array, lines, new_key, priced, row_counts

pytestmark = pytest.mark.django_db
GZIP = {"Content-Encoding": "gzip"}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def check_problem(response: Any, status: int, name: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(response.content)
    assert document["type"] == f"urn:makegood:problem:{name}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"].endswith((".", "。"))
    assert document["request_id"] == response["X-Request-Id"]
    return document


@pytest.mark.parametrize(
    ("kind", "body", "headers", "status", "name"),
    [
        (ARRAY, b"not json", {}, 400, "body-unreadable"),
        (ARRAY, b"", {}, 400, "body-unreadable"),
        (ARRAY, b" \n", {}, 400, "body-unreadable"),
        (ARRAY, b"[", {}, 400, "body-unreadable"),
        (ARRAY, b"[{}", {}, 400, "body-unreadable"),
        (ARRAY, array(priced("a")) + b"]", {}, 400, "body-unreadable"),
        (ARRAY, b"[" * 100_000, {}, 400, "body-unreadable"),
        (ARRAY, lines(priced("a")), {}, 400, "body-unreadable"),
        (BATCH, b"{}", {}, 400, "body-unreadable"),
        (EVENT, b"{", {}, 400, "body-unreadable"),
        (NDJSON, b"", {}, 400, "body-unreadable"),
        (NDJSON, b"not json\nneither", {}, 400, "body-unreadable"),
        (ARRAY, array(priced("a")), GZIP, 400, "body-unreadable"),
        (ARRAY, gzip.compress(array(priced("a")))[:-4], GZIP, 400, "body-unreadable"),
        (ARRAY, b" " * 5_001, {}, 413, "body-too-large"),
        (ARRAY, gzip.compress(b" " * 50_000_000), GZIP, 413, "body-too-large"),
        (ARRAY, array(*map(priced, "abcdef")), {}, 413, "body-too-large"),
        (NDJSON, lines(*map(priced, "abcdef")), {}, 413, "body-too-large"),
        ("text/plain", array(priced("a")), {}, 415, "body-type-unknown"),
        ("application/xml", array(priced("a")), {}, 415, "body-type-unknown"),
        ("", array(priced("a")), {}, 415, "body-type-unknown"),
        (f"{ARRAY}; charset=gbk", array(priced("a")), {}, 415, "body-type-unknown"),
        (ARRAY, array(priced("a")), {"Content-Encoding": "br"}, 415, "body-type-unknown"),
    ],
)
def test_a_body_that_cannot_be_used_is_a_problem_and_changes_nothing(
    client: Client,
    settings: Settings,
    kind: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
    name: str,
) -> None:
    settings.API_BODY_BYTES_AT_MOST = 50_000_000 if b"[[[" in body else 5_000
    settings.API_FACTS_AT_MOST = 5
    key = new_key(Scope.FACTS_WRITE)
    before = row_counts()
    response = client.post(
        "/v1/facts",
        data=body,
        content_type=kind,
        headers={"Authorization": f"Bearer {key}", "Content-Type": kind, **headers},
    )
    document = check_problem(response, status, name)
    assert document["instance"] == "/v1/facts"
    assert row_counts() == before


def revoked() -> str:
    key = new_key(Scope.FACTS_WRITE)
    with begin() as cursor:
        assert revoke_key(cursor, key.split("_")[1], at=1, actor="test")
    return f"Bearer {key}"


@pytest.mark.parametrize(
    ("presented", "status", "name"),
    [
        (lambda: None, 401, "key-needed"),
        (lambda: "", 401, "key-needed"),
        (lambda: "Bearer", 401, "key-needed"),
        (lambda: "Bearer ", 401, "key-needed"),
        (lambda: "Basic YTpi", 401, "key-needed"),
        (lambda: "Bearer nonsense", 401, "key-needed"),
        (lambda: "Bearer mg_000000000000_nonsense", 401, "key-needed"),
        (lambda: f"Bearer {new_key(Scope.FACTS_WRITE)}x", 401, "key-needed"),
        (lambda: f"Bearer {new_key(Scope.FACTS_WRITE)[:-1]}", 401, "key-needed"),
        (revoked, 401, "key-needed"),
        (lambda: f"Bearer {new_key()}", 403, "scope-needed"),
    ],
)
def test_without_a_key_that_may_nothing_is_taken(
    client: Client, presented: Any, status: int, name: str
) -> None:
    authorization = presented()
    before = row_counts()
    response = client.post(
        "/v1/facts",
        data=array(priced("a")),
        content_type=ARRAY,
        headers={} if authorization is None else {"Authorization": authorization},
    )
    check_problem(response, status, name)
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert row_counts() == before


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_facts_are_only_posted(client: Client, method: str) -> None:
    response = client.generic(method, "/v1/facts")
    check_problem(response, 405, "method-unknown")
    assert response["Allow"] == "POST"


def test_head_is_refused_without_a_body(client: Client) -> None:
    response = client.head("/v1/facts")
    assert response.status_code == 405
    assert response.content == b""


@pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", "/v1/facts/", "/v1/facts/1"])
def test_an_unknown_address_of_the_api_is_a_problem(client: Client, path: str) -> None:
    assert check_problem(client.get(path), 404, "not-found")["instance"] == path


def test_another_host_is_a_problem(client: Client) -> None:
    response = client.get("/v1/facts", headers={"Host": "elsewhere.example"})
    check_problem(response, 400, "request-unreadable")


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("zh-CN,zh;q=0.9", "需要密钥"),
        ("zh", "需要密钥"),
        ("en-GB", "A key is needed"),
        ("fr", "A key is needed"),
    ],
)
def test_a_problem_is_told_in_the_callers_language(client: Client, asked: str, title: str) -> None:
    response = client.post("/v1/facts", headers={"Accept-Language": asked})
    assert check_problem(response, 401, "key-needed")["title"] == title


@pytest.mark.parametrize(
    ("given", "kept"), [("a-1", True), ("x" * 128, True), ("x" * 129, False), ("a b", False)]
)
def test_a_request_keeps_the_id_it_came_with(client: Client, given: str, kept: bool) -> None:
    response = client.get("/v1/facts", headers={"X-Request-Id": given})
    document = check_problem(response, 405, "method-unknown")
    assert (document["request_id"] == given) == kept


def test_what_fails_tells_nothing_of_the_inside(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_BODY_BYTES_AT_MOST = "no number"
    key = new_key(Scope.FACTS_WRITE)
    response = client.post(
        "/v1/facts",
        data=array(priced("a")),
        content_type=ARRAY,
        headers={"Authorization": f"Bearer {key}"},
    )
    check_problem(response, 500, "failed")
    assert b"number" not in response.content
    assert "TypeError" in caplog.text
