"""Models with a reorder point: (s, S), (r, Q) with whole-number and with normal demand, (r, nQ) with order lines."""

from __future__ import annotations

from demand.history import Float64Array1D
from optimisation.cases.inputs import (
    COUNT,
    NOT_NEGATIVE,
    PIECES,
    POSITIVE,
    PROBABILITIES,
    SHARE,
    WHOLE,
    Field,
    Inputs,
)
from optimisation.cases.models import Model, Results
from optimisation.policies.compound_demand import line_service
from optimisation.policies.laws import CountLaw, GivenLaw, WholeLaw
from optimisation.policies.min_max import best_min_max, min_max_service
from optimisation.policies.power_approximation import approximate_min_max
from optimisation.policies.reorder_quantity import best_reorder_quantity, least_reorder_for_fill, reorder_service
from optimisation.policies.reorder_quantity_normal import (
    ContinuousReorder,
    NormalTerms,
    best_normal_reorder,
    eoq_with_backorders_reorder,
    eoq_with_safety_stock_reorder,
    expected_inventory_reorder,
    normal_reorder_for_fill,
)


def _costs(given: Inputs) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D]:
    return given.number("holding_cost"), given.number("stockout_cost"), given.number("fixed_cost")


def _min_max(given: Inputs, period: WholeLaw) -> Results:
    found = best_min_max(period, given.number("lead_time"), *_costs(given))
    return {"s": found.reorder_point, "S": found.order_up_to, "cost": found.cost}


def _min_max_poisson(given: Inputs) -> Results:
    return _min_max(given, CountLaw.poisson(given.number("demand_mean")))


def _min_max_negbin(given: Inputs) -> Results:
    return _min_max(given, CountLaw.from_moments(given.number("demand_mean"), given.number("demand_variance")))


def _min_max_pmf(given: Inputs) -> Results:
    return _min_max(given, GivenLaw(given.law("demand_pmf")))


def _min_max_service(given: Inputs) -> Results:
    law = CountLaw.from_moments(given.number("demand_mean"), given.number("demand_variance"))
    found = min_max_service(law, given.number("lead_time"), given.whole("s"), given.whole("S"))
    return {
        "unit_fill_rate": found.unit_fill,
        "cycle_service": found.cycle_service,
        "orders_per_period": found.orders_per_period,
    }


def _power_approximation(given: Inputs) -> Results:
    found = approximate_min_max(
        given.number("demand_mean"), given.number("demand_sd"), given.number("lead_time"), *_costs(given)
    )
    return {"s": found.reorder_point, "S": found.order_up_to}


def _reorder_poisson(given: Inputs) -> Results:
    rate = given.number("demand_rate")
    found = best_reorder_quantity(CountLaw.poisson(rate * given.number("lead_time")), rate, *_costs(given))
    return {"r": found.reorder_point, "Q": found.quantity, "cost": found.cost}


def _reorder_service(given: Inputs) -> Results:
    found = reorder_service(given.number("demand_rate"), given.number("lead_time"), given.whole("r"), given.whole("Q"))
    return {
        "fill_rate": found.fill_rate,
        "expected_backorders": found.backorders,
        "expected_on_hand": found.on_hand,
        "mean_wait": found.wait,
    }


def _reorder_for_fill(given: Inputs) -> Results:
    reorder, reached = least_reorder_for_fill(
        given.number("demand_rate"), given.number("lead_time"), given.whole("Q"), given.number("target_unit_fill_rate")
    )
    return {"r": reorder, "achieved_fill_rate": reached}


def _normal_terms(given: Inputs) -> NormalTerms:
    demand = given.number("demand_mean"), given.number("demand_sd"), given.number("lead_time")
    return NormalTerms.of(*demand, *_costs(given))


def _policy(found: ContinuousReorder) -> dict[str, Float64Array1D]:
    return {"r": found.reorder_point, "Q": found.quantity}


def _normal_exact(given: Inputs) -> Results:
    found = best_normal_reorder(_normal_terms(given))
    return {**_policy(found), "cost": found.cost}


def _normal_backorders(given: Inputs) -> Results:
    return _policy(eoq_with_backorders_reorder(_normal_terms(given)))


def _normal_safety_stock(given: Inputs) -> Results:
    return _policy(eoq_with_safety_stock_reorder(_normal_terms(given)))


def _normal_expected(given: Inputs) -> Results:
    found = expected_inventory_reorder(_normal_terms(given))
    return {**_policy(found), "approx_cost": found.cost}


def _normal_fill(given: Inputs) -> Results:
    mean = given.number("ltd_mean")
    found = normal_reorder_for_fill(
        mean, given.number("ltd_sd"), given.number("Q"), given.number("target_unit_fill_rate")
    )
    return {
        "r": found.reorder_point,
        "safety_stock": found.reorder_point - mean,
        "r_if_second_loss_term_ignored": found.one_term,
    }


def _line_service(given: Inputs) -> Results:
    found = line_service(
        given.number("order_line_rate"),
        given.number("lead_time"),
        given.law("line_size_pmf"),
        given.whole("r"),
        given.whole("Q"),
    )
    return {
        "ready_rate": found.ready_rate,
        "unit_fill_rate": found.unit_fill,
        "complete_line_fill_rate": found.complete_line_fill,
    }


_UNIT_COSTS = (Field("holding_cost", POSITIVE), Field("stockout_cost", POSITIVE))
_COSTS = (*_UNIT_COSTS, Field("fixed_cost", NOT_NEGATIVE))
_NORMAL_COSTS = (*_UNIT_COSTS, Field("fixed_cost", POSITIVE))
_MEAN, _SD, _VARIANCE = (Field(f"demand_{name}", POSITIVE) for name in ("mean", "sd", "variance"))
_LEAD = Field("lead_time", NOT_NEGATIVE, 0.0)
_NORMAL = (*_NORMAL_COSTS, _MEAN, _SD, Field("lead_time", POSITIVE))
_RATE, _TIME = Field("demand_rate", POSITIVE), Field("lead_time", NOT_NEGATIVE)
_POLICY = (Field("r", WHOLE), Field("Q", PIECES))
_FILL = Field("target_unit_fill_rate", SHARE)

REORDER_MODELS = (
    Model("sS_poisson", (*_COSTS, _MEAN, _LEAD), ("s", "S", "cost"), _min_max_poisson),
    Model("sS_poisson_leadtime", (*_COSTS, _MEAN, _LEAD), ("s", "S", "cost"), _min_max_poisson),
    Model("sS_negbin", (*_COSTS, _MEAN, _VARIANCE, _LEAD), ("s", "S", "cost"), _min_max_negbin),
    Model(
        "sS_custom_pmf",
        (*_COSTS, Field("demand_pmf", PROBABILITIES), Field("lead_time", COUNT, 0.0)),
        ("s", "S", "cost"),
        _min_max_pmf,
    ),
    Model(
        "sS_negbin_service",
        (_MEAN, _VARIANCE, _LEAD, Field("s", WHOLE), Field("S", WHOLE)),
        ("unit_fill_rate", "cycle_service", "orders_per_period"),
        _min_max_service,
    ),
    Model("sS_power_approximation", (*_NORMAL_COSTS, _MEAN, _SD, _LEAD), ("s", "S"), _power_approximation),
    Model("rQ_poisson", (*_COSTS, _RATE, _TIME), ("r", "Q", "cost"), _reorder_poisson),
    Model(
        "rQ_poisson_service",
        (_RATE, _TIME, *_POLICY),
        ("fill_rate", "expected_backorders", "expected_on_hand", "mean_wait"),
        _reorder_service,
    ),
    Model(
        "rQ_poisson_min_r_for_fill",
        (_RATE, _TIME, Field("Q", PIECES), _FILL),
        ("r", "achieved_fill_rate"),
        _reorder_for_fill,
    ),
    Model("rQ_normal_exact", _NORMAL, ("r", "Q", "cost"), _normal_exact),
    Model("rQ_normal_EOQB", _NORMAL, ("r", "Q"), _normal_backorders),
    Model("rQ_normal_EOQ_plus_SS", _NORMAL, ("r", "Q"), _normal_safety_stock),
    Model("rQ_normal_EIL", _NORMAL, ("r", "Q", "approx_cost"), _normal_expected),
    Model(
        "rQ_normal_min_r_for_fill",
        (Field("ltd_mean", NOT_NEGATIVE), Field("ltd_sd", POSITIVE), Field("Q", POSITIVE), _FILL),
        ("r", "safety_stock", "r_if_second_loss_term_ignored"),
        _normal_fill,
    ),
    Model(
        "compound_poisson_rnQ_service",
        (Field("order_line_rate", POSITIVE), _TIME, Field("line_size_pmf", PROBABILITIES), *_POLICY),
        ("ready_rate", "unit_fill_rate", "complete_line_fill_rate"),
        _line_service,
    ),
)
