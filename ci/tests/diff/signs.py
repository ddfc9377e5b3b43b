#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""signs.py FORTH BACK ITSELF: swapping both sides of a diff changes the sign of every change; a bundle against itself has none."""
import json
import sys

forth, back, itself = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:4])
bad = 0


def complain(text):
    global bad
    bad += 1
    print(text)


def deltas(diff):
    return {(c["metric"], c["scope"], c.get("function")): c["delta"] for c in diff["comparisons"] if c["class"] != "moved"}


there, again = deltas(forth), deltas(back)
both = there.keys() & again.keys()
if len(both) < 10:
    complain(f"only {len(both)} comparisons in common")
if there.keys() != again.keys():
    complain(f"comparisons on one side only: {sorted(map(str, there.keys() ^ again.keys()))[:5]}")
for key in both:
    if there[key] != -again[key]:
        complain(f"{key}: {there[key]} forth, {again[key]} back")
opposite = {"new": "gone", "gone": "new", "grown": "shrunk", "shrunk": "grown", "same": "same"}
classes = {(c["metric"], c["scope"], c.get("function")): c["class"] for c in back["comparisons"]}
for c in forth["comparisons"]:
    key = (c["metric"], c["scope"], c.get("function"))
    if c["class"] in opposite and key in classes and classes[key] != opposite[c["class"]]:
        complain(f"{key}: {c['class']} forth, {classes[key]} back")
if not itself["comparisons"] or itself["gate"] != "pass":
    complain("a bundle against itself compares nothing, or does not pass")
for c in itself["comparisons"]:
    if c["delta"] != 0 or c["class"] != "same":
        complain(f"a bundle against itself: {c['metric']} {c.get('function')} changes by {c['delta']}, {c['class']}")
sys.exit(bad > 0)
