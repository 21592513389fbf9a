"""Publishing: once for each file, never edited, followed by merchants when their facts come."""

from datetime import UTC, datetime
from typing import Any

import pytest

from makegood.enrolment.actions import CapLowered, publish
from makegood.enrolment.models import Enrolment, Policy, Publication
from makegood.enrolment.policies import parse_policies
from makegood.enrolment.queries import promises
from makegood.guarantees.facts.vocabulary import MerchantRegistered
from makegood.people.actions import merchant_key
from makegood.record.models import Entry
from makegood.storage.cursors import begin, open_cursor
from makegood.trade.events import arrival
from makegood.watch.actions.taking import take
from tests.enrolment.test_policies import TERMS, policy_file

pytestmark = pytest.mark.usefixtures("db")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BETTER = TERMS.replace("500", "700")
OWN = (
    '[[enrolments.better]]\nmerchant = "bob"\nguarantee = "lightning_dispatch"\n'
    'terms = { rate_basis_points = 900 }\ncategories = ["tea"]'
)


def published(content: bytes) -> int | None:
    with begin() as cursor:
        return publish(cursor, parse_policies(content, NOW), content, at=NOW, actor="dana")


def named(ref: str, number: int) -> None:
    """A fact that names the merchant, so that it follows what is published."""
    fact = MerchantRegistered(id=f"{ref} {number}", source="s", time=NOW, merchant=ref, subject=ref)
    assert take([arrival(1, fact)], at=NOW, actor="test").taken == [1]


def rates(ref: str, number: int, at: str) -> list[int]:
    """The rates that cover tea bought then, in the order in which later ones replace earlier."""
    bought = int(datetime.fromisoformat(at).timestamp()) * 1_000_000
    merchant_id = merchant_key(ref)
    with open_cursor() as cursor:
        held = promises(cursor, {merchant_id: number})[merchant_id]
    terms: list[Any] = [one.covered.terms for one in held if one.covers(bought, "BRL", "tea")]
    return [one.rate_basis_points for one in terms]


def test_the_same_file_makes_no_new_version() -> None:
    assert published(policy_file()) == 1
    assert published(policy_file()) is None
    assert published(policy_file(terms=BETTER)) == 2
    assert Publication.objects.count() == 2
    versions = Policy.objects.order_by("version").values_list("version", flat=True)
    assert list(versions) == [1, 2]
    assert Entry.objects.filter(action="policies.published").count() == 2


def test_a_lower_advance_cap_is_refused_and_changes_nothing() -> None:
    published(policy_file())
    with pytest.raises(CapLowered, match="keep it or raise it"):
        published(policy_file().replace(b"100000", b"99999"))
    assert Publication.objects.count() == 1
    assert Policy.objects.count() == 1


def test_merchants_follow_each_publication_once_and_the_older_enrolment_ends() -> None:
    published(policy_file())
    named("alice", 1)
    published(policy_file(terms=BETTER, effective_from="2026-06-01T00:00:00Z"))
    named("alice", 2)
    named("alice", 3)
    assert Enrolment.objects.filter(merchant_id=merchant_key("alice")).count() == 2
    assert rates("alice", 2, "2026-05-31T23:59:59+00:00") == [500]
    assert rates("alice", 2, "2026-06-01T00:00:00+00:00") == [700]
    named("late", 1)
    assert rates("late", 2, "2026-05-31T23:59:59+00:00") == [500]


def test_a_merchant_promises_more_in_its_own_categories() -> None:
    published(policy_file(more=OWN))
    for ref in ("alice", "bob"):
        named(ref, 1)
    assert rates("bob", 1, "2026-05-01T00:00:00+00:00") == [500, 900]
    assert rates("alice", 1, "2026-05-01T00:00:00+00:00") == [500]


def test_only_the_merchants_named_promise() -> None:
    published(policy_file(enrolments='merchants = ["bob"]'))
    for ref in ("alice", "bob"):
        named(ref, 1)
    assert rates("bob", 1, "2026-05-01T00:00:00+00:00") == [500]
    assert rates("alice", 1, "2026-05-01T00:00:00+00:00") == []
