# SPDX-License-Identifier: Apache-2.0
function number(name) { match($0, "\"" name "\":[0-9]+"); return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) }
/"gcPauseStart"/ {
    cycles++
    pause += number("PauseNs")
    if (number("PauseNs") + 0 > longest)
        longest = number("PauseNs") + 0
    if (cycles == 1)
        first = number("gc")
    last = number("gc")
    heap = number("HeapAlloc")
    next_gc = number("NextGC")
    if (heap == before)
        repeated++
    before = heap
}
END {
    say("processes.0.cycles", cycles)
    say("processes.0.first", first)
    say("processes.0.last", last)
    say("processes.0.missing", last - first + 1 - cycles)
    say("processes.0.pause_ms", sprintf("%.6f", pause / 1e6))
    say("processes.0.longest_pause_ms", sprintf("%.6f", longest / 1e6))
    say("processes.0.last_heap_alloc", heap)
    say("processes.0.last_next_gc", next_gc)
    say("repeated", repeated + 0)
}
