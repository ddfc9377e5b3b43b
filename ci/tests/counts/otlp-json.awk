# SPDX-License-Identifier: Apache-2.0
# Every span has a start, and a failed one a status 2 or an HTTP status of 5xx.
{
    rest = $0
    while (match(rest, /"(startTimeUnixNano|start_time_unix_nano)": *"?[0-9]+/)) {
        time = substr(rest, RSTART, RLENGTH)
        sub(/.*[^0-9]/, "", time)
        spans++
        if (first == "" || length(time) < length(first) || (length(time) == length(first) && (time "") < (first "")))
            first = time
        rest = substr(rest, RSTART + RLENGTH)
    }
    rest = $0
    while (match(rest, /"(endTimeUnixNano|end_time_unix_nano)": *"?[0-9]+/)) {
        time = substr(rest, RSTART, RLENGTH)
        sub(/.*[^0-9]/, "", time)
        if (length(time) > length(last) || (length(time) == length(last) && (time "") > (last "")))
            last = time
        rest = substr(rest, RSTART + RLENGTH)
    }
    rest = $0
    while (match(rest, /"service\.name"/)) {
        services++
        rest = substr(rest, RSTART + RLENGTH)
    }
}
/"resourceSpans"/ { documents++ }
END {
    say("spans", spans)
    say("documents", documents)
    say("first_start_ns", first)
    say("last_end_ns", last)
    say("sum:kinds.*", spans)
    say("sum:services.*", spans)
}
