# SPDX-License-Identifier: Apache-2.0
NR == 1 {
    separator = /;/ ? ";" : /\t/ ? "\t" : ","
    n = split($0, title, separator)
    next
}
{
    split($0, cell, separator)
    pid = ""
    for (i = 1; i <= n; i++)
        if (title[i] == "PID")
            pid = cell[i]
    for (i = 1; i <= n; i++) {
        if (title[i] == "HeapAlloc" || title[i] == "heap_alloc")
            take(pid, "HeapAlloc", cell[i])
        if (title[i] == "NumGC" || title[i] == "num_gc")
            take(pid, "NumGC", cell[i])
        if (title[i] == "NumGoroutine" || title[i] == "goroutines")
            take(pid, "Goroutines", cell[i])
        if (title[i] == "rss_bytes")
            take(pid, "RSS", cell[i])
        if (title[i] == "RSS (KiB)")
            take(pid, "RSS", bytes(cell[i]))
        if (title[i] == "open_fds")
            take(pid, "OpenFDs", cell[i])
    }
    rows++
}
END { say("records", rows) }
