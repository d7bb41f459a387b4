"""Every service against every fault: the right error or a polite second try, and never harm to what was there."""

import pytest
from fault_matrix import COMMON, EXTRACT, FAULTS, OVERPASS, SERVICES, TABLE, outcome, table

REFUSED = {"400", "403", "406"}
BUSY = {"429", "429, Retry-After: 75", "500", "502", "503", "504"}
BROKEN = {"connection refused", "reset mid-body", "slow drip", "timeout"}
ELSEWHERE = {"redirect to another host"}
TOO_LARGE = {"gigantic body", "gigantic by its header", "gzip bomb", "endless paging"}
CODES = {
    **dict.fromkeys(REFUSED, "source_refused"),
    **dict.fromkeys(BUSY, "source_busy"),
    **dict.fromkeys(BROKEN, "source_unreachable"),
    **dict.fromkeys(ELSEWHERE, "source_elsewhere"),
    **dict.fromkeys(TOO_LARGE, "source_too_large"),
}
CELLS = [
    pytest.param(service, fault, id=f"{service.name}-{fault}")
    for service in SERVICES
    for fault in FAULTS
    if fault in COMMON or fault in service.wrong
]

PATIENT = [service for service in SERVICES if not service.asked_once]


def expected(service, fault: str) -> str:
    """The error that a fault is when it stays. Some are recognised and put right."""
    if fault in service.mended:
        return "fine"
    return CODES.get(fault, "source_answer")


@pytest.mark.parametrize(("service", "fault"), CELLS)
def test_a_fault_that_stays_is_the_right_error_and_harms_nothing(service, fault):
    cell = outcome(service, fault, stays=True)
    assert cell.code == expected(service, fault)
    assert cell.kept or cell.code == "fine"
    assert cell.requests <= 4 or fault == "endless paging"


@pytest.mark.parametrize(("service", "fault"), CELLS)
def test_a_fault_that_passes_is_got_over_if_asking_again_can_help(service, fault):
    cell = outcome(service, fault, stays=False)
    again = fault in BUSY | BROKEN and not service.asked_once
    # A download that is not what its checksum says may have been replaced meanwhile: once more, without waiting.
    replaced = service is EXTRACT and expected(service, fault) == "source_answer"
    assert cell.code == ("fine" if again or replaced else expected(service, fault))
    assert bool(cell.pauses) == again


@pytest.mark.parametrize("service", PATIENT, ids=lambda service: service.name)
def test_what_a_service_asks_for_is_waited_for(service):
    assert min(outcome(service, "429, Retry-After: 75", stays=True).pauses) >= 75


@pytest.mark.parametrize(
    ("service", "fault"), [cell for cell in CELLS if cell.values[0].asked_once and cell.values[1] in COMMON]
)
def test_a_service_that_a_visitor_waits_for_is_asked_once(service, fault):
    cell = outcome(service, fault, stays=True)
    assert cell.requests == (0 if fault == "connection refused" else 1)
    assert cell.pauses == ()


@pytest.mark.parametrize("fault", ["429", "504"])
def test_overpass_is_left_alone_for_half_a_minute(fault):
    assert min(outcome(OVERPASS, fault, stays=True).pauses) >= 30


@pytest.mark.parametrize("service", PATIENT, ids=lambda service: service.name)
@pytest.mark.parametrize("fault", sorted(BUSY | BROKEN))
def test_nobody_is_asked_again_at_once(service, fault):
    assert min(outcome(service, fault, stays=True).pauses) >= 0.5


def test_the_table_in_the_documentation_is_what_the_code_does():
    assert TABLE.read_text(encoding="utf-8") == table(), "run: python tests/fault_matrix.py"
