"""The months of `counted_visits`, one after another, compiled; its plain twin is a test."""

from __future__ import annotations

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D


@compiled
def pass_months(
    registered: Int64Array1D,
    vehicles: Float64Array1D,
    again: Float64Array2D,
    first_time: Float64Array1D,
    longest: int,
    busy: Float64Array1D,
    visits: Float64Array1D,
    begins: int,
    trust: float,
    surest: float,
    expected: Float64Array2D,
    squares: Float64Array2D,
    waiting: Float64Array2D,
) -> None:
    """Write the visits expected of each cohort in each month, and Σ p² over its vehicles.

    Parameters
    ----------
    registered
        First month of each cohort as a column of the months, ``(n_cohorts,)``.
    vehicles
        How many there are of each, same shape.
    again
        Chance to come in a month by age at the last visit and by months since, ``(n_ages, n_lags)``.
    first_time
        Chance to come for the first time, by age, ``(n_lags,)``.
    longest
        Months since the last visit beyond which nobody comes again.
    busy
        Of each month, ``(n_months,)``; ones before the books.
    visits
        Seen in each month of the books, ``(n_seen,)``; months after them are foreseen.
    begins
        Column at which the books begin.
    trust
        Visits' worth of trust in what is expected.
    surest
        No vehicle comes with a greater chance.
    expected, squares
        Out, ``(n_cohorts, n_months)``.
    waiting
        Zeros to work on, ``(n_cohorts, n_months + 1)``: how many have come last in each month, or never.
    """
    cohorts, months = registered.size, busy.size
    ages, lags = again.shape
    for cohort in range(cohorts):
        waiting[cohort, months] = vehicles[cohort]
    for month in range(months):
        total = 0.0
        for cohort in range(cohorts):
            age = month - registered[cohort]
            if age < 0:
                continue
            chance = min(first_time[min(age, lags - 1)] * busy[month], surest)
            come = waiting[cohort, months] * chance
            square = come * chance
            for last in range(max(registered[cohort], month - longest), month):
                chance = again[min(last - registered[cohort], ages - 1), month - last] * busy[month]
                chance = min(chance, surest)
                come += waiting[cohort, last] * chance
                square += waiting[cohort, last] * chance * chance
            expected[cohort, month] = come
            squares[cohort, month] = square
            total += come
        scale = 1.0
        if begins <= month < begins + visits.size:
            scale = (visits[month - begins] + trust) / (total + trust)
        for cohort in range(cohorts):
            age = month - registered[cohort]
            if age < 0:
                continue
            chance = min(first_time[min(age, lags - 1)] * busy[month], surest)
            come = waiting[cohort, months] * min(chance * scale, 1.0)
            waiting[cohort, months] -= come
            for last in range(max(registered[cohort], month - longest), month):
                chance = again[min(last - registered[cohort], ages - 1), month - last] * busy[month]
                moved = waiting[cohort, last] * min(min(chance, surest) * scale, 1.0)
                waiting[cohort, last] -= moved
                come += moved
            waiting[cohort, month] += come
