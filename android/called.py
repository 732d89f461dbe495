#!/usr/bin/env python3
"""Every public function of the Kotlin wrapper is called by a test, or by a sample that is run.

  called.py BUILT          the folder of Maven's modules (build.dir)

Reads what the compiler made of both: the public methods of the wrapper's classes, and the methods that classes of tests name. So overloads are told
apart, and a name in a comment is no call. What an app implements and the library calls has no code to be called here. Ends with 1 and a line for each function that nobody calls.
"""
import pathlib
import re
import struct
import sys

MODULES = {"thrivosign": "lib", "thrivosign-keystore": "keystore"}
CALLERS = ["thrivosign", "thrivosign-keystore", "sample-android"]
SAMPLES = ["sample-java", "sample-kotlin"]
# The whole of this file is generated; what uniffi makes of the library is tested in Rust and by its own tests.
GENERATED = "thrivosign.kt"
# Written by the compiler into data and enum classes.
COMPILED = re.compile(r"component\d+|copy|equals|hashCode|toString|values|valueOf|getEntries|invoke|invokeSuspend|create")
# A property is no function.
PROPERTY = re.compile(r"(get|is|set)[A-Z]\w*")
PUBLIC, BRIDGE, ABSTRACT, SYNTHETIC = 0x0001, 0x0040, 0x0400, 0x1000


class Read:
    """A class file: its name, source file, access, methods, and the methods that it names."""

    def __init__(self, path):
        self.bytes, self.at = path.read_bytes(), 8
        count = self.u2()
        self.pool, skip = [None] * count, False
        for index in range(1, count):
            if skip:
                skip = False
                continue
            tag = self.take(">B")
            if tag == 1:
                size = self.u2()
                self.pool[index] = self.bytes[self.at:self.at + size].decode("utf-8", "replace")
                self.at += size
            elif tag in (7, 8, 16, 19, 20):
                self.pool[index] = (tag, self.u2())
            elif tag == 15:
                self.pool[index] = (tag, self.take(">B"), self.u2())
            elif tag in (3, 4):
                self.take(">I")
            elif tag in (5, 6):
                self.take(">Q")
                skip = True
            else:
                self.pool[index] = (tag, self.u2(), self.u2())
        self.access = self.u2()
        self.name = self.pool[self.pool[self.u2()][1]]
        self.u2()
        interfaces = self.u2()
        self.at += 2 * interfaces
        self.members()
        self.methods = self.members()
        self.source, self.inner = None, self.access
        for name, content in self.attributes():
            if name == "SourceFile":
                self.source = self.pool[struct.unpack(">H", content)[0]]
            if name == "InnerClasses":
                for entry in struct.iter_unpack(">HHHH", content[2:]):
                    if self.pool[self.pool[entry[0]][1]] == self.name:
                        self.inner = entry[3]

    def take(self, form):
        value = struct.unpack_from(form, self.bytes, self.at)[0]
        self.at += struct.calcsize(form)
        return value

    def u2(self):
        return self.take(">H")

    def attributes(self):
        found = []
        for _ in range(self.u2()):
            name, size = self.pool[self.u2()], self.take(">I")
            found.append((name, self.bytes[self.at:self.at + size]))
            self.at += size
        return found

    def members(self):
        found = []
        for _ in range(self.u2()):
            access, name, kind = self.u2(), self.pool[self.u2()], self.pool[self.u2()]
            self.attributes()
            found.append((access, name, kind))
        return found

    def named(self):
        """Class, name and type of every method that this class calls."""
        for entry in self.pool:
            if isinstance(entry, tuple) and entry[0] in (10, 11):
                pair = self.pool[entry[2]]
                yield self.pool[self.pool[entry[1]][1]], self.pool[pair[1]], self.pool[pair[2]]


def classes(folder):
    return [Read(path) for path in sorted(folder.rglob("*.class"))]


def internal(module):
    """Names of functions and of types that the compiler makes public and the language does not."""
    text = "\n".join(path.read_text() for path in (pathlib.Path(__file__).parent / module / "src/main").rglob("*.kt"))
    functions = re.findall(r"\binternal (?:suspend |inline )*fun (?:<[^>]*> )?(?:[\w.]+\.)?(\w+)", text)
    types = re.findall(r"\binternal (?:\w+ )*(?:class|object|interface) (\w+)", text)
    return set(functions), set(types)


def parameters(kind):
    return kind[: kind.index(")")]


def main(built):
    called = set()
    for module in CALLERS:
        for one in classes(built / module / "test-classes"):
            called.update(one.named())
    for module in SAMPLES:
        for one in classes(built / module / "classes"):
            called.update(one.named())
    # The arguments that a call leaves out make it a call of another name, with more of them behind.
    left_out = {(owner, name.removesuffix("$default")) for owner, name, _ in called if name.endswith("$default")}
    # `use` closes what it is given through a function of Kotlin's own.
    used = any(name == "closeFinally" for _, name, _ in called)
    seen, missing = 0, []
    for module, folder in MODULES.items():
        functions, types = internal(folder)
        for one in classes(built / module / "classes"):
            if one.source == GENERATED or not one.inner & PUBLIC or not one.access & PUBLIC or re.search(r"\$\d", one.name):
                continue
            if types & set(one.name.split("/")[-1].split("$")):
                continue
            for access, name, kind in one.methods:
                if not access & PUBLIC or access & (SYNTHETIC | BRIDGE | ABSTRACT) or name.startswith("<") or "$" in name or "-" in name:
                    continue
                if used and (name, kind) == ("close", "()V"):
                    continue
                if COMPILED.fullmatch(name) or name in functions or (PROPERTY.fullmatch(name) and kind.startswith("()")):
                    continue
                seen += 1
                # For Java the compiler writes a static twin of a companion's function, and one with fewer arguments.
                plain = one.name.removesuffix("$Companion")
                owners = {plain, plain + "$Companion"}
                twins = [parameters(other) for owner, of, other in called if of == name and owner in owners]
                mine = parameters(kind)
                if not any(twin.startswith(mine) or mine.startswith(twin) for twin in twins) and not any((owner, name) in left_out for owner in owners):
                    missing.append(f"{one.source}: {one.name.replace('/', '.')}.{name}{kind}")
    for line in missing:
        print(line)
    print(f"{seen} public functions of the Kotlin wrapper, {len(missing)} of them called by no test")
    if seen < 60:
        print("that is too few: these are not the classes of the wrapper")
    return 1 if missing or seen < 60 else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
