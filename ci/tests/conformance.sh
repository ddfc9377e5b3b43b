#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Profiles and traces against the numbers of Go's own readers, where that collection is at hand. Under sanitizers
# without the listing of every event, which alone would take a quarter of an hour.
. ci/testlib.sh
if [ ! -x "$shared/tools/conformance" ] || ! command -v python3 >/dev/null; then
    echo "SKIP: no conformance collection (or no python3) here"
    exit 0
fi
"$shared/tools/conformance" "$tool" "$shared/conformance" $([ "$sanitized" ] || echo --events) >"$work/out" 2>&1 || complain "$(tail -n 15 "$work/out")"
tail -n 1 "$work/out"
finish
