"""What the model may cost and how long it may take, for one plan. Looked at before each call, never after."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal

from apps.planning.thinking.chosen import ChosenModel

MILLION = Decimal(1_000_000)
BYTES_A_TOKEN = 3  # few enough, so that tokens are rather overestimated; it fits most scripts
LONGEST_ANSWER = 8_000  # tokens
SHORTEST_ANSWER = 300  # an answer that must be shorter than this can't be one
LEAST_SECONDS = 0.02
_LARGEST = 2**31 - 1


class OverLimit(Exception):
    """The next call might cost more than the plan's limit, or no time is left; the message says it with numbers."""


@dataclass
class Budget:
    """What is left: ``until`` on ``clock`` (seconds), and the cost limit less ``spent`` (euro)."""

    chosen: ChosenModel
    until: float
    spent: Decimal = Decimal(0)
    clock: Callable[[], float] = field(default=time.monotonic)

    def seconds_left(self) -> float:
        return max(0.0, self.until - self.clock())

    def seconds(self) -> float:
        """How long the next call may take. Raises ``OverLimit``."""
        left = self.seconds_left()
        if left < LEAST_SECONDS:
            raise OverLimit("The time for this plan was used up.")
        return left

    def longest_answer(self, sent_bytes: int) -> int:
        """How many tokens the answer may have if so much is sent. Raises ``OverLimit``."""
        left = self.chosen.cost_limit - self.spent - self._price(tokens_of(sent_bytes), 0)
        price = self.chosen.output_price
        affordable = LONGEST_ANSWER if price <= 0 else int(left * MILLION / price)
        if left < 0 or affordable < SHORTEST_ANSWER:
            raise OverLimit(
                f"The next call might go beyond the limit of €{self.chosen.cost_limit:.2f} for a plan; "
                f"€{self.spent:.4f} were spent."
            )
        return min(LONGEST_ANSWER, affordable)

    def book(self, input_tokens: int, output_tokens: int) -> Decimal:
        """Add what a call cost; returns it in euro."""
        cost = self._price(input_tokens, output_tokens)
        self.spent += cost
        return cost

    def _price(self, input_tokens: int, output_tokens: int) -> Decimal:
        exact = (self.chosen.input_price * input_tokens + self.chosen.output_price * output_tokens) / MILLION
        return exact.quantize(Decimal("0.000001"), rounding=ROUND_UP)


def tokens_of(size: int) -> int:
    """About how many tokens so many bytes of UTF-8 are.

    >>> tokens_of(10)
    4
    """
    return -(-size // BYTES_A_TOKEN)


def plausible(reported: object, *, at_least: int, at_most: int) -> int:
    """A server's count of tokens, as far as it can be true: it decides about money, and anybody can write a number.

    >>> plausible(50, at_least=10, at_most=100), plausible(0, at_least=10, at_most=100), plausible("x", at_least=10, at_most=90)
    (50, 10, 10)
    """  # noqa: E501
    number = reported if isinstance(reported, int) and not isinstance(reported, bool) else 0
    return max(at_least, min(number, at_most, _LARGEST))
