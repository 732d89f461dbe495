#!/usr/bin/env python3
"""Any folder of PDFs, signed by the command and judged: `real.py PROGRAM FOLDER [--jobs N]`, where FOLDER may have folders in it.

Each document is signed twice, invisibly and then in the next free place of its last page or, where there is none that leaves the first signature clean, invisibly again. Expected of each
that is signed: its bytes stay a prefix, `qpdf --check` finds no more than before, the command's own verifier, pdfsig and pyHanko call both
signatures valid. A document that qpdf finds sound is refused for one of the reasons below alone. One line of JSON for each document in
question and a summary; exit status 1 if anything is unexpected.
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import judge  # noqa: E402

# Whose fault it is not: there is nothing to sign, or somebody must say more first.
REFUSED = {"password_required", "no_pages", "signing_forbidden", "preflight_refused"}

# What pyHanko says otherwise of documents whose making is nobody's here, and why it is let pass.
OTHERWISE = [
    (r"Circular reference in (page|structure) tree", "takes a leaf that two places name for a circle"),
    (r"IndirectObjectExpected", "wants a reference where the document has an object in its place"),
    (r"Array contains direct objects", "wants every entry of /Annots to be a reference"),
    (r"Duplicate field name", "reads no form with two fields of one name"),
    (r"does not look like XMP", "reads no metadata without a packet"),
    (r"Dict keys differ: .*/Tabs", "lets no page get /Tabs, which PDF/UA asks of one that gets its first widget"),
    (r"KeyError: '/Size'|Expected object ID|'endstream' marker|Parse error on|Invalid padding bytes|Failed to read dictionary key", "cannot read the document as it was"),
    (r"TimeoutError", "gives no answer within a minute"),
]


# Signed, but no place of the page is blank, and that was told.
SPOILT = ("spoils_earlier_signature", "")


def run(*words, limit=300):
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=limit, check=False)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def qpdf(path):
    status, said = run("qpdf", "--check", path)
    return {0: 0, 3: 1}.get(status, 2), said


def pyhanko(path, root):
    """What it has against the two last signatures, within a minute."""

    def late(*_):
        raise TimeoutError("no answer within a minute")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    try:
        judged = judge.judge({"file": str(path), "trust": [str(root)]})["signatures"][-2:]
    except Exception as error:  # whatever it stumbles over is its verdict
        return f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    sound = len(judged) == 2 and all(signature["bottom_line"] for signature in judged)
    return None if sound else str([(s["summary"], s["difference"]) for s in judged])


def sign(program, authority, source, target, *more):
    key, chain = authority / "p256.key.pem", authority / "p256.chain.pem"
    status, said = run(program, "sign", "--json", "--key", key, "--cert", chain, *more, source, target)
    told = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    if status == 0:
        found = [finding["code"] for line in told for finding in line.get("findings", [])]
        return SPOILT if "spoils_earlier_signature" in found else None
    error = told[-1].get("error", {})
    return error.get("name", "unknown"), error.get("context", "")


def tried(program, authority, folder, number, path):
    """What is wrong with it, and its class for the summary."""
    before, _ = qpdf(path)
    once, twice = folder / f"{number}-1.pdf", folder / f"{number}-2.pdf"
    refused = sign(program, authority, path, once)
    if refused:
        wrong = [] if before or refused[0] in REFUSED else [f"refused although sound: {refused}"]
        return f"refused: {refused[0]}, qpdf {before}", wrong
    shown = sign(program, authority, once, twice, "--next-free")
    twice.unlink(missing_ok=True) if shown else None
    refused = shown and sign(program, authority, once, twice)
    if refused:
        return "signed once", [f"the second signature is refused: {refused}"]
    wrong, root = [], authority / "root.pem"
    if not twice.read_bytes().startswith(path.read_bytes()):
        wrong.append("its bytes are no prefix")
    after, said = qpdf(twice)
    if after > before:
        wrong.append(f"qpdf: {said[-300:]}")
    status, said = run(program, "verify", "--json", "--trust", root, "--revocation", "none", twice)
    ours = json.loads(said.splitlines()[0])
    signatures = ours.get("report", ours).get("signatures", [])[-2:]
    if len(signatures) != 2 or not all(signature["clean"] for signature in signatures):
        wrong.append(f"not clean: {said[:600]}")
    _, said = run("pdfsig", "-nocert", twice)
    if said.count("Signature is Valid") < 2 or "Total document signed" not in said:
        wrong.append(f"pdfsig: {said[-300:]}")
    words = pyhanko(twice, root)
    other = [reason for pattern, reason in OTHERWISE if words and re.search(pattern, words)]
    if words and not other:
        wrong.append(f"pyHanko: {words}")
    for made in (once, twice):
        made.unlink()
    kind = f"signed twice, {'the second unseen' if shown else 'the second seen'}, qpdf {before}"
    return kind + (f"; pyHanko {other[0]}" if other else ""), wrong


def judged(program, authority, folder, item):
    number, path = item
    try:
        return path, *tried(program, authority, folder, number, path)
    except Exception as error:
        return path, "failed", [f"{type(error).__name__}: {error}"]


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("program", type=Path)
    words.add_argument("folder", type=Path)
    words.add_argument("--jobs", type=int, default=2)
    words = words.parse_args()
    made = subprocess.run([sys.executable, Path(__file__).with_name("make_ca.py")], capture_output=True, text=True, check=True)
    authority = Path(made.stdout.splitlines()[-1])
    files = sorted(path for path in words.folder.rglob("*.pdf") if path.is_file())
    classes, wrong = Counter(), 0
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(words.jobs) as pool:
        task = partial(judged, words.program, authority, Path(folder))
        for path, kind, said in pool.map(task, enumerate(files), chunksize=4):
            classes[kind] += 1
            wrong += bool(said)
            if said:
                print(json.dumps({"file": str(path.relative_to(words.folder)), "wrong": said}), flush=True)
    for kind, count in sorted(classes.items()):
        print(f"{count:6} {kind}")
    print(f"{len(files)} documents, {wrong} in question")
    sys.exit(bool(wrong) or not files)


if __name__ == "__main__":
    main()
