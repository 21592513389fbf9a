"""The whole check, on a market in which every kind of row came to be."""

from makegood.record.actions import checkpoint
from makegood.storage.cursors import begin
from makegood.watch.checking import Checked, check
from tests.watch.small_market import KEY, live


def checked() -> Checked:
    with begin() as cursor:
        return check(cursor, key=KEY.verifier)


def test_a_new_database_holds(db: None) -> None:
    assert checked().holds


def test_what_happened_holds_together_sealed_or_not(db: None) -> None:
    live()
    assert checked().differences == []
    with begin() as cursor:
        checkpoint(cursor, key=KEY, at=0)
    found = checked()
    assert found.differences == []
    assert found.holds
