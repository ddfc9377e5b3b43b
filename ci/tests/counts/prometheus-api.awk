# SPDX-License-Identifier: Apache-2.0
# A series is what stands between two "metric"s, a value what stands in quotes behind a time.
BEGIN {
    known["go_memstats_heap_alloc_bytes"] = "HeapAlloc"
    known["go_goroutines"] = "Goroutines"
    known["process_resident_memory_bytes"] = "RSS"
}
{
    n = split($0, series, /"metric":/)
    for (i = 2; i <= n; i++) {
        if (!match(series[i], /"__name__":"[a-z_]*"/))
            continue
        name = substr(series[i], RSTART + 12, RLENGTH - 13)
        match(series[i], /"instance":"[^"]*"/)
        target = substr(series[i], RSTART, RLENGTH)
        rest = series[i]
        while (match(rest, /\[[0-9.]*,"[0-9.e+]*"/)) {
            pair = substr(rest, RSTART, RLENGTH)
            rest = substr(rest, RSTART + RLENGTH)
            rows[target, substr(pair, 2, index(pair, ",") - 2)]
            sub(/^.*,"/, "", pair)
            if (name in known)
                take(target, known[name], pair + 0)
        }
    }
}
END {
    for (row in rows)
        records++
    say("records", records)
}
