"""What a delivery may cost, in one table.

`must` and `aim` are what the project has set itself, for a Cortex-M4F. `ceilings` are what is asserted: a little over what was
measured last, so that growth fails. Where one is over `must`, the report says so. They are lowered with what is gained.
"""

from dataclasses import dataclass

from cost import measure, slope
from machines import MACHINES

# What `must` and `aim` are for.
MAIN = "Cortex-M4F"
# The columns of the ceilings.
ORDER = ("Cortex-M0", "Cortex-M4F", "Cortex-M33", "RV32IMAC")


@dataclass(frozen=True)
class Budget:
    name: str
    kind: str  # of image, see cost.py, or "slope"
    field: str  # of its costs
    must: int | None
    aim: int | None
    ceilings: tuple[int, int, int, int]

    def ceiling(self, machine):
        return self.ceilings[ORDER.index(machine)]


BUDGETS = [
    Budget("flash, bytes", "delivery", "flash", 3_072, 2_560, (4_030, 3_770, 3_820, 4_830)),
    Budget("flash with the caller's SHA-256", "own-sha256", "flash", 1_536, 1_024, (2_770, 2_670, 2_670, 3_300)),
    Budget("static RAM, bytes", "delivery", "static_ram", 0, 0, (0, 0, 0, 0)),
    Budget("stack, bytes, all of the caller's storage in it", "delivery", "stack", 640, 512, (704, 620, 628, 668)),
    Budget("of that, what the caller provides", "delivery", "provided", None, None, (180, 180, 180, 180)),
    Budget("instructions", "delivery", "instructions", 24_000, 18_000, (40_000, 23_700, 24_400, 33_000)),
    Budget("instructions for each further byte of the body", "slope", "instructions", None, None, (131, 79, 81, 109)),
]


def measured(machine):
    """Each budget with what was measured."""
    kinds = {budget.kind for budget in BUDGETS}
    costs = {kind: slope(machine) if kind == "slope" else measure(machine, kind) for kind in kinds}
    return [(budget, getattr(costs[budget.kind], budget.field)) for budget in BUDGETS]


def everything():
    return {machine: measured(machine) for machine in MACHINES}
