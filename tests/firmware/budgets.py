"""What a delivery may cost, in one table.

`must` and `aim` are what the project has set itself, for a Cortex-M4F. `ceilings` are what is asserted: a little over what was
measured last, so that growth fails, and for a Cortex-M4F never over `must`. They are lowered with what is gained.
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
    Budget("flash, bytes", "delivery", "flash", 3_072, 2_560, (3_160, 2_850, 2_930, 3_850)),
    Budget("flash with the caller's SHA-256", "own-sha256", "flash", 1_536, 1_024, (1_620, 1_520, 1_530, 1_880)),
    Budget("static RAM, bytes", "delivery", "static_ram", 0, 0, (0, 0, 0, 0)),
    Budget("stack, bytes, all of the caller's storage in it", "delivery", "stack", 640, 512, (552, 460, 480, 500)),
    Budget("of that, what the caller provides", "delivery", "provided", None, None, (104, 104, 104, 104)),
    Budget("instructions", "delivery", "instructions", 24_000, 18_000, (40_300, 23_400, 24_200, 31_500)),
    Budget("instructions for each further byte of the body", "slope", "instructions", None, None, (144, 86, 89, 113)),
    Budget("any request: flash", "any", "flash", None, None, (3_990, 3_780, 3_820, 4_950)),
    Budget("any request: flash with the caller's SHA-256", "any-own-sha256", "flash", None, None, (2_450, 2_450, 2_410, 2_980)),
    Budget("any request: stack", "any", "stack", None, None, (744, 652, 664, 676)),
    Budget("any request: instructions", "any", "instructions", None, None, (41_700, 25_400, 26_200, 33_100)),
]


def measured(machine):
    """Each budget with what was measured."""
    kinds = {budget.kind for budget in BUDGETS}
    costs = {kind: slope(machine) if kind == "slope" else measure(machine, kind) for kind in kinds}
    return [(budget, getattr(costs[budget.kind], budget.field)) for budget in BUDGETS]


def everything():
    return {machine: measured(machine) for machine in MACHINES}
