# SPDX-License-Identifier: Apache-2.0
# A sample stands for size / (1 - exp(-(size / count) / rate)); Go's header has twice the rate.
/^heap profile:/ {
    if (dumps++)
        exit
    rate = $NF
    sub(/.*\//, "", rate)
    rate = /heap_v2|heapz_v2/ ? rate : /@ heap\// ? int(rate / 2) : 1
    gsub(/[^0-9a-z_]+/, " ")
    allocs = $3 != $5 || $4 != $6 # else C++ counts what is in use only
}
function scaled(count, size, which,  factor) {
    if (!count || !size)
        return 0
    factor = rate > 1 ? 1 / (1 - exp(-(size / count) / rate)) : 1
    return int((which ? size : count) * factor)
}
/^ *[0-9]+: *[0-9]+ *\[ *[0-9]+: *[0-9]+\] @/ {
    gsub(/[^0-9a-fx]/, " ")
    samples++
    total[0] += scaled($3, $4, 0)
    total[1] += scaled($3, $4, 1)
    total[2] += scaled($1, $2, 0)
    total[3] += scaled($1, $2, 1)
}
/^# (HeapAlloc|HeapObjects|NumGC|TotalAlloc|Sys) = / { say("memstats." $2, $4) }
END {
    say("n_samples", samples + 0)
    say("period", rate)
    for (i = allocs ? 0 : 2; i < 4; i++)
        say("totals." (allocs ? i : i - 2), sprintf("%.0f", total[i]))
}
