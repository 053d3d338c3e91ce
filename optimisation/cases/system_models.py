"""Models of several stores or several parts: lost sales, lateral help, a depot with its stores, one purse."""

from __future__ import annotations

import numpy as np

from optimisation.cases.inputs import (
    COUNT,
    COUNTS,
    NOT_NEGATIVE,
    NOT_NEGATIVES,
    POSITIVE,
    POSITIVES,
    SHARE,
    Field,
    Inputs,
)
from optimisation.cases.models import Model, Results, per_case
from optimisation.policies.laws import CountLaw
from optimisation.policies.lost_sales import least_stock_for_loss, lost_share, pooling_loss
from optimisation.policies.purse import PurseTerms, best_allocation, greedy_allocation
from optimisation.policies.two_echelon import TwoEchelons, two_echelon_service


def _lost_sales(given: Inputs) -> Results:
    lost = lost_share(given.whole("S"), given.number("demand_rate"), given.number("lead_time"))
    return {"lost_fraction": lost, "fill_rate": 1 - lost}


def _lost_sales_level(given: Inputs) -> Results:
    rate, lead = given.number("demand_rate"), given.number("lead_time")
    stock = least_stock_for_loss(rate, lead, 1 - given.number("target_fill_rate"))
    return {"S": stock, "achieved_fill_rate": 1 - lost_share(stock, rate, lead)}


def _pooling(given: Inputs) -> Results:
    stock = given.flat("stock").astype(np.int64)
    found = pooling_loss(stock, given.flat("demand_rates"), given.number("lead_time"), given.boundaries("stock"))
    return {
        "emergency_fraction_with_full_pooling": found.pooled,
        "emergency_fraction_without_pooling": found.apart,
    }


def _two_echelons(given: Inputs) -> Results:
    boundaries = given.boundaries("demand_rates")
    found = two_echelon_service(
        TwoEchelons(
            given.flat("demand_rates"),
            given.flat("transport_times"),
            given.flat("base_stock").astype(np.int64),
            np.repeat(np.arange(given.count), np.diff(boundaries)),
            given.number("depot_lead_time"),
            given.whole("depot_stock"),
        )
    )
    return {
        "depot_expected_backorders": found.depot_backorders,
        "base_expected_backorders": per_case(found.backorders, boundaries),
        "base_fill_rates": per_case(found.fill_rate, boundaries),
        "metric_base_expected_backorders": per_case(found.metric_backorders, boundaries),
        "pipeline_mean": per_case(found.pipeline_mean, boundaries),
        "pipeline_variance": per_case(found.pipeline_variance, boundaries),
    }


def _budget(given: Inputs) -> Results:
    best, greedy = [], []
    costs, weights, means = given.lists("unit_costs"), given.lists("weights"), given.lists("ltd_means")
    for case in range(given.count):
        terms = PurseTerms(
            CountLaw.poisson(means[case]),
            costs[case],
            weights[case],
            float(given.number("budget")[case]),
            int(given.whole("max_units")[case]),
        )
        best.append(best_allocation(terms).gain)
        greedy.append(greedy_allocation(terms).gain)
    return {"max_weighted_backorder_reduction": best, "greedy_value": greedy}


_RATE, _LEAD = Field("demand_rate", POSITIVE), Field("lead_time", POSITIVE)

SYSTEM_MODELS = (
    Model("lost_sales_base_stock", (Field("S", COUNT), _RATE, _LEAD), ("lost_fraction", "fill_rate"), _lost_sales),
    Model(
        "lost_sales_min_S_for_fill",
        (_RATE, _LEAD, Field("target_fill_rate", SHARE)),
        ("S", "achieved_fill_rate"),
        _lost_sales_level,
    ),
    Model(
        "lateral_pooling_emergency",
        (Field("stock", COUNTS), Field("demand_rates", NOT_NEGATIVES), _LEAD),
        ("emergency_fraction_with_full_pooling", "emergency_fraction_without_pooling"),
        _pooling,
        alike=("stock", "demand_rates"),
    ),
    Model(
        "two_echelon_base_stock_poisson",
        (
            Field("demand_rates", NOT_NEGATIVES),
            Field("transport_times", NOT_NEGATIVES),
            Field("depot_lead_time", NOT_NEGATIVE),
            Field("depot_stock", COUNT),
            Field("base_stock", COUNTS),
        ),
        (
            "depot_expected_backorders",
            "base_expected_backorders",
            "base_fill_rates",
            "metric_base_expected_backorders",
            "pipeline_mean",
            "pipeline_variance",
        ),
        _two_echelons,
        alike=("demand_rates", "transport_times", "base_stock"),
    ),
    Model(
        "budget_allocation_poisson",
        (
            Field("ltd_means", NOT_NEGATIVES),
            Field("unit_costs", POSITIVES),
            Field("weights", NOT_NEGATIVES),
            Field("budget", NOT_NEGATIVE),
            Field("max_units", COUNT),
        ),
        ("max_weighted_backorder_reduction", "greedy_value"),
        _budget,
        alike=("ltd_means", "unit_costs", "weights"),
    ),
)
