"""What a plan may cost, looked at before each call; and what a server's own counts are worth."""

from decimal import Decimal

import pytest

from apps.planning.thinking.chosen import ChosenModel
from apps.planning.thinking.limits import LONGEST_ANSWER, Budget, OverLimit, plausible

DEAR = ChosenModel("dear", "openai", "m", input_price=Decimal(1000), output_price=Decimal(1000), cost_limit=Decimal(1))
FREE = ChosenModel("free", "ollama", "m", cost_limit=Decimal(0))


def test_what_costs_nothing_may_always_be_asked_while_there_is_time():
    now = [0.0]
    budget = Budget(FREE, until=10.0, clock=lambda: now[0])
    assert (budget.seconds(), budget.longest_answer(10**6)) == (10.0, LONGEST_ANSWER)
    now[0] = 10.0
    with pytest.raises(OverLimit, match="time"):
        budget.seconds()


def test_the_answer_may_be_as_long_as_the_rest_of_the_limit_pays_for():
    budget = Budget(DEAR, until=10.0)
    assert budget.longest_answer(300) == 900  # 100 tokens in at 0.001 euro leave 0.90
    assert budget.book(100, 550) == Decimal("0.650000")
    with pytest.raises(OverLimit, match=r"€1\.00 for a plan; €0\.6500 were spent"):
        budget.longest_answer(300)


def test_what_was_spent_before_counts():
    with pytest.raises(OverLimit):
        Budget(DEAR, until=10.0, spent=Decimal("0.99")).longest_answer(3)


@pytest.mark.parametrize("reported", [0, -5, None, "9", True, 1.5, 10**30])
def test_a_count_that_can_t_be_true_is_brought_into_its_bounds(reported):
    assert 10 <= plausible(reported, at_least=10, at_most=90) <= 90
