"""Policies from a file: what is promised, by whom, from when, and what the platform allows."""

import tomllib
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.terms import Terms, betters, parameters, worse_parameters
from makegood.law.packs import Jurisdiction, cite, pack
from makegood.money import AmountError, exponent

NOTICE = timedelta(days=7)
"""E-Commerce Law 34: a change of platform rules is published at least 7 days before it holds."""

Minor = Annotated[int, Meta(ge=0, le=10**12)]


class PolicyFileError(Exception):
    """The file cannot be used; the message says what is wrong and where."""


class Platform(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the platform allows: the advance cap of a merchant, and from which sum a second
    person must look at an award. Minor units."""

    advance_cap_minor: Minor
    hold_above_minor: Minor | None = None


class Better(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A merchant's own promise: better parameters than the policy's, perhaps in some categories."""

    merchant: str
    guarantee: str
    terms: dict[str, Any] = {}
    categories: tuple[str, ...] = ()


class Enrolments(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who promises: all merchants and the platform's own book, or those named.

    Guarantees in `shadow` are watched and costed, but nothing is paid.
    """

    merchants: Literal["all"] | tuple[str, ...]
    shadow: tuple[str, ...] = ()
    better: tuple[Better, ...] = ()


class Breaker(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Beyond this sum or number of new awards a day, new awards are held.

    Without a `guarantee` all count together; with `per_merchant` each merchant counts apart.
    """

    guarantee: str = ""
    per_merchant: bool = False
    daily_minor: Minor | None = None
    daily_awards: Annotated[int, Meta(ge=0)] | None = None


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    jurisdiction: Jurisdiction
    currency: str
    effective_from: datetime
    platform: Platform
    guarantees: dict[str, dict[str, Any]]
    enrolments: Enrolments
    notice_waived: str = ""
    breakers: tuple[Breaker, ...] = ()


class PolicyFile(Struct, frozen=True, kw_only=True):
    """A file that was read and found whole; `digest` is the SHA-256 of its bytes, in hex."""

    digest: str
    jurisdiction: Jurisdiction
    currency: str
    effective_from: datetime
    notice_waived: str
    platform: Platform
    terms: dict[str, Terms]
    enrolments: Enrolments
    breakers: tuple[Breaker, ...]


def parse_policies(content: bytes, published_at: datetime) -> PolicyFile:
    """Read and check a file of policies; PolicyFileError names what is wrong in one sentence."""
    try:
        file = msgspec.convert(tomllib.loads(content.decode()), _File)
        exponent(file.currency)
    except (msgspec.ValidationError, ValueError, AmountError) as error:
        raise PolicyFileError(f"{error}.") from None
    if file.effective_from.tzinfo is None:
        raise PolicyFileError("effective_from names no time zone; end it with Z for UTC.")
    if not file.notice_waived and file.effective_from < published_at + NOTICE:
        raise PolicyFileError(
            "effective_from is less than 7 days ahead, the notice that E-Commerce Law 34 asks "
            "for; choose a later date, or say in notice_waived why none is needed."
        )
    terms = {code: _terms(code, given) for code, given in file.guarantees.items()}
    _check_promises(file, terms)
    _check_floors(file, terms)
    return PolicyFile(
        digest=sha256(content).hexdigest(),
        jurisdiction=file.jurisdiction,
        currency=file.currency,
        effective_from=file.effective_from,
        notice_waived=file.notice_waived,
        platform=file.platform,
        terms=terms,
        enrolments=file.enrolments,
        breakers=file.breakers,
    )


def _terms(code: str, given: dict[str, Any]) -> Terms:
    if code not in CATALOGUE:
        known = ", ".join(CATALOGUE)
        raise PolicyFileError(f"{code} is no guarantee; there are: {known}.")
    return read_terms(code, given)


def read_terms(code: str, given: dict[str, Any]) -> Terms:
    """The terms of a guarantee from plain values; PolicyFileError names the parameter."""
    try:
        terms: Terms = msgspec.convert(given, CATALOGUE[code].terms)
    except msgspec.ValidationError as error:
        raise PolicyFileError(f"guarantees.{code}: {error}.") from None
    return terms


def _check_promises(file: _File, terms: dict[str, Terms]) -> None:
    for code in (*file.enrolments.shadow, *(breaker.guarantee for breaker in file.breakers)):
        if code and code not in terms:
            raise PolicyFileError(f"{code} is named, but has no [guarantees.{code}].")
    for breaker in file.breakers:
        if breaker.daily_minor is None and breaker.daily_awards is None:
            raise PolicyFileError("A breaker sets daily_minor, daily_awards or both.")
    for better in file.enrolments.better:
        if better.guarantee not in terms:
            raise PolicyFileError(
                f"{better.merchant} promises {better.guarantee}, which is not set."
            )
        bettered_terms(terms[better.guarantee], better)


def _check_floors(file: _File, terms: dict[str, Terms]) -> None:
    """A policy can promise more than the law, never less (domain.md section 3)."""
    law = pack(file.jurisdiction)
    for code, promised in terms.items():
        subject = {one.name for one in parameters(type(promised)) if one.better == "same"}
        for floor in CATALOGUE[code].floors(law, file.currency, promised):
            worse = worse_parameters(promised, floor.terms)
            rule = law.rule(floor.rule)
            # A statute that differs in what must be the same is about something else.
            if worse and rule is not None and not subject.intersection(worse):
                raise PolicyFileError(
                    f"guarantees.{code}: {', '.join(worse)} promise less than the law does "
                    f"({cite(law, rule, 'en')}); a policy may only better it."
                )


def bettered_terms(minimum: Terms, better: Better) -> Terms:
    """A merchant's own terms; PolicyFileError when they are worse than the policy's."""
    own = read_terms(better.guarantee, {**msgspec.to_builtins(minimum), **better.terms})
    if not betters(own, minimum):
        raise PolicyFileError(
            f"{better.merchant} promises less than the policy in {better.guarantee}; "
            "a merchant may only better a policy."
        )
    return own
