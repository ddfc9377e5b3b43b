# SPDX-License-Identifier: Apache-2.0
# Columns up to COMMAND, which is the last.
/ RSS | RES / {
    for (i = 1; i <= NF; i++)
        title[$i] = i
    rss = "RSS" in title ? title["RSS"] : title["RES"]
    next
}
rss && $title["PID"] ~ /^[0-9]+$/ && $rss > 0 {
    take($title["PID"], "RSS", bytes($rss))
    if ("NLWP" in title)
        take($title["PID"], "Threads", $title["NLWP"])
    rows++
}
END { say("records", rows) }
