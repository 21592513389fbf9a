"""`makegood owed LINE`: what is owed on a line, until when and why, cited."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from makegood.cli.moments import read_moment
from makegood.cli.problems import Problem
from makegood.clock import sentences as clock_sentences
from makegood.clock.instants import Instant, instant, moment
from makegood.guarantees.answers import Answer, Remedy
from makegood.guarantees.catalogue import CATALOGUE
from makegood.guarantees.deadlines import working
from makegood.guarantees.sentences.explaining import Language, explain
from makegood.money import decimal_text
from makegood.storage.cursors import begin
from makegood.storage.keys import PublicId
from makegood.watch.queries.owed import LineUnknown, OwedOnLine, find_line, owed_on

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "kept": "kept",
        "pending": "open",
        "held": "held for a person",
        "broken": "broken",
        "refund": "refund",
        "compensation": "compensation",
        "freight": "freight",
        "fee": "fee",
        "repair": "a repair",
        "replacement": "a replacement",
        "at_most": "at most",
        "paid": "paid",
        "judged": "silence judged until",
        "not_judged": "silence not judged yet",
        "at": "as its facts stood at",
        "unpaid": "Nothing is promised: no payment of it has been reported.",
        "sent": "awarded",
        "waits": "held",
        "shadow": " (shadow: found and costed, never paid)",
        ":": ": ",
        ";": "; ",
        ",": ", ",
    },
    "zh": {
        "kept": "已兑现",
        "pending": "进行中",
        "held": "待人工处理",
        "broken": "违约",
        "refund": "退款",
        "compensation": "赔付",
        "freight": "运费",
        "fee": "费用",
        "repair": "维修",
        "replacement": "更换",
        "at_most": "至多",
        "paid": "实付",
        "judged": "未发生事项判定至",
        "not_judged": "未发生事项尚未判定",
        "at": "依据此时的事实",
        "unpaid": "尚无付款记录，不存在承诺。",
        "sent": "已判赔",
        "waits": "暂扣",
        "shadow": "（影子模式：只计算，不赔付）",
        ":": "：",
        ";": "；",
        ",": "，",
    },
}


def owed(
    line: Annotated[
        str, typer.Argument(help="The line: MERCHANT/ORDER/NUMBER, or its id line_MERCHANT_ID.")
    ],
    at: Annotated[
        str, typer.Option(help="From the facts with a time up to then; UTC without a zone.")
    ] = "",
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell what is owed on a line, until when and why, by the best of law, policy and promise."""
    if language not in ("en", "zh"):
        raise Problem(f"--language is {language!r}; there are en and zh.")
    told: Language = "zh" if language == "zh" else "en"
    until = instant(read_moment(at, "--at")) if at else None
    with begin() as cursor:
        try:
            found = owed_on(cursor, find_line(cursor, line), until)
        except LineUnknown as error:
            raise Problem(str(error)) from error
    if as_json:
        typer.echo(json.dumps(plain(found, told), ensure_ascii=False))
    else:
        _print(found, told)


def plain(found: OwedOnLine, language: Language) -> dict[str, Any]:
    """All of it as plain data: amounts in minor units, moments in ISO 8601, sentences told."""
    bought = found.line.purchase
    return {
        "line": str(PublicId("line", found.merchant_id, found.id)),
        "merchant": found.merchant,
        "order": found.line.order,
        "number": found.line.number,
        "at": _stamp(found.at),
        "judged_until": _stamp(found.judged_until),
        "jurisdiction": found.jurisdiction,
        "currency": None if bought is None else bought.currency,
        "paid": 0 if bought is None else bought.paid_total,
        "guarantees": {one.code: _plain_answer(found, one, language) for one in found.answers},
    }


def _plain_answer(found: OwedOnLine, answer: Answer, language: Language) -> dict[str, Any]:
    return {
        "title": _title(answer.code, language),
        "state": answer.state,
        "shadow": _shadow(found, answer.code),
        "remedies": [_plain_remedy(remedy, language) for remedy in answer.remedies],
        "broken_after": _stamp(answer.judged_after),
        "lasts_until": _stamp(answer.lasts_until),
        "deadline": _deadline(found, answer, language),
        "awarded": [
            {"kind": one.kind, "due": one.due, "held": one.held}
            for one in found.sent
            if one.guarantee == answer.code
        ],
    }


def _plain_remedy(remedy: Remedy, language: Language) -> dict[str, Any]:
    source = remedy.source
    return {
        "kind": remedy.kind,
        "amount": remedy.amount,
        "service": remedy.service,
        "source": source.kind,
        "reference": source.reference,
        "because": explain(remedy.because, language),
    }


def _deadline(found: OwedOnLine, answer: Answer, language: Language) -> list[str]:
    """Until when, in sentences; with the working of the promise's own clock where it has one."""
    told = explain(answer.clock, language)
    for promise in found.promises:
        if promise.code == answer.code:
            made = working(promise.code, found.line, promise.terms)
            if made is not None:
                told += clock_sentences.explain(made, language)
    return told


def _shadow(found: OwedOnLine, code: str) -> bool:
    return any(one.shadow for one in found.promises if one.code == code)


def _stamp(at: Instant | None) -> str | None:
    return None if at is None else moment(at).isoformat()


def _told(at: Instant) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M:%S} UTC"


def _title(code: str, language: Language) -> str:
    guarantee = CATALOGUE[code]
    return guarantee.title_zh if language == "zh" else guarantee.title_en


def _print(found: OwedOnLine, language: Language) -> None:
    words, console = _WORDS[language], Console(highlight=False, soft_wrap=True)
    line, bought = found.line, found.line.purchase
    console.print(f"[bold]{escape(found.merchant)}/{escape(line.order)}/{line.number}[/bold]")
    if found.at is not None:
        console.print(f"{words['at']} {_told(found.at)}")
    if bought is None:
        console.print(words["unpaid"])
        return
    paid = f"{bought.currency} {decimal_text(bought.paid_total, bought.currency)}"
    judged = words["not_judged"]
    if found.judged_until is not None:
        judged = f"{words['judged']} {_told(found.judged_until)}"
    console.print(f"{words['paid']} {paid}{words[';']}{judged}")
    for answer in found.answers:
        _print_answer(console, found, answer, language)


def _print_answer(console: Console, found: OwedOnLine, answer: Answer, language: Language) -> None:
    words = _WORDS[language]
    colour = {"kept": "green", "pending": "", "held": "magenta", "broken": "red"}[answer.state]
    state = f"[{colour}]{words[answer.state]}[/{colour}]" if colour else words[answer.state]
    shadow = words["shadow"] if _shadow(found, answer.code) else ""
    title = f"[bold]{_title(answer.code, language)}[/bold]"
    console.print(f"\n{title}{words[':']}{state}{shadow}")
    for remedy in answer.remedies:
        limit = f"{words['at_most']} " if answer.state == "held" else ""
        console.print(f"  [bold]{limit}{_sum(remedy, words)}[/bold]")
        for sentence in explain(remedy.because, language):
            console.print(f"    {escape(sentence)}")
    for one in found.sent:
        if one.guarantee == answer.code:
            console.print(f"  {_awarded(found, one.kind, one.due, one.held, words)}")
    for sentence in _deadline(found, answer, language):
        console.print(f"  [dim]{escape(sentence)}[/dim]")


def _sum(remedy: Remedy, words: dict[str, str]) -> str:
    if remedy.service is not None:
        return words[remedy.service]
    amount = decimal_text(remedy.amount, remedy.currency)
    return f"{words[remedy.kind]} {remedy.currency} {amount}"


def _awarded(found: OwedOnLine, kind: str, due: int, held: int, words: dict[str, str]) -> str:
    assert found.line.purchase is not None
    currency = found.line.purchase.currency
    told = f"{words['sent']}{words[':']}{words[kind]} {currency} {decimal_text(due, currency)}"
    if not held:
        return told
    return f"{told}{words[',']}{words['waits']} {decimal_text(held, currency)}"
