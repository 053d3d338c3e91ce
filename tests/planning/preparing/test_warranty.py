"""A car that is beyond the kilometres of its warranty asks for no claims, though it is young."""

from datetime import date

import numpy as np
import pytest

from planning.preparing.prepare import Prepared
from tests.planning.books import part
from tests.planning.preparing.test_prepare import car, fitment, line, prepared

KM_A_MONTH = {"NEAR": 700, "FAR": 3000}


def books(payer: str, goes_on: bool) -> Prepared:
    """Return cars of two models, 30 months old; the second was beyond 60,000 km at 20, and may be silent since."""
    cars = [car(i, model, registered=date(2024, 1, 3)) for i, model in enumerate(np.repeat(list(KM_A_MONTH), 100))]
    last = {"NEAR": 29, "FAR": 29 if goes_on else 19}
    lines = [
        line(
            100 * month + i, f"ECU-{model}", date(2024 + month // 12, 1 + month % 12, 20), payer=payer,
            vin=f"VIN{(37 * month + i) % 100 + 100 * place}", odometer_km=KM_A_MONTH[model] * (month + 1),
        )
        for place, model in enumerate(KM_A_MONTH)
        for month in range(2, last[model] + 1)
        for i in range(6)
    ]  # fmt: skip
    return prepared(
        parts=[part(f"ECU-{model}", 900.0) for model in KM_A_MONTH],
        fitments=[fitment(f"ECU-{model}", model) for model in KM_A_MONTH],
        vehicles=cars,
        demand_lines=lines,
    )


def far_beside_near(ready: Prepared) -> float:
    """Return what a car that drives far needs in the next month beside one that does not."""
    need = dict(zip(ready.history.part_no, ready.exposure.need[:, 0], strict=True))
    return float(need["ECU-FAR"] / need["ECU-NEAR"])


def test_who_is_beyond_the_kilometres_asks_for_no_claims_and_those_whom_nobody_pays_for_go_on() -> None:
    ended = far_beside_near(books("warranty", goes_on=False))
    assert ended < 0.3 * far_beside_near(books("customer", goes_on=False))
    # Where they go on calling, somebody else pays: the limit ends nothing.
    paid = far_beside_near(books("warranty", goes_on=True))
    assert paid == pytest.approx(far_beside_near(books("customer", goes_on=True)), rel=0.1)
