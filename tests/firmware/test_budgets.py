"""No delivery costs more than it did."""

import unittest

from budgets import BUDGETS, MAIN, everything
from cost import measure
from image import ROOT
from report import ceilings


class Budgets(unittest.TestCase):
    def test_ceilings(self):
        for machine, rows in everything().items():
            for budget, value in rows:
                with self.subTest(machine, budget=budget.name):
                    self.assertLessEqual(value, budget.ceiling(machine))

    def test_what_must_be_is_asserted(self):
        for budget in BUDGETS:
            with self.subTest(budget=budget.name):
                if budget.must is not None:
                    self.assertLessEqual(budget.ceiling(MAIN), budget.must)

    def test_the_measurement_repeats_itself(self):
        self.assertEqual(measure(MAIN, "delivery"), measure(MAIN, "delivery"))

    def test_the_documentation_shows_the_table(self):
        text = (ROOT / "docs" / "embedded.md").read_text()
        _, after = text.split("<!-- budgets:begin -->\n")
        shown, _ = after.split("<!-- budgets:end -->")
        self.assertEqual(shown, ceilings())


if __name__ == "__main__":
    unittest.main()
