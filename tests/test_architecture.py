"""Imports go down, never up, never sideways; the pure floors know no file, database, clock or chance."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WINGS = {"forecasting", "inventory", "optimisation"}
MAY_IMPORT = {
    "demand": set(),
    "forecasting": {"demand"},
    "optimisation": {"demand"},
    "inventory": {"demand"},
    "planning": {"demand"} | WINGS,
    "reporting": {"demand", "planning"} | WINGS,
    "data_samples": set(),
    "selftest": {"inventory", "data_samples"},
    "commands": {"demand", "planning", "reporting", "data_samples", "selftest"} | WINGS,
    "cli": {"commands", "demand"},
    "benchmarks": {"demand", "planning", "reporting", "data_samples"} | WINGS,
}
PURE = ("demand", "forecasting", "optimisation", "planning")
IMPURE_MODULES = {
    "io",
    "os",
    "pathlib",
    "sqlite3",
    "sqlalchemy",
    "logging",
    "random",
    "time",
    "subprocess",
    "csv",
    "sys",
}
IMPURE_CALLS = {"open", "print", "input", "today", "now", "utcnow", "read_csv", "to_csv", "read_excel", "to_excel"}
SQL_ROOM, FOREIGN_FILES_ROOM = "inventory", ("inventory/intake/", "commands/")


def python_files(room: str) -> list[Path]:
    return [ROOT / f"{room}.py"] if (ROOT / f"{room}.py").exists() else sorted((ROOT / room).rglob("*.py"))


def imported_modules(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are written in full, from the root"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    files = python_files(room)
    assert files, f"{room} is in the floor table and not in the house"
    for file in files:
        rooms = {name.split(".")[0] for name in imported_modules(ast.parse(file.read_text("utf-8")))} & set(MAY_IMPORT)
        assert rooms <= MAY_IMPORT[room] | {room}, f"{file.relative_to(ROOT)} reaches up or sideways"


@pytest.mark.parametrize("room", PURE)
def test_a_pure_floor_has_no_door(room: str) -> None:
    for file in python_files(room):
        tree = ast.parse(file.read_text("utf-8"))
        modules = {name.split(".")[0] for name in imported_modules(tree)}
        assert not modules & IMPURE_MODULES, f"{file.relative_to(ROOT)} imports {modules & IMPURE_MODULES}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in IMPURE_CALLS, f"{file.relative_to(ROOT)}:{node.lineno} calls {name}"


def test_only_inventory_speaks_sql() -> None:
    for room in set(MAY_IMPORT) - {SQL_ROOM, "benchmarks"}:
        for file in python_files(room):
            modules = {name.split(".")[0] for name in imported_modules(without_type_imports(file))}
            assert not modules & {"sqlalchemy", "alembic", "sqlite3", "psycopg"}, file.relative_to(ROOT)


def without_type_imports(file: Path) -> ast.Module:
    """Parse a file less its ``if TYPE_CHECKING:`` blocks, which import names for the type checker alone."""
    tree = ast.parse(file.read_text("utf-8"))
    tree.body = [n for n in tree.body if not (isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING")]
    return tree


def test_every_folder_with_code_is_in_the_floor_table() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders - {"tests"} <= set(MAY_IMPORT)


def test_files_and_functions_keep_to_one_idea() -> None:
    for room in MAY_IMPORT:
        for file in python_files(room):
            text = file.read_text("utf-8")
            assert text.count("\n") <= 400, f"{file.relative_to(ROOT)} is longer than 400 lines"
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef):
                    length = (node.end_lineno or 0) - node.body[0].lineno + 1
                    assert length <= 60 + _docstring_lines(node), f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"


def _docstring_lines(node: ast.FunctionDef) -> int:
    first = node.body[0]
    has = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return ((first.end_lineno or 0) - first.lineno + 1) if has else 0
