#!/usr/bin/env python3
"""Every public function of the Swift wrapper is called by a test on Linux, or by a sample that is run there.

  called.py     reads ios/Sources/ThrivoSign, ios/linux and samples/swift

A function is its name and the labels of its arguments, those that may be left out apart: overloads are told apart. A public property counts too, by its
name. A call in a comment or in a text is none. Ends with 1 and a line for each function that nobody calls.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
WRAPPER = HERE / "Sources/ThrivoSign"
CALLERS = [HERE / "linux/Tests", HERE / "linux/apple/Tests", HERE / "linux/Sources", HERE / "Sample", HERE.parent / "samples/swift"]
DECLARED = re.compile(
    r"^(?P<indent> *)(?:@\w+(?:\([^)]*\))? )*public (?:static |final |convenience |nonisolated |class |indirect )*"
    r"(?P<kind>func|init|var|let|struct|class|enum|protocol|actor|typealias)\b ?(?P<name>\w*)", re.M)
LITERAL = re.compile(r'"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*(?:.|\n)*?\*/')


def code(path):
    """The text without comments; what was in quotes is nothing but quotes, unless it holds code."""
    def plain(found):
        text = found.group()
        if text.startswith("/"):
            return ""
        inside = "".join(re.findall(r"\\(\((?:[^()]|\([^()]*\))*\))", text))
        return '""' if not inside else f'"" + f{inside}'
    return LITERAL.sub(plain, path.read_text())


def balanced(text, at):
    """What stands between the bracket at that place and its fellow."""
    depth = 0
    for end in range(at, len(text)):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1:end], end
    return text[at + 1:], len(text)


def parts(text):
    """The parts between commas that stand in no bracket."""
    found, depth, last = [], 0, 0
    for at, letter in enumerate(text):
        depth += {"(": 1, "[": 1, "{": 1, "<": 1, ")": -1, "]": -1, "}": -1}.get(letter, 0)
        if letter == ">" and text[at - 1] != "-":
            depth -= 1
        if letter == "," and depth == 0:
            found.append(text[last:at])
            last = at + 1
    return [part.strip() for part in found + [text[last:]] if part.strip()]


def declarations(path):
    """Kind, owner, name, labels with whether each may be left out, and line."""
    text = path.read_text()
    owners = [(found.start(), found.group(1)) for found in re.finditer(r"^(?:public |final |fileprivate |private )*(?:extension|class|struct|enum|protocol|actor) (\w+)", text, re.M)]
    for found in DECLARED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        owner = next((name for start, name in reversed(owners) if start < found.start()), "") if found["indent"] else ""
        labels = []
        if found["kind"] in ("func", "init"):
            bracket = text.index("(", found.end("name") if found["name"] else found.end("kind"))
            for part in parts(balanced(text, bracket)[0]):
                name = part.split(":")[0].split()[0]
                label = "" if name == "_" else name
                optional = re.search(r"(?<![=!<>])=(?!=)", part) is not None
                labels.append((label, optional, "->" in part))
        yield found["kind"], owner, found["name"] or "init", labels, line


def calls(text):
    """Name, labels and number of closures behind, of everything that looks like a call."""
    for found in re.finditer(r"\b(\w+)\(", text):
        inside, end = balanced(text, found.end() - 1)
        labels = []
        for part in parts(inside):
            label = re.match(r"(\w+)\s*:(?!:)", part)
            labels.append(label.group(1) if label else "")
        trailing = re.match(r"\s*\{", text[end + 1:end + 40]) is not None
        yield found.group(1), labels, trailing


def fits(declared, given, trailing):
    """Whether a call with those labels can be one of that function."""
    at = 0
    for number, (label, optional, closure) in enumerate(declared):
        if at < len(given) and given[at] == label:
            at += 1
        elif not (optional or (trailing and closure and number == len(declared) - 1)):
            return False
    return at == len(given)


def main():
    wrapper = sorted(WRAPPER.rglob("*.swift"))
    texts = [code(path) for folder in CALLERS for path in sorted(folder.rglob("*.swift")) if path.name != "Package.swift"]
    known = {}
    for text in texts:
        for name, labels, trailing in calls(text):
            known.setdefault(name, []).append((labels, trailing))
    everything = "\n".join(texts)
    seen, missing = 0, []
    for path in wrapper:
        for kind, owner, name, labels, line in declarations(path):
            if kind in ("struct", "class", "enum", "protocol", "actor", "typealias"):
                continue
            seen += 1
            if kind in ("var", "let"):
                used = re.search(rf"\.{name}\b|\b{name}:", everything)
            else:
                # `Self(...)`, `.init(...)` and the type's own name make one.
                names = ["init", owner, "Self"] if name == "init" else [name]
                used = any(fits(labels, given, trailing) for spelt in names for given, trailing in known.get(spelt, []))
            if not used:
                missing.append(f"{path.name}:{line}: {owner}.{name}({''.join((label or '_') + ':' for label, _, _ in labels)})")
    print("\n".join(missing + [f"{seen} public functions and properties of the Swift wrapper, {len(missing)} of them used by no test"]))
    if seen < 60:
        print("that is too few: this is not the wrapper")
    return 1 if missing or seen < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
