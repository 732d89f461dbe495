"""Links the app's resources and manifest against the framework's, as the Android build does, and writes R.java: resources.py CLASSPATH OUT TESTS.

Takes the class path with the framework among it, gives OUT/com/thrivosign/sample/R.java, and in TESTS what lets tests find the linked resources. A name that the framework does not know, a missing
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
out, tests = (pathlib.Path(argument).absolute() for argument in sys.argv[2:4])
settings = tests / "com/android/tools/test_config.properties"
for folder in (out, settings.parent):
    folder.mkdir(parents=True, exist_ok=True)
if strings("values") != strings("values-de"):
    sys.exit(f"strings of one language alone: {sorted(strings('values') ^ strings('values-de'))}")
with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    app, lib = tests / "AndroidManifest.xml", scratch / "lib.xml"
    manifest(HERE / "src/main/AndroidManifest.xml", PACKAGE, app)
    manifest(HERE.parent / "keystore/src/main/AndroidManifest.xml", "com.thrivosign.android", lib)
    subprocess.run(["aapt2", "compile", "--dir", HERE / "src/main/res", "-o", scratch / "compiled.zip"], check=True)
    link = ["aapt2", "link", "-I", framework, "--manifest"]
    subprocess.run(link + [app, "-o", tests / "app.apk", "--java", out, scratch / "compiled.zip"], check=True)
    subprocess.run(link + [lib, "-o", scratch / "lib.apk"], check=True)
settings.write_text(f"android_resource_apk={tests / 'app.apk'}\nandroid_merged_manifest={app}\nandroid_custom_package={PACKAGE}\n")
