"""Prints what a delivery costs, beside what it may cost."""

from budgets import MAIN, ORDER, everything

HEADING = ("a delivery", "must", "aim", *(f"{machine} (ceiling)" for machine in ORDER))


def cell(value):
    return "–" if value is None else f"{value:,}"


def main():
    results = everything()
    print("| " + " | ".join(HEADING) + " |")
    print("| --- " + "| ---: " * (len(HEADING) - 1) + "|")
    missed = []
    for at, (budget, main_value) in enumerate(results[MAIN]):
        values = [f"{cell(results[machine][at][1])} ({cell(budget.ceiling(machine))})" for machine in ORDER]
        print("| " + " | ".join([budget.name, cell(budget.must), cell(budget.aim), *values]) + " |")
        if budget.must is not None and main_value > budget.must:
            missed.append(f"missed on a {MAIN}: {budget.name}: {cell(main_value)}, must be {cell(budget.must)}")
    print("\nmust and aim are for a " + MAIN + ".", *missed or ["None is missed."], sep="\n")


if __name__ == "__main__":
    main()
