"""Compiles the headers alone and twice, in every version of C and C++, with every compiler at hand.

usage: compile.py INCLUDE_FOLDER SCRATCH COMPILER..., where a C compiler is `c:NAME` and a C++ compiler `cxx:NAME`
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

C = ["c89", "c99", "c11", "c17", "c2x"]
CXX = ["c++98", "c++11", "c++14", "c++17", "c++20", "c++23"]
SKIN = ["c++17", "c++20", "c++23"]
STRICT = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
MODES = [[], ["-DTHRIVOSIGN_NO_EXCEPTIONS", "-fno-exceptions"]]


def jobs(compilers):
    for one in compilers:
        kind, _, name = one.partition(":")
        for standard in C if kind == "c" else CXX:
            for times in (1, 2):
                yield name, standard, "thrivosign.h", "c" if kind == "c" else "cpp", times, []
        for standard in SKIN if kind == "cxx" else []:
            for mode in MODES:
                yield name, standard, "thrivosign.hpp", "cpp", 2, mode


def compiled(include, scratch, job):
    name, standard, header, suffix, times, mode = job
    source = os.path.join(scratch, f"{header.replace('.', '_')}_{times}.{suffix}")
    command = [name, f"-std={standard}", *STRICT, *mode, "-I", include, source]
    done = subprocess.run(command, capture_output=True, text=True)
    return None if done.returncode == 0 else f"{' '.join(command)}\n{done.stderr}"


def main():
    include, scratch, compilers = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.makedirs(scratch, exist_ok=True)
    everything = list(jobs(compilers))
    for _, _, header, suffix, times, _ in everything:
        with open(os.path.join(scratch, f"{header.replace('.', '_')}_{times}.{suffix}"), "w", encoding="utf-8") as file:
            file.write(f"#include <{header}>\n" * times + "int main(void) { return 0; }\n")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = [failure for failure in pool.map(lambda job: compiled(include, scratch, job), everything) if failure]
    for failure in failures[:5]:
        print(failure)
    print(f"{len(everything) - len(failures)} of {len(everything)} compilations")
    sys.exit(1 if failures or not everything else 0)


main()
