#!/usr/bin/env python3
"""Every public declaration of the Kotlin and Swift wrappers has a comment of its own: KDoc, or what DocC reads.

The generated bindings take their comments from bindings/uniffi. What overrides something takes the comment from
there. Ends with 1 and a line for each declaration without one.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
KOTLIN = [ROOT / "android/lib/src/main/kotlin", ROOT / "android/keystore/src/main/kotlin"]
SWIFT = [ROOT / "ios/Sources/ThrivoSign"]
IN_KOTLIN = re.compile(r"^ *(?:@\w+ )?(?:public |open |abstract |sealed |data |enum |fun (?=interface)|inline |operator |suspend |const |lateinit )*(fun|class|interface|object|val|var)\b(?: (\w+))?")
IN_SWIFT = re.compile(r"^ *(?:@\w+ )?(?:public|open) (?:static |final |convenience |indirect )*(func|init|var|let|struct|class|enum|protocol|typealias|actor)\b")
HIDDEN = re.compile(r"^ *(?:@\w+ )?(?:private|internal|protected)\b")


def described(lines, at, ends):
    """Whether a comment ends above that line, over annotations and attributes."""
    at -= 1
    while at >= 0 and lines[at].strip().startswith("@"):
        at -= 1
    return at >= 0 and ends(lines[at].strip())


def kotlin(lines):
    """Types, and functions and properties of files and of public types; what stands inside of a function or of a hidden type is nobody else's."""
    inside = None
    for at, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if inside is not None and line.strip():
            if indent > inside or line.strip()[0] in "),}=":
                continue
            inside = None
        found = IN_KOTLIN.match(line)
        if HIDDEN.match(line) or (found and found[1] in ("fun", "val", "var")) or re.match(r" *override\b", line):
            inside = indent
        if found and not HIDDEN.match(line) and "override " not in line and "companion object" not in line:
            yield at, described(lines, at, lambda above: above.endswith("*/")) or any(f"@property {found[2]} " in told for told in lines[:at])


def swift(lines):
    for at, line in enumerate(lines):
        if IN_SWIFT.match(line):
            yield at, described(lines, at, lambda above: above.startswith("///"))


def main():
    seen, missing = 0, []
    for folders, suffix, read in ((KOTLIN, "*.kt", kotlin), (SWIFT, "*.swift", swift)):
        for path in sorted(path for folder in folders for path in folder.rglob(suffix)):
            lines = path.read_text().splitlines()
            for at, told in read(lines):
                seen += 1
                if not told:
                    missing.append(f"{path.relative_to(ROOT)}:{at + 1}: {lines[at].strip()[:110]}")
    print("\n".join(missing + [f"{seen} public declarations of the Kotlin and Swift wrappers, {len(missing)} of them without a comment"]))
    return 1 if missing or seen < 150 else 0


if __name__ == "__main__":
    sys.exit(main())
