"""Made worlds with their true law of future demand, and the five rivals every spare-parts text knows.

A world is a made dealership of another seed, size, mix of models, climate or day; on each of its days some model was
launched eight months before. It is written to files and imported as a user would; the truth is the same world
continued many times (`data_samples.truth`), and judges only.

Rivals take each item's monthly history from the first month it could be asked for. Normal and negative binomial
quantiles take the mean they name and the variance of the monthly history; all for demand summed over `MONTHS`.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from data_samples.actions import ACTIONS
from data_samples.models import MODELS
from data_samples.settings import WorldSettings
from data_samples.truth import future_demand
from data_samples.world import World, make_world
from data_samples.writer import write_world
from demand.history import DemandHistory, Observation
from forecasting.baselines.intermittent import sba
from forecasting.baselines.simple_smoothing import packed
from inventory.database import initialise, open_database
from inventory.intake.importing import import_paths
from inventory.reading import read_snapshot
from inventory.snapshot import Snapshot

Floats = NDArray[np.float64]

MONTHS = 2
SHARES = (0.8, 0.9, 0.95, 0.99)
LAUNCH_MONTHS = 8

FAMILY_CARS = (1.0, 1.5, 0.6, 1.4, 1.0, 0.5, 0.5, 1.6, 1.5, 0.4, 0.4, 1.0, 0.8, 1.0)
LARGE_CARS = (0.4, 0.4, 1.0, 0.8, 1.2, 1.8, 1.8, 0.7, 0.8, 1.8, 1.8, 1.6, 1.5, 1.2)

DEVELOPMENT = {
    "small, one store": WorldSettings(seed=106, vehicles=3000, parts=900, stores=1),
    "as shipped, another seed": WorldSettings(seed=101),
    "January, family cars, north": WorldSettings(
        seed=102, as_of=date(2018, 12, 31), climate="northern", mix=FAMILY_CARS
    ),
    "small, south": WorldSettings(seed=103, vehicles=3500, parts=1000, climate="southern"),
    "spring, large cars": WorldSettings(seed=104, as_of=date(2022, 2, 28), mix=LARGE_CARS),
}
JUDGEMENT = {
    "as shipped": WorldSettings(),
    "as shipped, another seed": WorldSettings(seed=201),
    "small, one store": WorldSettings(seed=212, vehicles=3000, parts=900, stores=1),
    "large, three stores, south": WorldSettings(seed=203, vehicles=14000, parts=2000, stores=3, climate="southern"),
    "winter, north": WorldSettings(seed=204, as_of=date(2020, 12, 31), climate="northern"),
    "spring, large cars": WorldSettings(seed=205, as_of=date(2022, 2, 28), mix=LARGE_CARS),
}


@dataclass(frozen=True)
class Judged:
    """A world's books and what will truly be asked for.

    Parameters
    ----------
    world
        The world itself.
    snapshot
        What the dealership knows.
    keys
        Store and part number of each row of the truth.
    future
        Stock units asked for over the next `MONTHS`, one column per possible future.
    is_launch
        Parts that only models launched eight months ago carry.
    is_base
        Parts without a recall or campaign: these are streams of their own.
    """

    world: World
    snapshot: Snapshot
    keys: tuple[tuple[str, str], ...]
    future: Floats
    is_launch: NDArray[np.bool_]
    is_base: NDArray[np.bool_]


def judged(settings: WorldSettings, replications: int) -> Judged:
    """Make a world, import it, and continue it under many seeds."""
    world = make_world(settings)
    with tempfile.TemporaryDirectory() as folder:
        write_world(world, Path(folder) / "tables")
        snapshot = books(Path(folder), settings.as_of)
    future = future_demand(world, MONTHS, replications, settings.seed + 7)
    quantity = future.quantity_milli.sum(axis=1) / 1000
    keys = tuple((store, part) for store in future.store for part in future.part_no)
    catalogue = world.catalogue
    young = [_months_since(model.launch, settings.as_of) == LAUNCH_MONTHS for model in MODELS]
    launch = (catalogue.fits[:, young].any(axis=1)) & ~catalogue.fits[:, [not is_young for is_young in young]].any(
        axis=1
    )
    acted = {action.item for action in ACTIONS}
    base = np.array([catalogue.item_of(part).key not in acted for part in range(len(catalogue))])
    stores = len(future.store)
    return Judged(
        world, snapshot, keys, quantity.reshape(replications, -1).T, np.tile(launch, stores), np.tile(base, stores)
    )


def books(folder: Path, as_of: date) -> Snapshot:
    """Return the snapshot after importing the tables of a folder."""
    engine = open_database(f"sqlite:///{folder / 'books.db'}")
    initialise(engine)
    report = import_paths(engine, None, [folder / "tables"], as_of, "benchmark", f"{as_of.isoformat()}T00:00:00Z")
    if report.findings:
        raise ValueError(f"a made world is imported without a finding; {report.findings[0]}")
    snapshot = read_snapshot(engine, as_of)
    engine.dispose()
    return snapshot


def _months_since(launch: tuple[int, int], as_of: date) -> int:
    return as_of.year * 12 + as_of.month - launch[0] * 12 - launch[1] + 1


def rivals(history: DemandHistory) -> dict[str, Floats]:
    """Return the quantiles of each rival, in demand units, ``(n_items, n_shares)``."""
    demand = history.quantity.astype(np.float64)
    known = (history.observation == Observation.SEEN).astype(np.float64)
    months = np.maximum(known.sum(axis=1), 1)
    mean = (demand * known).sum(axis=1) / months
    spread = np.sqrt(((demand - mean[:, None]) ** 2 * known).sum(axis=1) / np.maximum(months - 1, 1))
    year = known[:, -12:]
    recent = (demand[:, -12:] * year).sum(axis=1) / np.maximum(year.sum(axis=1), 1)
    tsb = _teunter(demand, known, 0.1, 0.1)
    return {
        "SBA + normal": _normal(sba(packed(demand, known > 0)[0]), spread),
        "TSB + normal": _normal(tsb, spread),
        "TSB + NB": _negative_binomial(tsb, spread),
        "12-month mean + NB": _negative_binomial(recent, spread),
        "empirical": _empirical(demand, known),
    }


def _teunter(demand: Floats, known: Floats, of_size: float, of_chance: float) -> Floats:
    """Return Teunter, Syntetos & Babai's (2011) mean a month, begun at the mean of the first year."""
    first_year = (np.cumsum(known, axis=1) <= 12) * known
    count = np.maximum(first_year.sum(axis=1), 1)
    asked_in = ((demand > 0) * first_year).sum(axis=1)
    chance = asked_in / count
    size = (demand * first_year).sum(axis=1) / np.maximum(asked_in, 1)
    for asked_for, seen in zip(demand.T, known.T, strict=True):
        asked = (asked_for > 0) & (seen > 0)
        size += np.where(asked, of_size * (np.where(size > 0, asked_for - size, asked_for / of_size)), 0.0)
        chance += of_chance * seen * (asked - chance)
    return np.asarray(size * chance, dtype=np.float64)


def _normal(mean: Floats, spread: Floats) -> Floats:
    reach = np.asarray(stats.norm.ppf(SHARES))[None, :] * spread[:, None] * np.sqrt(MONTHS)
    return np.asarray(np.maximum(MONTHS * mean[:, None] + reach, 0), dtype=np.float64)


def _negative_binomial(mean: Floats, spread: Floats) -> Floats:
    total, variance = MONTHS * mean, MONTHS * spread**2
    variance = np.maximum(variance, 1.0001 * total)
    size = np.where(total > 0, total**2 / np.maximum(variance - total, 1e-9), 1.0)
    chance = size / (size + total)
    return np.asarray(stats.nbinom.ppf(np.array(SHARES)[None, :], size[:, None], chance[:, None]), dtype=np.float64)


def _empirical(demand: Floats, known: Floats) -> Floats:
    """Return quantiles of the sums over two months in a row, of the last two years."""
    both = (known[:, 1:] * known[:, :-1])[:, -24:] > 0
    sums = np.where(both, (demand[:, 1:] + demand[:, :-1])[:, -24:], np.nan)
    sums[~both.any(axis=1)] = 0.0
    return np.asarray(np.nanquantile(sums, SHARES, axis=1, method="inverted_cdf").T, dtype=np.float64)


def losses(quantiles: Floats, future: Floats) -> Floats:
    """Return the expected pinball loss of each item, mean over the shares, ``(n_items,)``."""
    total = np.zeros(len(future))
    for place, share in enumerate(SHARES):
        error = future - quantiles[:, place, None]
        total += np.maximum(share * error, (share - 1) * error).mean(axis=1)
    return total / len(SHARES)


def true_quantiles(future: Floats) -> Floats:
    """Return the quantiles of the truth itself: what nobody can do better than."""
    return np.asarray(np.quantile(future, SHARES, axis=1, method="inverted_cdf").T, dtype=np.float64)
