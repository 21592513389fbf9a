"""A deadline tells how it came about, in both languages."""

from string import Formatter
from typing import get_args

import pytest

from makegood.clock.deadlines import Deadline, Lapse, deadline
from makegood.clock.durations import Duration, Unit, hours
from makegood.clock.intervals import Pause
from makegood.clock.sentences import SENTENCES, Language, explain, steps
from tests.clock.stamps import SHANGHAI, stamp

STARTED = stamp("2025-09-26 10:00")


def seven_days() -> Deadline:
    return deadline(
        STARTED,
        Duration(7, "calendar_days", SHANGHAI, "cn", rolls=True),
        by="line.delivered (fact f-1)",
        pauses=[Pause(stamp("2025-09-27 08:00"), stamp("2025-09-28 20:00"), "flood in Henan")],
        lapse=Lapse("the claim is granted", "支持诉求", cost="merchant"),
    )


EXPLAINED: dict[Language, tuple[str, ...]] = {
    "en": (
        "started 2025-09-26 10:00:00 (Asia/Shanghai) by line.delivered (fact f-1)",
        "counts 7 calendar days from the day after, in Asia/Shanghai",
        "working days by chinesecalendar",
        "paused from 2025-09-27 08:00:00 (Asia/Shanghai) to 2025-09-28 20:00:00 (Asia/Shanghai) (f",
        "ends 2 days later for the pauses",
        "its last day, 2025-10-05, is a day of rest: the next working day holds",
        "ends 2025-10-09 23:59:59 (Asia/Shanghai)",
        "when it lapses, the claim is granted (to the cost of the merchant)",
    ),
    "zh": (
        "自 2025-09-26 10:00:00 (Asia/Shanghai) 起算，依据：line.delivered (fact f-1)",
        "期间为7个自然日，自次日起算，时区 Asia/Shanghai",
        "工作日依据 chinesecalendar",
        "2025-09-27 08:00:00 (Asia/Shanghai) 至 2025-09-28 20:00:00 (Asia/Shanghai) 中止计算（f",
        "因中止顺延2天",
        "最后一日 2025-10-05 为休息日，顺延至下一工作日",
        "截止于 2025-10-09 23:59:59 (Asia/Shanghai)",
        "逾期后果：支持诉求（由商家承担）",
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_deadline_tells_how_it_came_about(language: Language) -> None:
    told = explain(seven_days(), language)
    assert len(told) == len(EXPLAINED[language])
    for sentence, expected in zip(told, EXPLAINED[language], strict=True):
        assert sentence.startswith(expected)


@pytest.mark.parametrize(
    ("duration", "pauses", "en", "zh"),
    [
        (hours(1), [], "runs 1 hour, day and night", "期间为1小时，昼夜连续计算"),
        (
            Duration(48, "elapsed_hours", SHANGHAI),
            [Pause(STARTED, STARTED + 93_780_000_000)],
            "ends 1 day 2 hours 3 minutes later for the pauses",
            "因中止顺延1天2小时3分钟",
        ),
        (
            hours(48),
            [Pause(STARTED, STARTED + 30_000_000)],
            "ends 30 seconds later for the pauses",
            "因中止顺延30秒",
        ),
        (
            Duration(1, "working_days", SHANGHAI, "weekdays"),
            [],
            "working days by Monday to Friday, public holidays not counted",
            "工作日依据 周一至周五，未计公众假日",
        ),
        (
            Duration(1, "months", SHANGHAI),
            [],
            "counts 1 month from the day after, in Asia/Shanghai",
            "期间为1个月，自次日起算，时区 Asia/Shanghai",
        ),
    ],
)
def test_the_words_of_a_deadline(duration: Duration, pauses: list[Pause], en: str, zh: str) -> None:
    found = deadline(STARTED, duration, pauses=pauses)
    assert en in explain(found, "en")
    assert zh in explain(found, "zh")


def test_a_provisional_deadline_says_so() -> None:
    duration = Duration(99, "years", SHANGHAI, "cn", rolls=True)
    found = deadline(STARTED, duration)
    assert any(sentence.startswith("provisional: ") for sentence in explain(found, "en"))
    assert any(sentence.startswith("暂定：") for sentence in explain(found, "zh"))


@pytest.mark.parametrize("unit", get_args(Unit))
def test_every_unit_can_be_told(unit: Unit) -> None:
    found = deadline(STARTED, Duration(2, unit, SHANGHAI))
    assert all(explain(found, "en"))
    assert all(explain(found, "zh"))


def test_every_sentence_has_the_same_places_in_both_languages() -> None:
    for told in SENTENCES.values():
        places = [
            {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            for text in (told["en"], told["zh"])
        ]
        assert places[0] == places[1]


def test_the_steps_are_data_in_the_order_of_the_telling() -> None:
    codes = [step.code for step in steps(seven_days())]
    assert codes == [
        "started_by",
        "counts",
        "calendar",
        "pause_because",
        "later",
        "rolled",
        "ends",
        "lapse",
    ]
