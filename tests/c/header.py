"""Reads thrivosign.h: functions with their parameters and what may be NULL, structs with their members, enumerations.

Fails on whatever it does not understand, so that nothing new escapes the tests that are made from it.
"""

import re
import sys
from dataclasses import dataclass, field


@dataclass
class Parameter:
    type: str
    name: str
    may_be_null: bool = False


@dataclass
class Function:
    name: str
    returns: str
    parameters: list = field(default_factory=list)


@dataclass
class Header:
    functions: list
    structs: dict
    enums: dict
    handles: set


def stop(message):
    sys.exit(f"{sys.argv[0]}: {message}")


def plain(type_and_name):
    """`const struct thrivosign_x *self` as a type without `struct`, and a name."""
    words = re.sub(r"\bstruct\s+|\benum\s+", "", " ".join(type_and_name.split()))
    match = re.fullmatch(r"(.*?[\s*])(\w+)", words)
    if not match:
        stop(f"not understood: {type_and_name}")
    return match.group(1).strip().replace(" *", "*"), match.group(2)


def nullable(comment, names):
    """The parameters that the comment's NULL clause lets be NULL."""
    clause = re.search(r"^\s*\*? *NULL: (.*?)(?=\n\s*\*?\s*(?:\n|$|[A-Z]\w+:))", comment + "\n", re.S | re.M)
    if not clause:
        stop(f"no NULL clause: {comment}")
    found = set()
    for sentence in re.split(r"[;:]", " ".join(re.sub(r"\n\s*\*", " ", clause.group(1)).split())):
        if "may be NULL" in sentence or "so may" in sentence:
            found |= set(re.findall(r"`(\w+)`", sentence))
    if not found <= set(names):
        stop(f"the NULL clause names {sorted(found - set(names))}, which is no parameter: {comment}")
    return found


def read(path):
    text = open(path, encoding="utf-8").read()
    uncommented = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    enums = {name: re.findall(r"\b(THRIVOSIGN_\w+) =", body) for name, body in re.findall(r"typedef enum (\w+) \{(.*?)\}", uncommented, re.S)}
    structs = {}
    for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\n\}", uncommented, re.S):
        structs[name] = [re.search(r"\(\*(\w+)\)", line) or re.search(r"(\w+)$", line) for line in map(str.strip, body.split(";")) if line]
        structs[name] = [match.group(1) for match in structs[name]]
    handles = set(re.findall(r"typedef struct (\w+) \1;", uncommented))

    functions = []
    pattern = r"/\*\*((?:(?!\*/).)*?)\*/\s*(?:THRIVOSIGN_NODISCARD\s+)?([\w\s*]*?\b)(thrivosign_\w+)\(([^()]*)\);"
    for comment, returns, name, parameters in re.findall(pattern, text, re.S):
        parsed = [] if parameters.strip() == "void" else [Parameter(*plain(one)) for one in parameters.split(",")]
        optional = nullable(comment, [one.name.rstrip("_") for one in parsed])
        for one in parsed:
            one.may_be_null = one.name.rstrip("_") in optional
        returns = re.sub(r"\bstruct\s+", "", " ".join(returns.split())).replace(" *", "*")
        functions.append(Function(name, returns, parsed))
    declared = set(re.findall(r"\b(thrivosign_\w+)\(", uncommented))
    missed = declared - {one.name for one in functions}
    if missed:
        stop(f"declared, and not understood: {sorted(missed)}")
    return Header(functions, structs, enums, handles)


if __name__ == "__main__":
    header = read(sys.argv[1])
    print(len(header.functions), "functions,", len(header.structs), "structs,", len(header.enums), "enumerations,", len(header.handles), "handles")
