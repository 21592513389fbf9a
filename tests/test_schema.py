"""The schema stays one step from a cluster that spreads merchants over machines."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from makegood.storage.placement import Placement

pytestmark = pytest.mark.django_db

MERCHANTS = "people_merchant"
TABLES = """
SELECT relname::text AS table FROM pg_class
 WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
UNIQUE_INDEXES = """
SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS name,
       i.indisprimary AS primary,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             ORDER BY k.place) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE (i.indisunique OR i.indisexclusion) AND c.relnamespace = 'public'::regnamespace
"""
FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text AS table, c.conname::text AS name,
       c.confrelid::regclass::text AS target, c.condeferrable AS deferrable,
       c.confdeltype::text AS on_delete, c.confupdtype::text AS on_update,
       ARRAY(SELECT f.attname || ' ' || t.attname
               FROM unnest(c.conkey, c.confkey) k(own, other)
               JOIN pg_attribute f ON f.attrelid = c.conrelid AND f.attnum = k.own
               JOIN pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = k.other) AS pairs
  FROM pg_constraint c
 WHERE c.connamespace = 'public'::regnamespace AND c.contype = 'f'
"""
NARROW_SERIALS = """
SELECT c.relname::text AS table, a.attname::text AS name
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
   AND a.atttypid IN ('int2'::regtype, 'int4'::regtype)
   AND (a.attidentity <> ''
        OR pg_get_serial_sequence(format('%I', c.relname), a.attname) IS NOT NULL)
"""
LATE_TRIGGERS = """
SELECT t.tgrelid::regclass::text AS table, t.tgname::text AS name
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND t.tgdeferrable AND c.relnamespace = 'public'::regnamespace
"""
ALLOWED_TARGETS = {
    Placement.DISTRIBUTED: {Placement.DISTRIBUTED, Placement.REFERENCE},
    Placement.REFERENCE: {Placement.REFERENCE},
    Placement.LOCAL: {Placement.LOCAL, Placement.REFERENCE},
}
Placements = dict[str, Placement]


def rows(query: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def own_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("makegood.") and model._meta.managed
    ]


def placements() -> Placements:
    declared = {model._meta.db_table: getattr(model, "placement", None) for model in own_models()}
    return {table: placed for table, placed in declared.items() if isinstance(placed, Placement)}


def merchant_column(table: str) -> str:
    return "id" if table == MERCHANTS else "merchant_id"


def key_problems(placed: Placements) -> list[str]:
    problems = []
    keyed = set()
    for index in rows(UNIQUE_INDEXES):
        table, columns = index["table"], index["columns"]
        keyed |= {table} if index["primary"] else set()
        if placed.get(table) is Placement.DISTRIBUTED:
            if merchant_column(table) not in columns:
                problems.append(f"{index['name']}: unique without the merchant")
            elif index["primary"] and columns[0] != merchant_column(table):
                problems.append(f"{index['name']}: the merchant is not first")
    everything = {row["table"] for row in rows(TABLES)}
    return problems + [f"{table}: no primary key" for table in sorted(everything - keyed)]


def foreign_key_problems(placed: Placements) -> list[str]:
    problems = []
    for key in rows(FOREIGN_KEYS):
        own = placed.get(key["table"], Placement.LOCAL)
        target = placed.get(key["target"], Placement.LOCAL)
        if target not in ALLOWED_TARGETS[own]:
            problems.append(f"{key['name']}: {own} points at {target}")
        if own is Placement.LOCAL:
            continue
        together = f"{merchant_column(key['table'])} {merchant_column(key['target'])}"
        if target is Placement.DISTRIBUTED and together not in key["pairs"]:
            problems.append(f"{key['name']}: the merchant is not part of it")
        if {key["on_delete"], key["on_update"]} & {"n", "d"}:
            problems.append(f"{key['name']}: sets columns of another row")
        if key["deferrable"]:
            problems.append(f"{key['name']}: checked late")
    return problems


def other_problems(placed: Placements) -> list[str]:
    serials = [
        f"{row['table']}.{row['name']}: a serial too narrow"
        for row in rows(NARROW_SERIALS)
        if row["table"] in placed
    ]
    return serials + [f"{row['name']}: a trigger that runs late" for row in rows(LATE_TRIGGERS)]


def problems_of(placed: Placements) -> list[str]:
    return key_problems(placed) + foreign_key_problems(placed) + other_problems(placed)


def test_each_model_declares_its_placement() -> None:
    undeclared = [
        model.__name__ for model in own_models() if model._meta.db_table not in placements()
    ]
    assert not undeclared


def test_a_cluster_would_take_the_schema() -> None:
    assert not problems_of(placements())


D, R, L = Placement.DISTRIBUTED, Placement.REFERENCE, Placement.LOCAL
GOOD = "CREATE TABLE good (merchant_id uuid, id uuid, PRIMARY KEY (merchant_id, id));"
WORD = "CREATE TABLE word (code text PRIMARY KEY);"


@pytest.mark.parametrize(
    ("placed", "schema", "problem"),
    [
        ({}, "CREATE TABLE bad (id uuid)", "bad: no primary key"),
        ({"bad": D}, "CREATE TABLE bad (id uuid PRIMARY KEY)", "unique without the merchant"),
        (
            {"bad": D},
            "CREATE TABLE bad (merchant_id uuid, id uuid, PRIMARY KEY (id, merchant_id))",
            "bad_pkey: the merchant is not first",
        ),
        (
            {"good": D},
            GOOD + "CREATE UNIQUE INDEX bad ON good (id) WHERE id IS NOT NULL",
            "bad: unique without the merchant",
        ),
        (
            {"good": D},
            GOOD + WORD + "ALTER TABLE good ADD word text REFERENCES word",
            "good_word_fkey: distributed points at local",
        ),
        (
            {"good": D, "word": R},
            GOOD + WORD + "ALTER TABLE word ADD a uuid, ADD b uuid, "
            "ADD CONSTRAINT bad FOREIGN KEY (a, b) REFERENCES good",
            "bad: reference points at distributed",
        ),
        (
            {"good": D},
            GOOD + "ALTER TABLE good ADD other uuid, "
            "ADD CONSTRAINT bad FOREIGN KEY (other, id) REFERENCES good",
            "bad: the merchant is not part of it",
        ),
        (
            {"good": D, "word": R},
            GOOD + WORD + "ALTER TABLE good ADD word text REFERENCES word ON DELETE SET NULL",
            "good_word_fkey: sets columns of another row",
        ),
        (
            {"good": D, "word": R},
            GOOD + WORD + "ALTER TABLE good ADD word text REFERENCES word DEFERRABLE",
            "good_word_fkey: checked late",
        ),
        ({"good": D}, GOOD + "ALTER TABLE good ADD n serial", "good.n: a serial too narrow"),
        (
            {"good": D},
            GOOD + "CREATE CONSTRAINT TRIGGER bad AFTER INSERT ON good DEFERRABLE "
            "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "bad: a trigger that runs late",
        ),
    ],
)
def test_what_a_cluster_refuses_is_found(placed: Placements, schema: str, problem: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(schema)
    assert any(found.endswith(problem) for found in problems_of(placements() | placed))
