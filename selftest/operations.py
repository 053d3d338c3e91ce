"""Every kind of document that random sequences are made of.

A new kind is tried by a row in one of these tables: how often it comes, how one is drawn, how it is posted, and what
the plain model makes of it.
"""

from selftest.counter_turns import COUNTER
from selftest.counting_turns import COUNTS
from selftest.custody_turns import CUSTODY
from selftest.month_turns import MONTHS
from selftest.shelf_turns import SHELVES
from selftest.supplier_turns import SUPPLIERS

OPERATIONS = (*SHELVES, *SUPPLIERS, *COUNTER, *CUSTODY, *COUNTS, *MONTHS)
