#!/usr/bin/env python3
"""The attack kit before other judges: `kit.py DIR [--why | --rows]` asks pdfsig and pyHanko about every file that
`THRIVOSIGN_KIT_OUT=DIR cargo test -p thrivosign --test kit write -- --ignored` wrote, and compares where they say something else than
the kit with ledger.md. Exit status 1, with the rows that differ, if the ledger does not say just that.

An attack is called valid by pdfsig if every signature it lists is valid and one of them covers the whole file ("Total document signed"; of a
control only the first is asked); by pyHanko if every signature's bottom line is true (intact, valid, trusted, no later change beyond what is
permitted). pyHanko trusts the kit's root; pdfsig is not asked for trust. A control they do not call valid is a disagreement, too.

`--why` shows what they said, `--rows` all rows as they must stand in the ledger, but for the reason.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import judge  # noqa: E402

LEDGER = Path(__file__).with_name("ledger.md")


def pdfsig(path, good):
    done = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, timeout=300, check=False)
    said = (done.stdout + done.stderr).decode(errors="replace")
    signatures = said.count("Signature #") - said.count("The signature form field is not signed.")
    valid = said.count("Signature is Valid.")
    # Of later changes it only says that not everything is signed, which is so for a harmless one, too.
    return signatures > 0 and valid == signatures and (good or "Total document signed" in said), said


def pyhanko(path, root):
    try:
        signatures = judge.judge({"file": str(path), "trust": [root]})["signatures"]
    except Exception as error:  # whatever it stumbles over is its verdict
        return False, f"{type(error).__name__}: {error}"
    said = "; ".join(f"{s['difference'] or s['summary']} {s['coverage']} {s['modification']}" for s in signatures)
    return bool(signatures) and all(s["bottom_line"] for s in signatures), said or "no signature"


def asked(folder, file):
    path, good = folder / file["file"], file["must"] == "clean"
    return {"pdfsig": pdfsig(path, good), "pyHanko": pyhanko(path, str(folder / "root.pem"))}


def main():
    folder = Path(sys.argv[1])
    files = json.loads((folder / "index.json").read_text())
    rows = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for file, said in zip(files, pool.map(partial(asked, folder), files, chunksize=8)):
            good = file["must"] == "clean"
            for name, (valid, words) in said.items():
                if valid != good:
                    rows.setdefault((file["family"], "control" if good else "attack", name), []).append((file["name"], words))
    controls = sum(file["must"] == "clean" for file in files)
    print(f"{len(files) - controls} attack files, {controls} controls")
    for judge_name in ("pdfsig", "pyHanko"):
        forged, refused = (sum(len(cases) for key, cases in rows.items() if key[1:] == (kind, judge_name)) for kind in ("attack", "control"))
        print(f"{judge_name}: {forged} attack files called valid, {refused} controls not")
    found = {f"| {family} | {kind} | {name} | {len(cases)} |" for (family, kind, name), cases in rows.items()}
    listed = {"|".join(line.split("|")[:5]) + "|" for line in LEDGER.read_text().splitlines() if re.match(r"\| \w+ \| (attack|control) \|", line)}
    # What another version says is another table.
    told = re.search(r"poppler ([\d.]+\d)", LEDGER.read_text()).group(1)
    if f"version {told}" not in subprocess.run(["pdfsig", "-v"], capture_output=True, text=True, check=False).stderr:
        print(f"pdfsig is not of poppler {told}: its rows are not compared")
        found, listed = ({row for row in rows if "| pdfsig |" not in row} for rows in (found, listed))
    if "--why" in sys.argv:
        for key, cases in sorted(rows.items()):
            print(*key, len(cases))
            for case, words in cases:
                print(f"    {case}:", re.sub(r"\s+", " ", words)[:200])
    if "--rows" in sys.argv:
        print("\n".join(sorted(found)))
    for row in sorted(found - listed):
        print(f"not in the ledger: {row}")
    for row in sorted(listed - found):
        print(f"in the ledger, but not so: {row}")
    sys.exit(found != listed)


if __name__ == "__main__":
    main()
