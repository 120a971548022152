"""Neither the secret, nor the place where a signature is wrong, nor the verdict changes what is executed or which address is
accessed."""

import itertools
import secrets
import unittest

from cost import events, measure
from delivery import deliveries
from machines import MACHINES

# The end of a delivery with a receipt, where that is written or an error returned: its share of all that is done.
AFTERWARDS = 0.04


def different(costs):
    return len({(cost.instructions, cost.code, cost.data) for cost in costs})


class Traces(unittest.TestCase):
    def setUp(self):
        self.seed = secrets.randbits(64)

    def test_nothing_shows(self):
        for machine in MACHINES:
            with self.subTest(machine, seed=self.seed):
                costs = measure(machine, "delivery", self.seed)
                self.assertGreater(len(costs.strangers), 10)
                self.assertEqual(different(costs.accepted + costs.refused + costs.strangers), 1)

    def test_only_the_verdict_shows_where_there_is_a_receipt(self):
        for machine in MACHINES:
            with self.subTest(machine, seed=self.seed):
                costs = measure(machine, "any", self.seed)
                self.assertEqual(different(costs.strangers), 1)
                self.assertEqual(different(costs.accepted), 1)
                self.assertEqual(different(costs.refused + costs.strangers), 1)
                # The measurement tells two traces apart at all.
                self.assertEqual(different(costs.accepted[:1] + costs.refused[:1]), 2)

    def test_the_verdict_shows_only_at_the_end(self):
        cases = deliveries(self.seed)
        for machine in MACHINES:
            with self.subTest(machine, seed=self.seed):
                # The same request, with the right secret and with another one.
                one, other = events(machine, "any", [cases.accepted[0], cases.strangers[0]])
                pairs = zip(one, other, strict=False)
                same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
                self.assertGreater(same, 10_000)
                self.assertLess(len(one) - same, len(one) * AFTERWARDS)
                self.assertLess(len(other) - same, len(other) * AFTERWARDS)


if __name__ == "__main__":
    unittest.main()
