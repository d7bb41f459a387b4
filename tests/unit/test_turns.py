"""Turns to ask a service: so many a second whoever asks, and none while it rests."""

from concurrent.futures import ThreadPoolExecutor

from fault_server import TestClock

from meetingplaces.sources.turns import Turns


class StoppedClock(TestClock):
    """Only sleeping makes time pass."""

    def monotonic(self) -> float:
        return 1000.0 + sum(self.slept)


def turns() -> tuple[Turns, StoppedClock]:
    clock = StoppedClock()
    return Turns(clock, pause_s=0.25, longest_wait_s=1.0), clock


def test_the_first_does_not_wait_and_the_next_waits_for_its_turn():
    service, clock = turns()
    assert [service.take() for _ in range(3)] == [True] * 3
    assert clock.slept == [0.25, 0.25]


def test_of_many_at_once_those_whose_turn_comes_too_late_are_told_so_at_once():
    service, clock = turns()
    clock.sleep = lambda seconds: None  # all ask at the same moment
    with ThreadPoolExecutor(8) as visitors:
        taken = list(visitors.map(lambda _: service.take(), range(20)))
    assert taken.count(True) == 5, "one now, and four within a second"


def test_nobody_asks_a_service_that_rests():
    service, clock = turns()
    service.rest(5)
    assert not service.take()
    assert clock.slept == []
    clock.sleep(4.5)
    assert service.take()


def test_a_shorter_rest_does_not_end_a_longer_one():
    service, _ = turns()
    service.rest(60)
    service.rest(2)
    assert not service.take()
