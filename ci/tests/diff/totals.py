#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""totals.py MEMTRIAGE FOLDER: diff's figures against those of `go tool pprof -diff_base`, which FOLDER/*.diff.json hold:
totals and top functions as the JSON carries them for pprof, and the totals of the comparisons themselves."""
import glob
import json
import os
import subprocess
import sys

tool, folder = sys.argv[1:3]
NAMES = {"inuse_space", "inuse_objects", "alloc_space", "alloc_objects"}
bad = checked = totals = 0


def complain(case, text):
    global bad
    bad += 1
    print(f"{os.path.basename(case)}: {text}")


def is_text(path):
    with open(path, "rb") as opened:
        head = opened.read(16)
    return head[:2] != b"\x1f\x8b" and all(32 <= byte < 127 or byte in b"\t\n\r" for byte in head)


for case in sorted(glob.glob(os.path.join(folder, "*.diff.json"))):
    with open(case, encoding="utf-8") as file:
        truth = json.load(file)
    paths = [os.path.join(folder, truth[side]) for side in ("base", "file")]
    run = subprocess.run([tool, "diff", *paths, "--format", "json", "-o", "-", "--quiet"], capture_output=True, check=False)
    checked += 1
    try:
        ours = json.loads(run.stdout)
    except ValueError:
        complain(case, f"no JSON, status {run.returncode}")
        continue
    want, got = truth["expect"], ours.get("oracle", {})
    if want.get("error"):
        if not got.get("error"):
            complain(case, "these two do not compare, and diff does not say so")
        continue
    for key in ("sample_types", "totals", "totals_abs", "base_totals_abs"):
        if want.get(key) != got.get(key):
            complain(case, f"{key}: {got.get(key)}, pprof has {want.get(key)}")
    # The text form has no symbols for pprof but those of its comments, which it leaves out: names differ, sums do not.
    for theirs, mine in [] if is_text(paths[1]) else zip(want["top"], got.get("top", [])):
        for order in ("by_flat", "by_cum"):
            if theirs.get(order) != mine.get(order):
                complain(case, f"{theirs['sample_type']} {order} differs")
    for index, kind in enumerate(want["sample_types"]):
        if kind["type"] not in NAMES:
            continue
        for c in ours["comparisons"]:
            if c["metric"] == kind["type"] and c["scope"] == "total":
                totals += 1
                if c["delta"] != want["totals"][index]:
                    complain(case, f"{kind['type']} changes by {c['delta']}, pprof has {want['totals'][index]}")
if not checked or not totals:
    complain(folder, "nothing was compared")
print(f"{checked} differences, {totals} totals, {bad} complaints")
sys.exit(bad > 0)
