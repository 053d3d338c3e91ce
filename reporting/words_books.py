"""Words of the care of the books: their proof, their days and how they value; merged into the catalogue by `words`."""

from __future__ import annotations

BOOKS_WORDS: dict[str, tuple[str, str]] = {
    "verify_title": ("Rows that differ from what they follow from", "与应有内容不符的行"),
    "check": ("Check", "检查"),
    "key": ("Key", "键"),
    "expected": ("Expected", "应为"),
    "found": ("Found", "实为"),
    "stated_on": ("Stated for", "单据所载日期"),
    "sequence": ("Sequence", "序号"),
    "valuation": ("Valued by", "计价方法"),
    "valuation_average": ("moving average", "移动平均"),
    "valuation_fifo": ("first in, first out", "先进先出"),
    "tax_basis": ("Tax", "计税口径"),
    "tax_basis_excluded": ("tax excluded", "不含税"),
    "tax_basis_included": ("tax included", "含税"),
}
