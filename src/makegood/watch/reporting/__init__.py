"""What the promises have come to: one report per currency, as it stands now."""

from makegood.watch.reporting.feeds import Feed, feeds
from makegood.watch.reporting.figures import Figures, Held, Report, Shadowed
from makegood.watch.reporting.reports import reports

__all__ = ["Feed", "Figures", "Held", "Report", "Shadowed", "feeds", "reports"]
