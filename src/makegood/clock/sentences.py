"""How a deadline came about, step by step, in English and Chinese."""

from typing import Literal

from msgspec import Struct

from makegood.clock.calendars import calendar
from makegood.clock.deadlines import Deadline
from makegood.clock.instants import DAY, HOUR, MINUTE, Instant, local

Language = Literal["en", "zh"]

SENTENCES: dict[str, dict[Language, str]] = {
    "started": {"en": "started {0}", "zh": "自 {0} 起算"},
    "started_by": {"en": "started {0} by {1}", "zh": "自 {0} 起算，依据：{1}"},
    "runs": {"en": "runs {0}, day and night", "zh": "期间为{0}，昼夜连续计算"},
    "counts": {
        "en": "counts {0} from the day after, in {1}",
        "zh": "期间为{0}，自次日起算，时区 {1}",
    },
    "calendar": {"en": "working days by {0}", "zh": "工作日依据 {0}"},
    "pause": {"en": "paused from {0} to {1}", "zh": "{0} 至 {1} 中止计算"},
    "pause_because": {
        "en": "paused from {0} to {1} ({2})",
        "zh": "{0} 至 {1} 中止计算（{2}）",
    },
    "later": {"en": "ends {0} later for the pauses", "zh": "因中止顺延{0}"},
    "rolled": {
        "en": "its last day, {0}, is a day of rest: the next working day holds",
        "zh": "最后一日 {0} 为休息日，顺延至下一工作日",
    },
    "ends": {"en": "ends {0}", "zh": "截止于 {0}"},
    "provisional": {
        "en": "provisional: {0} does not know all of these days yet; to be worked out again",
        "zh": "暂定：{0} 尚未包含全部相关日期，公布后重新计算",
    },
    "lapse": {
        "en": "when it lapses, {0} (to the cost of {1})",
        "zh": "逾期后果：{0}（由{1}承担）",
    },
}
_UNITS: dict[str, tuple[str, str, str]] = {
    "elapsed_minutes": ("minute", "minutes", "分钟"),
    "elapsed_hours": ("hour", "hours", "小时"),
    "calendar_days": ("calendar day", "calendar days", "个自然日"),
    "working_days": ("working day", "working days", "个工作日"),
    "months": ("month", "months", "个月"),
    "years": ("year", "years", "年"),
    "days": ("day", "days", "天"),
    "seconds": ("second", "seconds", "秒"),
}
_PARTIES: dict[str, dict[Language, str]] = {
    "consumer": {"en": "the consumer", "zh": "消费者"},
    "merchant": {"en": "the merchant", "zh": "商家"},
    "platform": {"en": "the platform", "zh": "平台"},
    "nobody": {"en": "nobody", "zh": "无人"},
}


_WEEKDAYS: dict[Language, str] = {
    "en": calendar("weekdays").version,
    "zh": "周一至周五，未计公众假日",
}


class Length(Struct, frozen=True):
    """An amount of a unit, to be said in the reader's language."""

    amount: int
    unit: str


class DeadlineStep(Struct, frozen=True):
    """One step of a deadline: the code of a sentence and the values that fill it, in order.

    A text is the same in every language; a `Length` and a mapping of languages are not.
    """

    code: str
    values: tuple[str | tuple[Length, ...] | dict[Language, str], ...] = ()


def steps(deadline: Deadline) -> tuple[DeadlineStep, ...]:
    """How a deadline came about, as data, in the order in which it is told."""
    zone = deadline.duration.zone
    told = [_start(deadline, zone), _length(deadline)]
    if deadline.calendar:
        weekdays = deadline.duration.calendar == "weekdays"
        told.append(DeadlineStep("calendar", (_WEEKDAYS if weekdays else deadline.calendar,)))
    for pause in deadline.pauses:
        between = (_stamp(pause.starts, zone), _stamp(pause.ends, zone))
        code = "pause_because" if pause.cause else "pause"
        told.append(DeadlineStep(code, (*between, pause.cause) if pause.cause else between))
    if deadline.paused:
        told.append(DeadlineStep("later", (_stretch(deadline),)))
    if deadline.nominal:
        told.append(DeadlineStep("rolled", (deadline.nominal.isoformat(),)))
    told.append(DeadlineStep("ends", (_stamp(deadline.at, zone),)))
    if deadline.provisional:
        told.append(DeadlineStep("provisional", (deadline.calendar,)))
    if deadline.lapse:
        lapse = deadline.lapse
        consequence: dict[Language, str] = {"en": lapse.en, "zh": lapse.zh}
        told.append(DeadlineStep("lapse", (consequence, _PARTIES[lapse.cost])))
    return tuple(told)


def sentence(step: DeadlineStep, language: Language) -> str:
    """One step as a sentence, without a full stop."""
    filled = [_said(value, language) for value in step.values]
    return SENTENCES[step.code][language].format(*filled)


def explain(deadline: Deadline, language: Language) -> tuple[str, ...]:
    """How a deadline came about, in sentences of the reader's language."""
    return tuple(sentence(step, language) for step in steps(deadline))


def _start(deadline: Deadline, zone: str) -> DeadlineStep:
    started = _stamp(deadline.started, zone)
    if deadline.by:
        return DeadlineStep("started_by", (started, deadline.by))
    return DeadlineStep("started", (started,))


def _length(deadline: Deadline) -> DeadlineStep:
    duration = deadline.duration
    length = (Length(duration.amount, duration.unit),)
    if duration.is_elapsed:
        return DeadlineStep("runs", (length,))
    return DeadlineStep("counts", (length, duration.zone))


def _stretch(deadline: Deadline) -> tuple[Length, ...]:
    if not deadline.duration.is_elapsed:
        return (Length(deadline.paused, "days"),)
    days, rest = divmod(deadline.paused, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = (
        Length(days, "days"),
        Length(hours, "elapsed_hours"),
        Length(minutes, "elapsed_minutes"),
        Length(rest // 1_000_000, "seconds"),
    )
    return tuple(part for part in parts if part.amount) or parts[-1:]


def _said(value: str | tuple[Length, ...] | dict[Language, str], language: Language) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return value[language]
    if language == "zh":
        return "".join(f"{one.amount}{_UNITS[one.unit][2]}" for one in value)
    return " ".join(f"{one.amount} {_UNITS[one.unit][one.amount != 1]}" for one in value)


def _stamp(at: Instant, zone: str) -> str:
    return f"{local(at, zone).replace(microsecond=0, tzinfo=None).isoformat(' ')} ({zone})"
