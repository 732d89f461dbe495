"""Links the app's resources and manifest against the framework's, as the Android build does, and writes R.java: resources.py CLASSPATH OUT.

Takes the class path with the framework among it, gives OUT/com/thrivosign/sample/R.java. A name that the framework does not know, a missing
resource or a string that one language lacks is a fault.
"""

import pathlib
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

HERE = pathlib.Path(__file__).parent
PACKAGE = "com.thrivosign.sample"
ElementTree.register_namespace("android", "http://schemas.android.com/apk/res/android")


def manifest(source, package, target):
    """The manifest as AGP completes it: package and API levels stand in the build script."""
    root = ElementTree.parse(source).getroot()
    root.set("package", package)
    levels = ElementTree.Element("uses-sdk")
    levels.set("{http://schemas.android.com/apk/res/android}minSdkVersion", "24")
    levels.set("{http://schemas.android.com/apk/res/android}targetSdkVersion", "36")
    root.insert(0, levels)
    ElementTree.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)


def strings(folder):
    return {entry.get("name") for entry in ElementTree.parse(HERE / "src/main/res" / folder / "strings.xml").getroot()}


framework = next(entry for entry in sys.argv[1].split(":") if pathlib.Path(entry).name.startswith("android-all"))
out = pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
if strings("values") != strings("values-de"):
    sys.exit(f"strings of one language alone: {sorted(strings('values') ^ strings('values-de'))}")
with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    manifest(HERE / "src/main/AndroidManifest.xml", PACKAGE, scratch / "app.xml")
    manifest(HERE.parent / "keystore/src/main/AndroidManifest.xml", "com.thrivosign.android", scratch / "lib.xml")
    subprocess.run(["aapt2", "compile", "--dir", HERE / "src/main/res", "-o", scratch / "compiled.zip"], check=True)
    for name, inputs in (("app", [scratch / "compiled.zip"]), ("lib", [])):
        link = ["aapt2", "link", "-I", framework, "--manifest", scratch / f"{name}.xml", "-o", scratch / f"{name}.apk"]
        subprocess.run(link + (["--java", out] if inputs else []) + inputs, check=True)
