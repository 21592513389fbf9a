"""One merchant's part of an invented order, and how it tells what happened to it."""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, TypeVar

from msgspec import Struct

from makegood.guarantees.facts.vocabulary import Data, Fact, PaidLine, Payment

SOURCE = "demo"
CURRENCY = "CNY"
F = TypeVar("F", bound=Fact)


def draw(name: str, least: int, most: int) -> int:
    """A number from `least` to `most` that looks drawn by lot but follows from its name."""
    lot = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    return least + lot % (most - least + 1)


class Parcel(Struct, frozen=True, kw_only=True):
    """What one merchant sold in one order."""

    order: str
    merchant: str
    lines: tuple[PaidLine, ...]
    payments: tuple[Payment, ...]
    placed_at: datetime
    paid_at: datetime
    area: str
    consumer: str
    destination: str

    @property
    def total(self) -> int:
        """What the consumer paid this merchant."""
        return sum(payment.amount for payment in self.payments)

    def draw(self, what: str, least: int, most: int) -> int:
        """A number that belongs to this parcel, the same each time."""
        return draw(f"{self.order} {self.merchant} {what}", least, most)

    def after(self, hours: int) -> datetime:
        """The moment so many hours after payment, some minutes more or less."""
        return self.paid_at + timedelta(hours=hours, minutes=self.draw(f"minute {hours}", 1, 58))

    def of_order(self, kind: type[F], what: str, hours: int, data: Data | None = None) -> F:
        """A fact about the merchant's whole part of the order."""
        return self._tell(kind, f"{self.order}/{what}", self.order, hours, data)

    def of_line(self, kind: type[F], what: str, hours: int, data: Data | None, number: int) -> F:
        """A fact about one line."""
        subject = f"{self.order}/{number}"
        return self._tell(kind, f"{subject}/{what}", subject, hours, data)

    def about(self, kind: type[F], what: str, hours: int, about: str) -> F:
        """A fact about another fact, named by its id."""
        return self._tell(kind, f"{self.order}/{what}", about, hours, None)

    def _tell(self, kind: type[F], id: str, subject: str, hours: int, data: Data | None) -> F:
        said: dict[str, Any] = {} if data is None else {"data": data}
        return kind(
            id=id,
            source=SOURCE,
            time=self.after(hours),
            merchant=self.merchant,
            subject=subject,
            **said,
        )
