#!/usr/bin/env python3
"""The judge of the ETSI reports: the schema of TS 119 102-2 v1.4.1, and that every reference in a report leads somewhere.

`JARS FOLDER`: the jars with the schemas, and a folder of `.xml`. Prints a line for each complaint, then how many were looked at.
"""

import re
import sys
import tempfile
import zipfile
from pathlib import Path

from lxml import etree

# What the schemas import by an address whose file has another name in the jars.
FILES = {
    "XAdES.xsd": "XAdES01903v132-202407.xsd",
    "1913201-XAdES01903v132.xsd": "XAdES01903v132-202407.xsd",
    "ts_119612v020201_201601xsd.xsd": "ts_119612v020301_xsd.xsd",
}


def schema(jars):
    """The schema, with what it imports beside it under local names: nothing is fetched."""
    with tempfile.TemporaryDirectory() as folder:
        for jar in sorted(Path(jars).glob("specs-*.jar")):
            with zipfile.ZipFile(jar) as archive:
                for name in (name for name in archive.namelist() if name.endswith(".xsd")):
                    text = archive.read(name).decode()
                    text = re.sub(r"<!DOCTYPE[^\[>]*(\[.*?\])?\s*>", "", text, flags=re.DOTALL)
                    local = re.sub(r'schemaLocation="[^"]*/([^"/]+)"', lambda m: f'schemaLocation="{FILES.get(m[1], m[1])}"', text)
                    Path(folder, name.rsplit("/", 1)[-1]).write_text(local)
        return etree.XMLSchema(etree.parse(f"{folder}/TS119102-2-v141.xsd", etree.XMLParser(no_network=True)))


def complaints(report, rules):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        tree = etree.parse(str(report), parser)
    except etree.XMLSyntaxError as error:
        return [str(error)]
    told = [] if rules.validate(tree) else [f"line {error.line}: {error.message}" for error in rules.error_log]
    if tree.docinfo.doctype:
        told.append("it has a DTD")
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    told += [f"id {one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for element in tree.iter():
        told += [f"{one} leads nowhere" for one in (element.get("VOReference") or "").split() if one not in ids]
    return told


def main():
    jars, folder = sys.argv[1:3]
    rules = schema(jars)
    reports = sorted(Path(folder).glob("*.xml"))
    wrong = 0
    for report in reports:
        told = complaints(report, rules)
        wrong += bool(told)
        for one in told:
            print(f"{report.name}: {one}")
    # A judge that calls everything valid is none.
    forged = etree.fromstring('<vr:ValidationReport xmlns:vr="http://uri.etsi.org/19102/v1.4.1#"/>')
    if rules.validate(forged):
        print("an empty report is called valid")
        wrong += 1
    print(f"{len(reports)} reports")
    sys.exit(1 if wrong else 0)


main()
