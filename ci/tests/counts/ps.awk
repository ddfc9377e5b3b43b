# SPDX-License-Identifier: Apache-2.0
# Columns up to COMMAND, which is the last.
/ (RSS|RES)( |$)/ {
    for (i = 1; i <= NF; i++)
        title[$i] = i
    rss = "RSS" in title ? title["RSS"] : title["RES"]
    next
}
"STARTED" in title && $title["STARTED"] ~ /^[A-Z][a-z][a-z]$/ { # a date of five words
    for (i = title["STARTED"] + 1; i + 4 <= NF; i++)
        $i = $(i + 4)
}
rss && $1 != "" && (!("PID" in title) || $title["PID"] ~ /^[0-9]+$/) && $rss ~ /^[0-9.]+[mg]?$/ && $rss + 0 > 0 {
    pid = "PID" in title ? $title["PID"] : ""
    if ($rss ~ /[mg]$/)
        $rss = $rss * ($rss ~ /g$/ ? 1048576 : 1024)
    take(pid, "RSS", bytes($rss))
    if ("NLWP" in title)
        take(pid, "Threads", $title["NLWP"])
    rows++
}
END { say("records", rows) }
