"""Holds the C++ skin against the C header: every function and every number of an enumeration is there, or named here with the reason why not.

usage: skin_covers.py HEADER SKIN
"""

import re
import sys

from header import read

REASONS = {}


def main():
    header, skin = read(sys.argv[1]), re.sub(r"/\*.*?\*/", "", open(sys.argv[2], encoding="utf-8").read(), flags=re.S)
    names = set(re.findall(r"\b(?:thrivosign|THRIVOSIGN)_\w+", skin))
    missing = [function.name for function in header.functions if function.name not in names | set(REASONS)]
    numbers = [number for enum in header.enums.values() for number in enum]
    missing += [number for number in numbers if number not in names | set(REASONS)]
    missing += [f"{struct}.{member}" for struct, members in header.structs.items() for member in members
                if struct != "thrivosign_log_event" and not re.search(rf"\b{member}\b", skin)]
    needless = [name for name in REASONS if name in names]
    for name in missing:
        print(f"the C++ skin lacks {name}")
    for name in needless:
        print(f"{name} is in the C++ skin after all")
    print(f"{len(header.functions)} functions and {len(numbers)} numbers, {len(missing)} missing, {len(REASONS)} left out for a reason")
    sys.exit(1 if missing or needless else 0)


main()
