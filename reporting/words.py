"""The message catalogue: every word a reader sees in a table or page, in English and Simplified Chinese.

One key, one meaning. A table's heading is the word of its column's name; a key missing here is a programmer's mistake
and raises, and a test holds that each entry has both languages.
"""

from __future__ import annotations

from reporting.words_backtest import BACKTEST_WORDS
from reporting.words_books import BOOKS_WORDS
from reporting.words_charts import CHART_WORDS
from reporting.words_claims import CLAIM_WORDS
from reporting.words_counter import COUNTER_WORDS
from reporting.words_counting import COUNTING_WORDS
from reporting.words_explained import EXPLAINED_WORDS
from reporting.words_figures import FIGURE_WORDS
from reporting.words_forecast import FORECAST_WORDS
from reporting.words_ledger import LEDGER_WORDS
from reporting.words_override import OVERRIDE_WORDS
from reporting.words_pack import PACK_WORDS
from reporting.words_plan import PLAN_WORDS
from reporting.words_policy import POLICY_WORDS
from reporting.words_scorecard import SCORECARD_WORDS
from reporting.words_selftest import SELFTEST_WORDS
from reporting.words_simulation import SIMULATION_WORDS
from reporting.words_streams import STREAM_WORDS
from reporting.words_surplus import SURPLUS_WORDS

WORDS: dict[str, tuple[str, str]] = {
    # findings
    "findings": ("Faults found in the data", "数据问题"),
    "source": ("File", "文件"),
    "sheet": ("Sheet", "工作表"),
    "row": ("Row", "行"),
    "column": ("Column", "列"),
    "value": ("Value", "值"),
    "reason": ("Reason", "原因"),
    "suggestion": ("How to mend it", "处理办法"),
    # import
    "imported": ("Imported", "导入结果"),
    "table": ("Table", "表"),
    "rows_read": ("Rows read", "读入行数"),
    "rows_new": ("New", "新增"),
    "rows_changed": ("Changed", "更新"),
    "rows_unchanged": ("Unchanged", "未变"),
    # parts and stock
    "store": ("Store", "门店"),
    "part_no": ("Part number", "备件编码"),
    "name": ("Name", "名称"),
    "supplier": ("Supplier", "供应商"),
    "order_type": ("Order type", "订单类型"),
    "quantity": ("Quantity", "数量"),
    "unit_cost": ("Unit cost", "单价"),
    "on_hand": ("On hand", "在库"),
    "on_order": ("On order", "在途"),
    "reserved": ("Reserved", "预留"),
    "pack_size": ("Pack", "包装数"),
    **COUNTER_WORDS,
    **COUNTING_WORDS,
    **BACKTEST_WORDS,
    **BOOKS_WORDS,
    **CHART_WORDS,
    **CLAIM_WORDS,
    **FIGURE_WORDS,
    **EXPLAINED_WORDS,
    **FORECAST_WORDS,
    **STREAM_WORDS,
    **LEDGER_WORDS,
    **OVERRIDE_WORDS,
    **PACK_WORDS,
    **PLAN_WORDS,
    **POLICY_WORDS,
    **SCORECARD_WORDS,
    **SELFTEST_WORDS,
    **SURPLUS_WORDS,
    **SIMULATION_WORDS,
}


def word(key: str, language: str) -> str:
    """Return the word of a key in a language, ``en`` or ``zh``.

    Raises
    ------
    KeyError
        If the catalogue has no such key.

    >>> word("part_no", "zh")
    '备件编码'
    """
    english, chinese = WORDS[key]
    return chinese if language == "zh" else english
