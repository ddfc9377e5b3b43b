#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The acceptance checks of the page in a headless browser: ci/browser/run.sh MEMTRIAGE small|all [CHECK...]
# small: bundles of testdata and odd ones of a few lines. all: 300,000 frames, 86,400 MemStats rows and what
# ../shared/ holds, too. Needs what `ci/deps.sh browser` installs.
set -eu
cd "$(dirname "$0")/../.."
tool=$(realpath "$1")
size=$2
shift 2
build=build/browser
rm -rf "$build/out" "$build/in"
mkdir -p "$build/in" "$build/out"
rows=3600
[ "$size" = small ] || rows=86400
node ci/browser/fixtures.mjs "$build/in" "$rows"

# A report ends 0, or 3 and 5 where a bundle is too little; anything else is a failure.
report() {
    status=0
    "$tool" report "$1" -o "$build/out/$2" --quiet 2>/dev/null || status=$?
    case $status in 0 | 3 | 5) ;; *) echo "report $1 ended with $status" >&2; exit 1 ;; esac
}
report testdata/demo typical
report testdata/bundles/healthy-lru healthy
report testdata/hostile-bundle hostile
for f in rows deep one none equal falling labels; do report "$build/in/$f" "$f"; done
"$tool" diff testdata/bundles/healthy-lru testdata/bundles/slice-append -o "$build/out/diff" --quiet >/dev/null 2>&1 || true
if [ "$size" = all ]; then
    ${CC:-cc} -O2 -o "$build/bigprofile" ci/bench/bigprofile.c -lm
    mkdir -p "$build/in/large"
    for i in 1 2 3 4; do "$build/bigprofile" 14600 $i >"$build/in/large/heap_00$i.pb"; done
    report "$build/in/large" large
    for b in bundles/incident-2231 bundles/checkout-0930 bundles-real/larch-4; do
        if [ -d "../shared/$b" ]; then report "../shared/$b" "$(basename "$b")"; fi
    done
fi
node ci/browser/check.mjs "$tool" "$build" "$@" >"$build/checks.log" || { cat "$build/checks.log"; exit 1; }
cat "$build/checks.log"
