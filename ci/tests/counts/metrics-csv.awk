# SPDX-License-Identifier: Apache-2.0
{ sub(/\r$/, "") }
/^sep=/ { next }
!n { # the header
    labelled = /[{]/
    if (labelled) # "Time","go_goroutines{instance=""a"", job=""b""}",...
        n = split(substr($0, 2, length($0) - 2), title, "\",\"")
    else
        n = split($0, title, separator = /;/ ? ";" : /\t/ ? "\t" : ",")
    next
}
# The file ends without a line end: the last cell of all may lack digits.
labelled {
    if (held != "")
        sample(held_title, held)
    split($0, cell, ",")
    for (i = 2; i < n; i++)
        sample(title[i], cell[i])
    held = cell[n]
    held_title = title[n]
    next
}
function sample(name, value,  target) {
    match(name, /instance=""[^"]*/)
    target = substr(name, RSTART, RLENGTH)
    sub(/[{].*/, "", name)
    if (sub(/ MiB$/, "", value))
        value = sprintf("%.15g", value * 1048576)
    if (name == "go_goroutines")
        rows++
    take(target, name == "go_goroutines" ? "Goroutines" : name ~ /^process/ ? "RSS" : "HeapAlloc", value)
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
