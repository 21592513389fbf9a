"""The tables of the record. Only this folder reads and writes them."""

from django.db import models

from makegood.storage.placement import Placement


class Entry(models.Model):
    """Who did what, on which subject, when: never changed, never removed."""

    placement = Placement.DISTRIBUTED

    pk = models.CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    at = models.DateTimeField()
    payload = models.TextField()
    personal_digest = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~(models.Q(actor="") | models.Q(action="")),
                name="record_entry_says_who_did_what",
            )
        ]
        indexes = [
            models.Index(fields=["merchant_id", "subject", "at"], name="record_entry_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Pending(models.Model):
    """An entry that waits for its number; `digest` holds its content until the log does."""

    placement = Placement.DISTRIBUTED

    pk = models.CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    digest = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)


class Leaf(models.Model):
    """The place of an entry in the log, counted from 0, and its leaf hash."""

    placement = Placement.LOCAL

    number = models.BigIntegerField(primary_key=True)
    merchant_id = models.UUIDField()
    entry_id = models.UUIDField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=0), name="record_leaf_number_not_negative"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "entry_id"], name="record_leaf_entry_numbered_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Node(models.Model):
    """The root of the complete subtree over the leaves [index << level, (index + 1) << level)."""

    placement = Placement.LOCAL

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gte=1, index__gte=0), name="record_node_is_inner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed statement of the log's size and root; `at` is the time in its second signature."""

    placement = Placement.LOCAL

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    note = models.TextField()

    def __str__(self) -> str:
        return str(self.size)


class Personal(models.Model):
    """Personal fields of the fact or entry with the same merchant and id, until they are erased.

    The fact or entry keeps SHA-256(salt || content).
    """

    placement = Placement.DISTRIBUTED

    pk = models.CompositePrimaryKey("merchant_id", "id")
    merchant_id = models.UUIDField()
    id = models.UUIDField()
    salt = models.BinaryField()
    content = models.TextField()

    def __str__(self) -> str:
        return str(self.id)
