"""The figures of stores together are those of `kpi`, and the months of a trend add up to the year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.database import read
from inventory.figures.catalogue import named
from inventory.figures.computing import Chosen, figures
from inventory.figures.families import family_of
from inventory.figures.figure import Exact, Variant
from inventory.figures.overview import Looked, UnknownStoreError, look, scopes
from inventory.figures.scope import Scope, Span, scope_of
from inventory.figures.trends import has_trend, trends
from inventory.schema import document
from tests.inventory.figures.made_ledgers import STORES, make_ledger
from tests.inventory.figures.shown import every_variant

AS_OF = date(2026, 6, 17)
TOLD = {store: {"2026-06": {"labour": 1_000, "service_gross": 5, "body_gross": 7, "fixed_expense": 900}}
        for store in STORES}  # fmt: skip


def chosen(*kinds: str) -> list[Chosen]:
    """Every variant of every figure, or those of the families named."""
    return [named(name) for name in every_variant() if not kinds or {*map(family_of, measures(name))} <= {*kinds}]


def measures(name: str) -> tuple[str, ...]:
    return named(name)[1].measures


def asked(connection: sa.Connection, scope: Scope, each: Chosen) -> Fraction | None:
    return figures(connection, scope, [each], told=TOLD)[0].value


@pytest.mark.parametrize(("seed", "span"), [(3, "month"), (8, "week")])
def test_stores_together_have_the_figures_of_all_stores_and_each_has_its_own(
    engine: sa.Engine, seed: int, span: Span
) -> None:
    make_ledger(engine, seed)
    with read(engine) as connection:
        now, before = scopes(connection, ordinal_of(AS_OF, PeriodKind.MONTH), AS_OF, span)
        looked, earlier = look(connection, now, told=TOLD), look(connection, before, told=TOLD)
        every = one_of_each(chosen())[0] + [named(f"TURN_GROSS:{mean}") for mean in ("open_close", "daily")]
        for scope, each in ((now, looked), (before, earlier)):
            group = [figure.value for figure in figures(connection, scope, every, told=TOLD)]
            assert [together(each, one) for one in every] == group
        own = [figure.value for figure in figures(connection, now.of_store("S02"), every, told=TOLD)]
        assert [looked.each_store([one])["S02"][one[0].figure_id].value for one in every] == own
        alone = Looked(connection, now.of_store("S02"), {"S02": looked.by_store["S02"]})
        assert [together(alone, one) for one in every] == own


def together(looked: Looked, one: Chosen) -> Fraction | None:
    (found,) = looked.together([one]).values()
    return found.value


def test_the_months_of_a_trend_add_up_to_the_year_for_stores_together_and_each(engine: sa.Engine) -> None:
    make_ledger(engine, 5)
    flows = chosen("requests", "shortages", "purchases", "promises", "counts", "claims", "deliveries", "sales")
    flows = [one for one in flows if has_trend(one[1])]
    assert len(flows) > 20
    with read(engine) as connection:
        month = ordinal_of(AS_OF, PeriodKind.MONTH)
        year = scope_of(connection, month, AS_OF, span="rolling-12")
        looked = look(connection, scope_of(connection, month, AS_OF))
        wholes = {store: figures(connection, year.of_store(store) if store else year, flows) for store in ("", *STORES)}
        for variants in one_of_each(flows):
            seen = trends([reading.sight for reading in looked.by_store.values()], variants)
            for store, (definition, variant) in product(wholes, variants):
                whole = wholes[store][flows.index((definition, variant))]
                trend = seen[store][definition.figure_id]
                assert len(trend) == 12
                assert sum(figure.numerator for figure in trend) == whole.numerator, (definition.figure_id, store)
                assert below(variant, [each.denominator for each in trend]) == below(variant, [whole.denominator])


def one_of_each(chosen: list[Chosen]) -> list[list[Chosen]]:
    """Every variant in some list, and in none two of one figure."""
    found: list[list[Chosen]] = []
    for one in chosen:
        room = next((each for each in found if all(one[0] != other[0] for other in each)), None)
        if room is None:
            found.append([one])
        else:
            room.append(one)
    return found


def below(variant: Variant, denominators: list[Exact]) -> Exact:
    """The sum of denominators; those of amounts are all 1."""
    return sum(denominators) if variant.denominator else 1


def test_month_ends_of_the_stock_are_what_the_books_said_of_them(engine: sa.Engine) -> None:
    make_ledger(engine, 8)
    value = named("STOCK_VALUE")
    with read(engine) as connection:
        looked = look(connection, scope_of(connection, ordinal_of(AS_OF, PeriodKind.MONTH), AS_OF))
        known = looked.stock_values[""]
        assert max(known) == AS_OF
        for day, amount in known.items():
            scope = scope_of(connection, ordinal_of(day, PeriodKind.MONTH), day)
            assert asked(connection, scope, value) == Fraction(amount, 10_000)


def test_a_week_is_held_against_the_same_days_of_the_week_before(engine: sa.Engine) -> None:
    with read(engine) as connection:
        june = ordinal_of(AS_OF, PeriodKind.MONTH)
        week, before = scopes(connection, june, AS_OF, "week")
        assert (week.since, week.until) == (date(2026, 6, 15), AS_OF)
        assert (before.since, before.until) == (date(2026, 6, 8), date(2026, 6, 10))
        today, other = scopes(connection, june, AS_OF, "day")
        assert (today.since, other.since, other.until) == (AS_OF, date(2026, 6, 10), date(2026, 6, 10))
        month, may = scopes(connection, june, AS_OF, "month")
        assert (month.until, may.since, may.until) == (AS_OF, date(2026, 5, 1), date(2026, 5, 31))


def test_a_store_that_the_books_do_not_know_is_told(engine: sa.Engine) -> None:
    with read(engine) as connection:
        scope = scope_of(connection, ordinal_of(AS_OF, PeriodKind.MONTH), AS_OF)
        assert connection.execute(sa.select(sa.func.count()).select_from(document)).scalar_one() == 0
        with pytest.raises(UnknownStoreError, match="nothing of any store"):
            look(connection, scope)
        with pytest.raises(UnknownStoreError, match="nothing of store S09"):
            look(connection, scope, ["S09"])
