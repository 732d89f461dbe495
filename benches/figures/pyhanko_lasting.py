#!/usr/bin/env python3
"""pyHanko's speed with documents of level B-LT, for the ratio: each is validated offline (EN 319 102-1 5.5) by the evidence in it alone.

Takes FOLDER PKI ROUNDS, PKI being that of `levels.py`; gives documents a second by wall clock and by processor time, best of so many rounds.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/interop"))
from ades import Judge  # noqa: E402


def main():
    folder, pki, rounds = sys.argv[1:4]
    judge, files = Judge(Path(pki)), sorted(Path(folder).glob("*.pdf"))
    best = {"wall": 0.0, "processor": 0.0}
    for _ in range(int(rounds)):
        wall, processor = time.perf_counter(), time.process_time()
        for path in files:
            if str(judge("B-LT", path)) != "AdESPassed.OK":
                raise RuntimeError(f"{path} is not passed")
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        best = {"wall": max(best["wall"], len(files) / wall), "processor": max(best["processor"], len(files) / processor)}
    print(json.dumps(best))


if __name__ == "__main__":
    main()
