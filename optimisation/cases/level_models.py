"""Models of one level: loss functions, newsvendors, base stock, the last-time buy, demand over a random lead time."""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D
from optimisation.cases.inputs import (
    COUNT,
    NOT_NEGATIVE,
    NUMBER,
    POSITIVE,
    PROBABILITIES,
    WHOLE,
    Field,
    Inputs,
)
from optimisation.cases.models import Model, Results
from optimisation.policies.laws import CountLaw, GivenLaw, WholeLaw
from optimisation.policies.level_costs import Shortage
from optimisation.policies.loss import (
    gamma_loss,
    lognormal_loss,
    negative_binomial_loss,
    normal_loss,
    normal_second_loss,
    poisson_loss,
)
from optimisation.policies.newsvendor import BestLevel, newsvendor, newsvendor_lognormal, newsvendor_normal
from optimisation.policies.random_lead_time import demand_over_observed, lead_time_demand, poisson_over_gamma

_COSTS = (Field("holding_cost", POSITIVE), Field("stockout_cost", POSITIVE))
_LEAD = Field("lead_time", NOT_NEGATIVE, 0.0)
_WHOLE_LEAD = Field("lead_time", COUNT, 0.0)
_REVIEW = Field("review_period", POSITIVE, 1.0)
_CYCLE_SERVICE = 0.95


def _both(loss: Float64Array1D, level: Float64Array1D, mean: Float64Array1D) -> dict[str, Float64Array1D]:
    return {"loss": loss, "complementary_loss": loss + level - mean}


def _loss_normal(given: Inputs) -> Results:
    x, mean, sd = given.number("x"), given.number("mean"), given.number("sd")
    return {**_both(normal_loss(x, mean, sd), x, mean), "second_loss": normal_second_loss(x, mean, sd)}


def _loss_lognormal(given: Inputs) -> Results:
    x, mu, sigma = given.number("x"), given.number("mu_log"), given.number("sigma_log")
    return _both(lognormal_loss(x, mu, sigma), x, np.exp(mu + sigma**2 / 2))


def _loss_gamma(given: Inputs) -> Results:
    x, shape, scale = given.number("x"), given.number("shape"), given.number("scale")
    return _both(gamma_loss(x, shape, scale), x, shape * scale)


def _loss_poisson(given: Inputs) -> Results:
    x, mean = given.number("x"), given.number("mean")
    return _both(poisson_loss(x, mean), x, mean)


def _loss_negbin(given: Inputs) -> Results:
    x = given.number("x")
    law = CountLaw.from_moments(given.number("mean"), given.number("variance"))
    return _both(negative_binomial_loss(x, law.mean, law.size), x, law.mean)


def _told(best: BestLevel) -> Results:
    return {"base_stock_level": best.level, "cost": best.cost}


def _whole_level(given: Inputs, period: WholeLaw, periods: Float64Array1D) -> Results:
    return _told(newsvendor(period.over(periods), given.number("holding_cost"), given.number("stockout_cost")))


def _newsvendor_poisson(given: Inputs) -> Results:
    return _whole_level(given, CountLaw.poisson(given.number("demand_mean")), given.number("lead_time") + 1)


def _newsvendor_negbin(given: Inputs) -> Results:
    law = CountLaw.from_moments(given.number("demand_mean"), given.number("demand_variance"))
    return _whole_level(given, law, given.number("lead_time") + 1)


def _newsvendor_discrete(given: Inputs) -> Results:
    return _whole_level(given, GivenLaw(given.law("demand_pmf")), given.number("lead_time") + 1)


def _newsvendor_lognormal(given: Inputs) -> Results:
    costs = given.number("holding_cost"), given.number("stockout_cost")
    return _told(newsvendor_lognormal(given.number("mu_log"), given.number("sigma_log"), *costs))


def _normal_level(given: Inputs, periods: Float64Array1D) -> Results:
    mean, sd = given.number("demand_mean") * periods, given.number("demand_sd") * np.sqrt(periods)
    return _told(newsvendor_normal(mean, sd, given.number("holding_cost"), given.number("stockout_cost")))


def _newsvendor_normal(given: Inputs) -> Results:
    return _normal_level(given, given.number("lead_time") + 1)


def _base_stock_normal(given: Inputs) -> Results:
    return _normal_level(given, given.number("lead_time") + given.number("review_period"))


def _base_stock_poisson(given: Inputs) -> Results:
    law = CountLaw.poisson(given.number("demand_mean"))
    return _whole_level(given, law, given.number("lead_time") + given.number("review_period"))


def _last_time_buy(given: Inputs) -> Results:
    law = CountLaw.from_moments(given.number("remaining_demand_mean"), given.number("remaining_demand_variance"))
    best = newsvendor(law, given.number("overage_cost"), given.number("underage_cost"))
    return {"quantity": best.level, "cost": best.cost}


def _ltd_moments(given: Inputs) -> Results:
    found = lead_time_demand(
        given.number("demand_mean_per_period"),
        given.number("demand_variance_per_period"),
        given.number("lead_time_mean"),
        given.number("lead_time_variance"),
    )
    return {
        "ltd_mean": found.mean,
        "ltd_variance": found.variance,
        "safety_stock_at_95pct_cycle_service_normal": found.normal_safety_stock(_CYCLE_SERVICE),
    }


def _law_at(law: WholeLaw, level: Float64Array1D) -> dict[str, Float64Array1D]:
    short, whole = Shortage.of(law.table()), level.astype(np.int64)
    return {"cdf_at_y": 1 - short.at(whole) + short.at(whole + 1), "loss_at_y": short.at(whole)}


def _poisson_gamma(given: Inputs) -> Results:
    law = poisson_over_gamma(
        given.number("demand_rate"), given.number("lead_time_mean"), given.number("lead_time_variance")
    )
    return {
        "ltd_mean": law.mean,
        "ltd_variance": law.variance,
        "nbinom_r": law.size,
        "nbinom_p": law.mean / law.variance,
        **_law_at(law, given.number("y")),
    }


def _observed_lead_time(given: Inputs) -> Results:
    period = CountLaw.from_moments(given.number("demand_mean_per_period"), given.number("demand_variance_per_period"))
    law = demand_over_observed(period, given.law("lead_time_pmf"))
    return {"ltd_mean": law.mean, "ltd_variance": law.law.variance(), **_law_at(law, given.number("y"))}


_LEVEL = ("base_stock_level", "cost")
_LOSS = ("loss", "complementary_loss")
_X = Field("x", NUMBER)
_MEAN, _SD = Field("demand_mean", POSITIVE), Field("demand_sd", POSITIVE)
_LOGARITHM = (Field("mu_log", NUMBER), Field("sigma_log", POSITIVE))
_PERIOD_MOMENTS = (Field("demand_mean_per_period", POSITIVE), Field("demand_variance_per_period", NOT_NEGATIVE))
_LEAD_MOMENTS = (Field("lead_time_mean", POSITIVE), Field("lead_time_variance", NOT_NEGATIVE))
_MOMENTS_OF_LOSS = (_X, Field("mean", NOT_NEGATIVE), Field("variance", NOT_NEGATIVE))

LEVEL_MODELS = (
    Model("loss_normal", (_X, Field("mean", NUMBER), Field("sd", POSITIVE)), (*_LOSS, "second_loss"), _loss_normal),
    Model("loss_lognormal", (_X, *_LOGARITHM), _LOSS, _loss_lognormal),
    Model("loss_gamma", (_X, Field("shape", POSITIVE), Field("scale", POSITIVE)), _LOSS, _loss_gamma),
    Model("loss_poisson", (_X, Field("mean", NOT_NEGATIVE)), _LOSS, _loss_poisson),
    Model("loss_negbin", _MOMENTS_OF_LOSS, _LOSS, _loss_negbin),
    Model("newsvendor_poisson", (*_COSTS, _MEAN, _LEAD), _LEVEL, _newsvendor_poisson),
    Model(
        "newsvendor_negbin",
        (*_COSTS, _MEAN, Field("demand_variance", POSITIVE), _LEAD),
        _LEVEL,
        _newsvendor_negbin,
    ),
    Model(
        "newsvendor_discrete", (*_COSTS, Field("demand_pmf", PROBABILITIES), _WHOLE_LEAD), _LEVEL, _newsvendor_discrete
    ),
    Model("newsvendor_normal", (*_COSTS, _MEAN, _SD, _LEAD), _LEVEL, _newsvendor_normal),
    Model("newsvendor_lognormal", (*_COSTS, *_LOGARITHM), _LEVEL, _newsvendor_lognormal),
    Model("base_stock_periodic_normal", (*_COSTS, _MEAN, _SD, _LEAD, _REVIEW), _LEVEL, _base_stock_normal),
    Model("base_stock_periodic_poisson", (*_COSTS, _MEAN, _LEAD, _REVIEW), _LEVEL, _base_stock_poisson),
    Model(
        "last_time_buy",
        (
            Field("remaining_demand_mean", POSITIVE),
            Field("remaining_demand_variance", POSITIVE),
            Field("overage_cost", POSITIVE),
            Field("underage_cost", POSITIVE),
        ),
        ("quantity", "cost"),
        _last_time_buy,
    ),
    Model(
        "ltd_moments",
        (*_PERIOD_MOMENTS, *_LEAD_MOMENTS),
        ("ltd_mean", "ltd_variance", "safety_stock_at_95pct_cycle_service_normal"),
        _ltd_moments,
    ),
    Model(
        "poisson_gamma_leadtime",
        (Field("demand_rate", POSITIVE), *_LEAD_MOMENTS, Field("y", WHOLE)),
        ("ltd_mean", "ltd_variance", "nbinom_r", "nbinom_p", "cdf_at_y", "loss_at_y"),
        _poisson_gamma,
    ),
    Model(
        "observed_leadtime",
        (*_PERIOD_MOMENTS, Field("lead_time_pmf", PROBABILITIES), Field("y", WHOLE)),
        ("ltd_mean", "ltd_variance", "cdf_at_y", "loss_at_y"),
        _observed_lead_time,
    ),
)
