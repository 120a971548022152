"""What is in the archive that ships: only our names, no panic that can be reached, no static memory."""

import subprocess
import unittest

import image
from archive import compile_archive, functions, link, localise
from image import WORK, compile_image
from machines import MACHINES
from symbols import faults, foreign, read

OTHER = "second_square_or_panic"


def second(machine):
    """The other Rust library, as Rust gives it."""
    return compile_archive(MACHINES[machine].target, "korewebhook-second-library", "libsecond.a")


class Symbols(unittest.TestCase):
    def test_the_functions_of_the_header_and_nothing_else(self):
        for machine in MACHINES:
            with self.subTest(machine):
                symbols = read(image.library(machine))
                self.assertEqual(faults(symbols, functions()), [])
                # Rust's own archive has all of them too, and more than that.
                raw = read(WORK / MACHINES[machine].target / "firmware" / "libkorewebhook_ffi.a")
                self.assertEqual({name for name in raw.exported if name.startswith("korewebhook_")}, functions())
                self.assertIn("memcpy", raw.exported)

    def test_no_static_memory(self):
        for machine in MACHINES:
            with self.subTest(machine):
                tool = MACHINES[machine].tools + "size"
                text = subprocess.run([tool, image.library(machine)], check=True, capture_output=True, text=True).stdout
                _, data, bss, *_ = text.splitlines()[1].split()
                self.assertEqual((data, bss), ("0", "0"))

    def test_every_function_links_without_a_panic(self):
        for machine in MACHINES:
            with self.subTest(machine):
                whole = ["-Wl,--no-gc-sections", "-Wl,--whole-archive", image.library(machine), "-Wl,--no-whole-archive"]
                built = compile_image(machine, "whole", ["images/whole.c"], libraries=whole)
                self.assertEqual(built.run(), (0, ""))
                self.assertLessEqual(functions(), read(built.path).exported)
                self.assertEqual(foreign(read(built.path)), [])

    def test_a_panic_that_can_be_reached_is_noticed(self):
        for machine in MACHINES:
            with self.subTest(machine):
                target = MACHINES[machine].target
                archive = second(machine)
                linked, final = WORK / target / "second-linked.o", WORK / target / "second.o"
                for roots, undefined in (({"second_square"}, set()), ({"second_square", OTHER}, {"second_has_panicked"})):
                    link(target, archive, roots, linked)
                    localise(target, linked, roots, final)
                    self.assertEqual(read(final).undefined, undefined)
                    self.assertEqual(bool(foreign(read(linked))), bool(undefined))

    def test_beside_another_rust_library(self):
        for machine in MACHINES:
            with self.subTest(machine):
                for libraries in ([image.library(machine), second(machine)], [second(machine), image.library(machine)]):
                    built = compile_image(machine, "second", ["images/second.c"], libraries=libraries)
                    self.assertEqual(built.run(), (0, "the other library panicked\n"))


if __name__ == "__main__":
    unittest.main()
