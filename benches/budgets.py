"""What the project has set itself, in times of hand-written code; of Rust, of the fastest SHA-256."""

from dataclasses import dataclass

OURS = "korewebhook"

# What a table compares with, by whether the body is JSON.
BY_HAND = {
    "Python": {True: "by hand: json + hashlib", False: "by hand: hashlib"},
    "Node": {True: "by hand: JSON + createHash", False: "by hand: createHash"},
    "C": {True: "by hand: strip loop + EVP", False: "by hand: strip loop + EVP"},
}


@dataclass(frozen=True)
class Budget:
    language: str
    workload: str
    must: float
    aim: float

    def meets(self, ratio, bound):
        """Rust: at most so many times the limit. The others: at least so many times as fast."""
        return ratio <= bound if self.language == "Rust" else ratio >= bound


WORKLOADS = ("form", "1k-pretty", "100k-pretty", "1m-pretty")
BOUNDS = {
    "Rust": ((2.0, 1.5), (2.2, 1.5), (2.4, 1.4), (2.4, 1.4)),
    "Python": ((1.0, 1.5), (8, 15), (8, 16), (8, 17)),
    "Node": ((1.0, 1.5), (4, 7), (4, 8), (4, 9)),
    "C": ((3, 8), (2, 3), (1.2, 2.2), (1.2, 2.2)),
}
BUDGETS = [
    Budget(language, workload, *bounds)
    for language, rows in BOUNDS.items()
    for workload, bounds in zip(WORKLOADS, rows, strict=True)
]
