# SPDX-License-Identifier: Apache-2.0
# Rows have the time first, their titles stand above; "# Time" is a word more than its rows have there.
/ PID / {
    split("", title)
    for (i = 1; i <= NF; i++)
        title[$i] = $1 == "#" ? i - 1 : i
    next
}
/^[0-9:]+ / && "PID" in title {
    if ("RSS" in title)
        take($title["PID"], "RSS", bytes($title["RSS"]))
    if ("VSZ" in title)
        take($title["PID"], "VirtualMemory", bytes($title["VSZ"]))
    if ("threads" in title)
        take($title["PID"], "Threads", $title["threads"])
    if ("fd-nr" in title)
        take($title["PID"], "OpenFDs", $title["fd-nr"])
    rows++
}
END { say("records", rows) }
