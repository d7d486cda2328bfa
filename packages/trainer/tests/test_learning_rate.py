"""The learning rate over a training."""

import pytest

from mallo_trainer.learning_rate import Schedule, count_plateaus, learning_rate_at


def rates(schedule: Schedule, warmup_epochs: int = 0, losses: tuple[float, ...] = ()) -> list[float]:
    """The rate at the beginning of each of ten epochs, with a peak of 1."""
    return [
        learning_rate_at(
            epoch,
            schedule=schedule,
            peak=1.0,
            epochs=10,
            warmup_epochs=warmup_epochs,
            validation_losses=losses[:epoch],
        )
        for epoch in range(10)
    ]


def test_cosine_and_linear_go_from_the_peak_towards_zero() -> None:
    assert rates("cosine")[0] == rates("linear")[0] == 1
    assert rates("cosine")[5] == pytest.approx(0.5)
    assert rates("linear")[5] == pytest.approx(0.5)
    assert rates("cosine")[9] < rates("linear")[9] < 0.11


def test_step_is_a_tenth_after_each_third() -> None:
    assert rates("step") == pytest.approx([1] * 4 + [0.1] * 3 + [0.01] * 3)


def test_constant_stays() -> None:
    assert rates("constant") == [1] * 10


def test_plateau_halves_when_the_loss_stops_falling() -> None:
    losses = (1.0, 0.9, 0.9, 0.95, 0.9, 0.8, 0.7, 0.7, 0.7, 0.7)
    assert rates("plateau", losses=losses) == [1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert count_plateaus(losses, patience=3) == 2


@pytest.mark.parametrize("schedule", ["cosine", "step", "linear", "plateau", "constant"])
def test_warmup_climbs_to_the_peak_without_ever_being_zero(schedule: Schedule) -> None:
    values = rates(schedule, warmup_epochs=3)
    assert 0 < values[0] < values[1] < values[2] < values[3] == 1
