"""From cases to answers: each case by the model it names, all cases of a model at once.

A case is ``{id, model, inputs}``. A fault stays in its case: where a model refuses its cases together, they are halved
until the one at fault stands alone and gets the sentence. Nothing here reads or writes; the door does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimisation.cases.inputs import CaseError, CaseValue, Inputs
from optimisation.cases.level_models import LEVEL_MODELS
from optimisation.cases.models import Model
from optimisation.cases.quantity_models import QUANTITY_MODELS
from optimisation.cases.reorder_models import REORDER_MODELS
from optimisation.cases.review_models import REVIEW_MODELS
from optimisation.cases.system_models import SYSTEM_MODELS

MODELS: Mapping[str, Model] = {
    model.name: model for model in (*QUANTITY_MODELS, *LEVEL_MODELS, *REORDER_MODELS, *REVIEW_MODELS, *SYSTEM_MODELS)
}
"""Every model by its name."""

_LEFT_TO_TEXTBOOKS = {
    "lot_sizing": "lot sizing over known demand",
    "joint_replenishment": "joint replenishment in fixed cycles",
    "serial": "a serial chain of stages",
    "finite_horizon": "a finite horizon",
}


@dataclass(frozen=True)
class Answer:
    """What became of one case: a result by key, or an error; the other is None."""

    case_id: object
    result: Mapping[str, object] | None
    error: str | None

    def as_mapping(self) -> dict[str, object]:
        """Return the answer as a file has it."""
        return {"id": self.case_id, **({"error": self.error} if self.result is None else {"result": self.result})}


def solve_cases(cases: Sequence[object]) -> tuple[Answer, ...]:
    """Return an answer for each case, in their order."""
    answers: dict[int, Answer] = {}
    by_model: dict[str, list[tuple[int, Mapping[str, CaseValue]]]] = {}
    for place, case in enumerate(cases):
        try:
            model, inputs = _model_and_inputs(case)
            row = model.read(inputs)
            by_model.setdefault(model.name, []).append((place, row))
        except CaseError as fault:
            answers[place] = Answer(_id_of(case), None, str(fault))
    for name, asked in by_model.items():
        for (place, _), found in zip(asked, _solved(MODELS[name], [row for _, row in asked]), strict=True):
            case_id = _id_of(cases[place])
            answers[place] = Answer(case_id, None, found) if isinstance(found, str) else Answer(case_id, found, None)
    return tuple(answers[place] for place in range(len(cases)))


def _id_of(case: object) -> object:
    return case.get("id") if isinstance(case, Mapping) else None


def _model_and_inputs(case: object) -> tuple[Model, Mapping[str, object]]:
    if not isinstance(case, Mapping):
        raise CaseError("a case is an object with id, model and inputs")
    name, inputs = case.get("model"), case.get("inputs")
    if not isinstance(name, str) or name not in MODELS:
        raise CaseError(_unknown(name))
    if not isinstance(inputs, Mapping):
        raise CaseError("the inputs of a case are an object: names and values")
    return MODELS[name], inputs


def _unknown(name: object) -> str:
    for prefix, what in _LEFT_TO_TEXTBOOKS.items():
        if isinstance(name, str) and name.startswith(prefix):
            return f"the model {name} is {what}: a textbook model that is left to others, for no dealer orders by it"
    return f"the model is one of those that `sparewise policy models` lists; found {name!r}"


def _solved(model: Model, rows: list[Mapping[str, CaseValue]]) -> list[Mapping[str, object] | str]:
    """Return a result or a sentence for each row."""
    try:
        found = model.solve(Inputs(rows))
    except ValueError as fault:
        if len(rows) == 1:
            return [str(fault)]
        middle = len(rows) // 2
        return _solved(model, rows[:middle]) + _solved(model, rows[middle:])
    return [{key: _plain(found[key][place]) for key in model.results} for place in range(len(rows))]


def _plain(value: object) -> object:
    """Return a number as a file can hold it; what is infinite or not a number is left empty."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
