"""What nobody told of a part, told by its kin: the category and the interval that parts of its kind usually have.

A new number often comes with a name and a fitment and nothing else. Its kind (`forecasting.kinship`) says what it is:
where a part has no category, it has that of most parts of its kind; where none of its fitments has an interval, while
more than half of the fitments of its kind in its category have one, it has the usual interval of its kind on that
model, or else on any; parts of which nobody told either are not heard. What somebody told is never changed, and a part
without kin stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from inventory.snapshot import Snapshot

_INTERVAL = ["interval_km", "interval_months"]


def told_by_kin(snapshot: Snapshot, kind_of_part: pd.Series) -> Snapshot:
    """Return the snapshot with the categories and intervals that kin tell.

    Parameters
    ----------
    snapshot
        The books.
    kind_of_part
        Kind of each part, by its number; empty where it has none.
    """
    kind = snapshot.parts["part_no"].map(kind_of_part).fillna("").astype(str)
    parts = snapshot.parts.assign(category=_categories(snapshot.parts["category"], kind))
    bare = snapshot.parts.loc[snapshot.parts["category"] == "", "part_no"]
    return replace(snapshot, parts=parts, fitments=_with_intervals(snapshot.fitments, parts, kind_of_part, bare))


def _categories(category: pd.Series, kind: pd.Series) -> pd.Series:
    known = (category != "") & (kind != "")
    if not known.any():
        return category
    usual = _most(pd.DataFrame({"kind": kind[known], "category": category[known]}), ["kind"], ["category"])
    return category.where(category != "", kind.map(usual["category"]).fillna("")).astype(category.dtype)


def _with_intervals(
    fitments: pd.DataFrame, parts: pd.DataFrame, kind_of_part: pd.Series, bare: pd.Series
) -> pd.DataFrame:
    if fitments.empty:
        return fitments
    rows = fitments.assign(
        kind=fitments["part_no"].map(kind_of_part).fillna(""),
        category=fitments["part_no"].map(parts.set_index("part_no")["category"]).fillna(""),
        told=fitments[_INTERVAL].notna().any(axis=1),
    )
    has_own = rows.groupby("part_no")["told"].transform("any")
    heard = rows["told"].where(has_own | ~rows["part_no"].isin(bare)).astype("Float64")
    share = heard.groupby([rows["category"], rows["kind"]]).transform("mean").fillna(0.0)
    lacks = ~has_own & (share > 0.5) & (rows["kind"] != "")
    if not lacks.any():
        return fitments
    # No interval is a value of its own here: by distance alone, by time alone, or by both.
    told = rows[rows["told"]].fillna(dict.fromkeys(_INTERVAL, -1))
    found = fitments.copy()
    for names in (["category", "kind"], ["category", "kind", "model"]):
        usual = _most(told, names, _INTERVAL)
        mine = usual.reindex(pd.MultiIndex.from_frame(rows.loc[lacks, names]))
        is_known = mine["interval_km"].notna().to_numpy(np.bool_)
        at = rows.index[lacks][is_known]
        for name in _INTERVAL:
            life = mine[name].to_numpy(np.float64)[is_known]
            found.loc[at, name] = pd.array(np.where(life > 0, life, np.nan), dtype="Int64")
    return found


def _most(rows: pd.DataFrame, of: list[str], what: list[str]) -> pd.DataFrame:
    """Return the most frequent values of some columns for each value of others, the least of several such."""
    counted = rows.groupby([*of, *what]).size().rename("rows").reset_index()
    first = counted.sort_values([*of, "rows", *what], ascending=[True] * len(of) + [False] + [True] * len(what))
    return first.drop_duplicates(of).set_index(of)[what]
