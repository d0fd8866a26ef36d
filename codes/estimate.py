"""The one-minute estimate: a visitor's own figures, multiplied in the open.

Exact: figures are decimal, nothing is rounded before it is shown.
"""

from dataclasses import dataclass
from decimal import Decimal

MONTHS = 12
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Claims a month, the average value of one in dollars, and two percentages from 0 to 100."""

    claims: Decimal
    average: Decimal
    denied: Decimal
    recoverable: Decimal

    @property
    def denied_claims(self) -> Decimal:
        """How many claims are denied in a month."""
        return self.claims * self.denied / HUNDRED

    @property
    def denied_value(self) -> Decimal:
        """What those are worth, in dollars."""
        return self.denied_claims * self.average

    @property
    def recovered(self) -> Decimal:
        """The recoverable part of that, in dollars a month."""
        return self.denied_value * self.recoverable / HUNDRED

    @property
    def recovered_a_year(self) -> Decimal:
        return self.recovered * MONTHS
