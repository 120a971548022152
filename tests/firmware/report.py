"""Prints what a delivery costs, beside what it may cost."""

from budgets import BUDGETS, MAIN, ORDER, everything


def number(value):
    return "–" if value is None else f"{value:,}"


def table(heading, rows):
    lines = [heading, ["---"] + ["---:"] * (len(heading) - 1), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def ceilings():
    """The table of docs/embedded.md."""
    rows = [[b.name, number(b.must), number(b.aim), *map(number, b.ceilings)] for b in BUDGETS]
    return table(["one delivery", "must", "aim", *(f"≤ on {machine}" for machine in ORDER)], rows)


def main():
    results = everything()
    rows, missed = [], []
    for at, budget in enumerate(BUDGETS):
        values = {machine: results[machine][at][1] for machine in ORDER}
        cells = [f"{number(values[machine])} (≤ {number(budget.ceiling(machine))})" for machine in ORDER]
        rows.append([budget.name, number(budget.must), number(budget.aim), *cells])
        if budget.must is not None and values[MAIN] > budget.must:
            missed.append(f"missed: {budget.name}: {number(values[MAIN])}, must be {number(budget.must)}")
    print(table(["one delivery", "must", "aim", *(f"{machine} (ceiling)" for machine in ORDER)], rows))
    print(f"must and aim are for a {MAIN}.", *missed or ["None is missed."], sep="\n")


if __name__ == "__main__":
    main()
