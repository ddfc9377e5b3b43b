# SPDX-License-Identifier: Apache-2.0
function kib() { take(pid, column, bytes($(NF - 1))) }
/\[rollup\]/ { pid = $1 } # of a loop over several
/^Pid:/ { pid = $2 }
match($0, /^\/proc\/[0-9]+/) { pid = substr($0, 7, RLENGTH - 6) }
/(^|:)(VmRSS|Rss):.* kB/ { column = "RSS"; kib(); rows++ }
/(^|:)(RssAnon|Anonymous):.* kB/ { column = "RssAnon"; kib() }
END { say("records", rows) }
