#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the unit tests (and, with `all`, the end-to-end ones of ci/tests/*.sh) and counts them.
# ci/test.sh unit|all BUILDDIR; the last line is "N passed, N failed".
set -u
mode=$1
build=$2
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() {
    name=$1
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        grep -E '^(SKIP|skip)' "$log" | sed "s|^|$name: |"
    else
        failed=$((failed + 1))
        echo "FAILED $name (status $?)"
        tail -n 40 "$log"
    fi
}
for t in $(find "$build" -name '*_test' -type f | LC_ALL=C sort); do
    [ -f "${t#"$build"/}.c" ] && run "${t#"$build"/}" "$t"
done
if [ "$mode" = all ]; then
    for t in ci/tests/*.sh; do
        [ -f "$t" ] && run "$t" sh "$t" "$build"
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
