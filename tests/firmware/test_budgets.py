"""No delivery costs more than it did."""

import unittest

from budgets import MAIN, everything
from cost import measure


class Budgets(unittest.TestCase):
    def test_ceilings(self):
        for machine, rows in everything().items():
            for budget, value in rows:
                with self.subTest(machine, budget=budget.name):
                    self.assertLessEqual(value, budget.ceiling(machine))

    def test_the_measurement_repeats_itself(self):
        self.assertEqual(measure(MAIN, "delivery"), measure(MAIN, "delivery"))


if __name__ == "__main__":
    unittest.main()
