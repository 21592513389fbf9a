"""Terms: what a guarantee promises, as parameters that carry their own bounds, unit and help.

One definition drives the TOML that is read, the form, the API schema and the text that is
shown, so that the display cannot drift from what is enforced.
"""

from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import fields

from makegood.clock.durations import Duration
from makegood.guarantees.lengths import days_between, is_as_long

Unit = Literal[
    "basis_points", "minor", "hours", "days", "times", "duration", "zone", "choice", "yes_or_no"
]
Better = Literal["more", "less", "same"]
"""Which way is better for the consumer; `same` means that a promise must repeat the policy's."""


T = TypeVar("T", bound="Terms")


class Parameter(Struct, frozen=True, kw_only=True):
    """One parameter of a guarantee as data: what a form, a schema or a page needs of it."""

    name: str
    unit: Unit
    better: Better
    help_en: str
    help_zh: str
    optional: bool
    without: Literal["best", "worst"] | None
    default: object
    required: bool
    at_least: int | None = None
    at_most: int | None = None
    choices: tuple[str, ...] = ()


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parameters of one guarantee; each guarantee has its own subclass.

    Numbers are bounded where they are read. A duration out of its bounds (in days) or a zone
    that does not exist is a ValueError here.
    """

    def __post_init__(self) -> None:
        """Check what the plain bounds of numbers cannot."""
        for one in parameters(type(self)):
            value = getattr(self, one.name)
            if isinstance(value, Duration):
                _check_duration(one, value)
            elif one.unit == "zone":
                Duration(0, "calendar_days", zone=value)


def parameter(
    unit: Unit,
    better: Better,
    en: str,
    zh: str,
    *,
    at_least: int | None = None,
    at_most: int | None = None,
    without: Literal["best", "worst"] | None = None,
) -> Meta:
    """The metadata of one parameter.

    `at_least` and `at_most` bound what may be set, a duration by days; `without` says whether
    leaving an optional parameter out is the best or the worst that a consumer can get.
    """
    extra = {"unit": unit, "better": better, "zh": zh, "without": without}
    if unit == "duration":
        return Meta(description=en, extra={**extra, "at_least": at_least, "at_most": at_most})
    return Meta(ge=at_least, le=at_most, description=en, extra=extra)


Zone = Annotated[
    str,
    parameter("zone", "same", "Time zone in which days begin and end", "计算日期所用的时区"),
]


class ShareTerms(Terms, frozen=True, kw_only=True):
    """Compensation as a share of the line's price, half up, with a floor and a cap."""

    rate_basis_points: Annotated[
        int,
        parameter(
            "basis_points",
            "more",
            "Compensation as a share of the price without freight",
            "赔付金额占商品价款（不含运费）的比例",
            at_least=0,
            at_most=100_000,
        ),
    ] = 0
    at_least_minor: Annotated[
        int,
        parameter(
            "minor",
            "more",
            "The least compensation that is paid",
            "单笔赔付的最低金额",
            at_least=0,
            at_most=10**12,
        ),
    ] = 0
    at_most_minor: (
        Annotated[
            int,
            parameter(
                "minor",
                "more",
                "The most compensation that is paid; without it there is no cap",
                "单笔赔付的最高金额，不填则不设上限",
                at_least=0,
                at_most=10**12,
                without="best",
            ),
        ]
        | None
    ) = None

    def __post_init__(self) -> None:
        """A floor above the cap is a ValueError: no sum could satisfy both."""
        super().__post_init__()
        if self.at_most_minor is not None and self.at_least_minor > self.at_most_minor:
            raise ValueError("at_least_minor must not exceed at_most_minor")


@cache
def parameters(terms: type[Terms]) -> tuple[Parameter, ...]:
    """The parameters of a guarantee's terms as data, in the order in which they are declared."""
    return tuple(_described(field.name, field.type, field.default) for field in fields(terms))


def _described(name: str, declared: Any, default: object) -> Parameter:
    optional = False
    if get_origin(declared) in (Union, UnionType):
        optional = True
        declared = next(part for part in get_args(declared) if part is not type(None))
    bare, meta = get_args(declared)
    extra = meta.extra
    return Parameter(
        name=name,
        unit=extra["unit"],
        better=extra["better"],
        help_en=meta.description,
        help_zh=extra["zh"],
        optional=optional,
        without=extra["without"],
        default=None if default is NODEFAULT else default,
        required=default is NODEFAULT,
        at_least=extra.get("at_least", meta.ge),
        at_most=extra.get("at_most", meta.le),
        choices=get_args(bare) if get_origin(bare) is Literal else (),
    )


def _check_duration(one: Parameter, length: Duration) -> None:
    shortest, _ = days_between(length)
    if one.at_least is not None and shortest < one.at_least:
        raise ValueError(f"{one.name} must be at least {one.at_least} days")
    if one.at_most is not None and shortest > one.at_most:
        raise ValueError(f"{one.name} must be at most {one.at_most} days")


def worse_parameters(promise: Terms, minimum: Terms) -> tuple[str, ...]:
    """The parameters in which a promise gives the consumer less than the minimum does.

    Both must be terms of the same guarantee, else TypeError.
    """
    if type(promise) is not type(minimum):
        raise TypeError(f"{type(promise).__name__} cannot better {type(minimum).__name__}")
    return tuple(
        one.name
        for one in parameters(type(minimum))
        if not _as_good(one, getattr(promise, one.name), getattr(minimum, one.name))
    )


def betters(promise: Terms, minimum: Terms) -> bool:
    """Whether a promise is at least as good as the minimum in every parameter."""
    return not worse_parameters(promise, minimum)


def _as_good(one: Parameter, promised: Any, minimum: Any) -> bool:
    if promised == minimum:
        return True
    if promised is None:
        return one.without == "best"
    if minimum is None:
        return one.without == "worst"
    if one.better == "same":
        return False
    if isinstance(promised, Duration):
        longer, shorter = (promised, minimum) if one.better == "more" else (minimum, promised)
        return is_as_long(longer, shorter)
    return bool(promised > minimum) if one.better == "more" else bool(promised < minimum)


def read(terms: type[T], given: dict[str, object]) -> T:
    """Terms from plain data such as a TOML table; a wrong or unknown value is a ValidationError."""
    return msgspec.convert(given, terms)
