# SPDX-License-Identifier: Apache-2.0
# The last word of a line is the value, or the time behind it when three words stand there.
function sample(name, column,  table) {
    if ($0 !~ "^" name "[ {]")
        return
    table = match($0, /instance="[^"]*"/) ? substr($0, RSTART, RLENGTH) : ""
    sub(/^[^ {]*({[^}]*})? */, "")
    split($0, word, " ")
    if (word[1] != "NaN")
        take(table, column, sprintf("%.0f", word[1]))
}
/^[{]__name__="/ { # tsdb dump
    match($0, /"[a-z_]*"/)
    $0 = substr($0, RSTART + 1, RLENGTH - 2) "{" substr($0, RSTART + RLENGTH)
}
/ =>$/ { series = $0; next } # promtool query
/ @\[[0-9.]*\]$/ { $0 = / => / ? $0 : series " " $0; sub(/ =>/, ""); sub(/ @.*/, "") }
/^go_memstats_heap_alloc_bytes/ { sample("go_memstats_heap_alloc_bytes", "HeapAlloc"); next }
/^go_memstats_sys_bytes/ { sample("go_memstats_sys_bytes", "Sys"); next }
/^go_goroutines/ { sample("go_goroutines", "Goroutines"); next }
/^go_gc_duration_seconds_count/ { sample("go_gc_duration_seconds_count", "NumGC"); next }
/^process_resident_memory_bytes/ { sample("process_resident_memory_bytes", "RSS"); next }
/^process_open_fds/ { sample("process_open_fds", "OpenFDs"); next }
