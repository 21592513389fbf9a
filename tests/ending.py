"""How every test ends that took facts: the books are re-added, all that follows is rebuilt."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from psycopg.pq import TransactionStatus

from makegood.enrolment.queries import forget
from makegood.record.notes import SigningKey
from makegood.storage.cursors import begin
from makegood.watch.checking import check

__all__ = ["assert_all_holds", "forget"]

ANY_KEY = SigningKey("makegood.example/record", Ed25519PrivateKey.from_private_bytes(b"e" * 32))


def assert_all_holds() -> None:
    """Check everything in the database that Django uses, if facts were taken there.

    Whoever sealed its record has the key in a home of its own, so seals are left to the tests
    of the record. A transaction that a refusal has ended cannot be asked any more.
    """
    connection.ensure_connection()
    if connection.connection.info.transaction_status is TransactionStatus.INERROR:
        return
    forget()
    with begin() as cursor:
        cursor.execute("SELECT to_regclass('trade_fact') IS NOT NULL")
        if cursor.fetchall() == [(False,)]:
            return
        cursor.execute("SELECT EXISTS (SELECT FROM trade_fact)")
        if cursor.fetchall() == [(False,)]:
            return
        differences = check(cursor, key=ANY_KEY.verifier).differences
    assert [str(one) for one in differences if one.table != "record_checkpoint"] == []
