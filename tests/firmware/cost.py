"""What a delivery costs: measured by a plugin of the emulator, which counts the same in every run."""

import subprocess
from dataclasses import dataclass

from delivery import BODY, deliveries, longer_body, write_header
from image import HERE, WORK, compile_image
from machines import MACHINES

SOURCES = ["images/delivery.c", "images/sha256.c"]
DEFINES = {
    "nothing": ["-DNOTHING"],
    "delivery": [],
    "own-sha256": ["-DOWN_SHA256"],
    "any": ["-DANY_REQUEST"],
    "any-own-sha256": ["-DANY_REQUEST", "-DOWN_SHA256"],
}


@dataclass(frozen=True)
class Cost:
    """What one delivery took."""

    instructions: int
    stack: int
    code: str
    data: str


@dataclass(frozen=True)
class Costs:
    """What `deliver` takes: as an image grows by it, and over many deliveries."""

    flash: int
    static_ram: int
    provided: int
    accepted: list[Cost]
    refused: list[Cost]
    strangers: list[Cost]

    @property
    def stack(self):
        return max(cost.stack for cost in self.accepted + self.refused + self.strangers)

    @property
    def instructions(self):
        return max(cost.instructions for cost in self.accepted)


def plugin():
    source, built = HERE / "plugin" / "cost.c", WORK / "cost.so"
    command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden", source, "-o", built]
    subprocess.run(command, check=True)
    return built


def image_of(machine, kind, cases, libraries=None, body=BODY):
    """One of the images, with these deliveries of a body in it."""
    directory = WORK / "images" / machine
    directory.mkdir(parents=True, exist_ok=True)
    write_header(directory / "deliveries.h", cases, body)
    return compile_image(machine, kind, SOURCES, flags=["-I", directory, *DEFINES[kind]], libraries=libraries)


def run(image, count, *more):
    """Runs an image under the plugin: a cost for each delivery, and how much memory `deliver` provides."""
    machine = MACHINES[image.machine]
    out = image.path.with_suffix(".costs")
    places = {"begin": image.address("deliver"), "end": image.address("delivered")}
    places |= {"low": machine.ram, "high": machine.ram + machine.ram_size}
    arguments = [f"{name}={value:#x}" for name, value in places.items()]
    status, text = image.run("-plugin", ",".join([str(plugin()), *arguments, f"out={out}", *more]))
    if status:
        raise AssertionError(f"{image.path.name} on {image.machine}: status {status}\n{text}")
    rows = [line.split() for line in out.read_text().splitlines()]
    assert len(rows) == count, f"{len(rows)} of {count} deliveries"
    provided, stack = map(int, text.split())
    return [Cost(int(row[0]), stack - int(row[3]), row[4], row[5]) for row in rows], provided


def measure(machine, kind, seed=0):
    """The costs of a delivery, as `kind` says."""
    cases = deliveries(seed)
    base, image = image_of(machine, "nothing", cases.all()).sections(), image_of(machine, kind, cases.all())
    costs, provided = run(image, len(cases.all()), f"counts={image.path.with_suffix('.counts')}")
    sizes = image.sections()

    def more(*names):
        return sum(sizes.get(name, 0) - base.get(name, 0) for name in names)

    flash, ram = more(".text", ".rodata", ".data"), more(".data", ".bss")
    rest = iter(costs)
    accepted, refused, strangers = ([next(rest) for _ in some] for some in (cases.accepted, cases.refused, cases.strangers))
    return Costs(flash, ram, provided, accepted, refused, strangers)


@dataclass(frozen=True)
class Slope:
    """What each further byte of the body takes."""

    instructions: int


def slope(machine):
    """Over ten times the body, white space counted, rounded up."""
    bodies = [longer_body(copies) for copies in (1, 11)]
    taken = []
    for body in bodies:
        cases = deliveries(0, body).accepted[:1]
        costs, _ = run(image_of(machine, "delivery", cases, body=body), len(cases))
        taken.append(costs[0].instructions)
    return Slope(-(-(taken[1] - taken[0]) // (len(bodies[1]) - len(bodies[0]))))


def events(machine, kind, cases):
    """Every address that each delivery executes and accesses, in order."""
    image = image_of(machine, kind, cases)
    path = image.path.with_suffix(".trace")
    run(image, len(cases), f"trace={path}")
    return [trace.split("\n") for trace in path.read_text().split("end\n")[:-1]]
