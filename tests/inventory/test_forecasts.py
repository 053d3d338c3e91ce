"""Stored forecasts come back as they went in, once."""

from datetime import date

import pandas as pd
import sqlalchemy as sa

from inventory.database import read, write
from inventory.forecasts import MEAN_PPM, StoredForecast, append_forecast, read_forecast_known_at


def run_of(name: str, recorded_at: str, value: int) -> StoredForecast:
    table = pd.DataFrame(
        {
            "part_no": ["00195040", "00195040"],
            "store": ["S01", "S01"],
            "target": ["period", "period"],
            "step": [1, 1],
            "share_ppm": [MEAN_PPM, 950_000],
            "value_milli": [value, 4000],
        }
    )
    return StoredForecast(name, date(2026, 6, 30), recorded_at, {"known_at": 7, "名称": "预测"}, table)


def test_a_run_is_read_back_as_it_was_stored(engine: sa.Engine) -> None:
    with write(engine) as connection:
        assert append_forecast(connection, run_of("F1", "2026-07-01T01:00:00+00:00", 1500))
        assert append_forecast(connection, run_of("F2", "2026-07-02T01:00:00+00:00", 2500))
    with read(engine) as connection:
        latest = read_forecast_known_at(connection, 7, "00195040", "S01")
        assert read_forecast_known_at(connection, 6, "00195040") is None
    assert latest is not None
    assert latest.run_id == "F2"
    assert latest.manifest == {"known_at": 7, "名称": "预测"}
    pd.testing.assert_frame_equal(latest.table, run_of("F2", "", 2500).table, check_dtype=False)


def test_of_runs_within_one_second_the_last_one_recorded_is_the_last(engine: sa.Engine) -> None:
    for name in ("F1", "F3", "F2"):
        with write(engine) as connection:
            append_forecast(connection, run_of(name, "2026-07-01T01:00:00+00:00", 1500))
        with read(engine) as connection:
            latest = read_forecast_known_at(connection, 7, "00195040")
        assert latest is not None
        assert latest.run_id == name


def test_the_same_run_is_stored_once(engine: sa.Engine) -> None:
    with write(engine) as connection:
        assert append_forecast(connection, run_of("F1", "2026-07-01T01:00:00+00:00", 1500))
        assert not append_forecast(connection, run_of("F1", "2026-07-03T01:00:00+00:00", 1500))
