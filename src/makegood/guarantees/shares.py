"""Compensation as a share of a line's price, with the step that shows the arithmetic."""

from makegood.guarantees.facts.line import Line, Purchase
from makegood.guarantees.terms import ShareTerms
from makegood.guarantees.verdict import Step
from makegood.money import percentage


def share(line: Line, purchase: Purchase, terms: ShareTerms) -> int:
    """The compensation in minor units: the rate of the price without freight, rounded half up,
    then at least the floor and at most the cap. Line 0, an order without lines, takes none.
    """
    if line.number == 0:
        return 0
    return percentage(
        purchase.price,
        terms.rate_basis_points,
        at_least=terms.at_least_minor,
        at_most=terms.at_most_minor,
    )


def share_step(purchase: Purchase, terms: ShareTerms, compensation: int) -> Step:
    """The arithmetic behind `compensation` as a step of a reasoning."""
    rate, at_least, at_most = terms.rate_basis_points, terms.at_least_minor, terms.at_most_minor
    price, currency = purchase.price, purchase.currency
    if at_most is None:
        values = (price, rate, at_least, compensation, currency)
        return Step("sum", "share_without_cap", values)
    return Step("sum", "share", (price, rate, at_least, at_most, compensation, currency))
