"""Models under periodic review: order-up-to levels for a fill rate, and whole packs above a reorder point."""

from __future__ import annotations

import numpy as np

from optimisation.cases.inputs import (
    COUNT,
    COUNTS,
    NOT_NEGATIVE,
    PIECES,
    POSITIVE,
    SHARE,
    WHOLE,
    CaseError,
    Field,
    Inputs,
)
from optimisation.cases.models import Model, Results
from optimisation.policies.laws import CountLaw
from optimisation.policies.review_levels import (
    LeastLevel,
    least_level_of_counts,
    least_level_of_samples,
    review_service,
)
from optimisation.policies.review_packs import best_pack_reorder, least_pack_reorder, packs_service


def _period(given: Inputs) -> CountLaw:
    return CountLaw.from_moments(given.number("demand_mean_per_period"), given.number("demand_variance_per_period"))


def _laws(given: Inputs) -> tuple[CountLaw, CountLaw]:
    lead, review = given.number("lead_time"), given.number("review_period")
    return _period(given).over(lead), _period(given).over(lead + review)


def _service(given: Inputs) -> Results:
    found = review_service(*_laws(given), given.whole("S"))
    return {"unit_fill_rate": found.unit_fill, "cycle_service": found.cycle_service}


def _told(found: LeastLevel) -> Results:
    return {
        "S": found.level,
        "achieved_fill_rate": found.unit_fill,
        "fill_rate_at_S_minus_1": found.unit_fill_below,
    }


def _least_level(given: Inputs) -> Results:
    times = given.number("lead_time"), given.number("review_period")
    return _told(least_level_of_counts(_period(given), *times, given.number("target_unit_fill_rate")))


def _least_level_of_samples(given: Inputs) -> Results:
    levels: list[LeastLevel] = []
    draws = zip(given.lists("lead_samples"), given.lists("protection_samples"), strict=True)
    for (lead, protection), share in zip(draws, given.number("target_unit_fill_rate"), strict=True):
        if (protection < lead).any():
            raise CaseError("demand until the next order arrives is never less than until this one does")
        levels.append(least_level_of_samples(lead.astype(np.int64)[None], protection.astype(np.int64)[None], share))
    return _told(
        LeastLevel(
            np.concatenate([each.level for each in levels]),
            np.concatenate([each.unit_fill for each in levels]),
            np.concatenate([each.unit_fill_below for each in levels]),
        )
    )


def _packs_service(given: Inputs) -> Results:
    found = packs_service(*_laws(given), given.whole("s"), given.whole("Q"))
    return {"unit_fill_rate": found.unit_fill, "cycle_service": found.cycle_service}


def _packs_for_fill(given: Inputs) -> Results:
    reorder, reached = least_pack_reorder(*_laws(given), given.whole("Q"), given.number("target_unit_fill_rate"))
    return {"s": reorder, "achieved_fill_rate": reached}


def _packs_best(given: Inputs) -> Results:
    found = best_pack_reorder(
        _period(given),
        given.whole("lead_time"),
        given.whole("review_period"),
        given.number("holding_cost"),
        given.number("stockout_cost"),
        given.number("fixed_cost"),
        given.whole("Q"),
    )
    return {"s": found.reorder_point, "cost": found.cost}


_DEMAND = (Field("demand_mean_per_period", POSITIVE), Field("demand_variance_per_period", POSITIVE))
_TIMES = (Field("lead_time", NOT_NEGATIVE), Field("review_period", POSITIVE))
_FILL = Field("target_unit_fill_rate", SHARE)
_PACK = Field("Q", PIECES)
_LEAST = ("S", "achieved_fill_rate", "fill_rate_at_S_minus_1")
_SERVICE = ("unit_fill_rate", "cycle_service")

REVIEW_MODELS = (
    Model("RS_negbin_service", (*_DEMAND, *_TIMES, Field("S", WHOLE)), _SERVICE, _service),
    Model("RS_negbin_min_S_for_fill", (*_DEMAND, *_TIMES, _FILL), _LEAST, _least_level),
    Model(
        "RS_samples_min_S_for_fill",
        (Field("lead_samples", COUNTS), Field("protection_samples", COUNTS), _FILL),
        _LEAST,
        _least_level_of_samples,
        alike=("lead_samples", "protection_samples"),
    ),
    Model("RsnQ_negbin_service", (*_DEMAND, *_TIMES, Field("s", WHOLE), _PACK), _SERVICE, _packs_service),
    Model(
        "RsnQ_negbin_min_s_for_fill", (*_DEMAND, *_TIMES, _PACK, _FILL), ("s", "achieved_fill_rate"), _packs_for_fill
    ),
    Model(
        "RsnQ_negbin",
        (
            *_DEMAND,
            Field("lead_time", COUNT),
            Field("review_period", PIECES),
            Field("holding_cost", POSITIVE),
            Field("stockout_cost", POSITIVE),
            Field("fixed_cost", NOT_NEGATIVE, 0.0),
            _PACK,
        ),
        ("s", "cost"),
        _packs_best,
    ),
)
