# SPDX-License-Identifier: Apache-2.0
match($0, /rss_kb= *[0-9]+/) { take("", "RSS", bytes(substr($0, RSTART + 7, RLENGTH - 7))); rows++ }
{ field("OpenFDs", "fds") }
END { say("records", rows) }
