#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Line coverage of a build with V=cover after its tests ran: ci/cover.sh build/cover
# One line a source file, least covered first, and the total; gcov comes with gcc.
set -eu
build=${1:-build/cover}
find "$build" -name '*.gcda' ! -name '*_test.gcda' ! -path '*/gen/*' -exec gcov -n {} + 2>/dev/null |
    awk '
        /^File / { file = $2; gsub(/\047/, "", file) }
        /^Lines executed:/ && file ~ /^(cmd|parsers|report)\/.*\.c$/ && file !~ /_test\.c$/ {
            split($0, part, /[:% ]+/); n = part[5]; hit = part[3] * n / 100
            if (n > lines[file]) lines[file] = n
            if (hit > hits[file]) hits[file] = hit
        }
        /^Lines executed:/ { file = "" }
        END {
            for (f in lines) {
                printf "%5.1f%% of %5d lines  %s\n", 100 * hits[f] / lines[f], lines[f], f | "sort -n"
                all += lines[f]; covered += hits[f]
            }
            close("sort -n")
            printf "%.1f%% of %d lines in all\n", all ? 100 * covered / all : 0, all
            exit !all
        }'
