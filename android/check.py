"""What of the Gradle project can be checked without Gradle: that the scripts are Kotlin, and that both builds use the same versions.

Takes no arguments; exit status 1 and a line for each fault.
"""

import pathlib
import re
import sys
import tomllib
from xml.etree import ElementTree

import tree_sitter_kotlin
from tree_sitter import Language, Parser

HERE = pathlib.Path(__file__).parent
faults = []


def broken(node):
    """The first place of a script that is no Kotlin."""
    if node.is_error or node.is_missing:
        return node.start_point[0] + 1
    return next((line for child in node.children if child.has_error or child.is_missing for line in [broken(child)] if line), None)


parser = Parser(Language(tree_sitter_kotlin.language()))
assert parser.parse(b"plugins { alias( }").root_node.has_error, "the parser takes anything"
scripts = sorted(HERE.glob("*.gradle.kts")) + sorted(HERE.glob("*/build.gradle.kts"))
for script in scripts:
    tree = parser.parse(script.read_bytes())
    if tree.root_node.has_error:
        faults.append(f"{script.name} of {script.parent.name}, line {broken(tree.root_node)}: no Kotlin")

pom = {element.tag.split("}")[1]: element.text for element in ElementTree.parse(HERE / "pom.xml").getroot().iter() if element.text}
catalog = tomllib.loads((HERE / "gradle/libs.versions.toml").read_text())
texts = {script.relative_to(HERE).as_posix(): script.read_text() for script in scripts}
for name in ("coroutines", "jna"):
    if catalog["versions"][name] != pom[f"{name}.version"]:
        faults.append(f"{name}: {catalog['versions'][name]} for Gradle, {pom[f'{name}.version']} for Maven")
kotlin = re.search(r"kotlin-gradle-plugin:([\d.]+)", texts["build.gradle.kts"])
if not kotlin or kotlin[1] != pom["kotlin.version"]:
    faults.append(f"Kotlin: {kotlin and kotlin[1]} for Gradle, {pom['kotlin.version']} for Maven")

# An alias that the catalog does not have fails when the project is opened, on somebody else's machine.
known = {f"libs.{kind}{name}".replace("-", ".") for kind, group in (("", "libraries"), ("plugins.", "plugins")) for name in catalog[group]}
for path, text in texts.items():
    faults += [f"{path}: {alias} is not in the catalog" for alias in set(re.findall(r"\blibs(?:\.\w+)+", text)) - known]
    for folder in re.findall(r'"((?:\.\./)+[\w./-]+)"', text):
        if not ((HERE / path).parent / folder).exists():
            faults.append(f"{path}: there is no {folder}")
modules = re.findall(r'include\(":(\w+)"\)', texts["settings.gradle.kts"])
faults += [f"settings.gradle.kts: {name} has no build script" for name in modules if f"{name}/build.gradle.kts" not in texts]
floors = set(re.findall(r"minSdk = (\d+)", "".join(texts.values())))
if floors != {"24"}:
    faults.append(f"minSdk: {sorted(floors)}")

print(*faults, sep="\n")
print(f"{len(scripts)} Gradle scripts, {len(faults)} faults")
sys.exit(bool(faults))
