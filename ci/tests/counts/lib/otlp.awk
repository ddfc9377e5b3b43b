# SPDX-License-Identifier: Apache-2.0
# What protoc-c --decode_raw makes of a request: spans stand at a depth of three.
/^    2 [{]/ { status = bad = 0 }
/^ *7: 0x/ { spans++ }
/^      15 [{]/ { status = 1 }
status && /3: 2$/ || /3: 5[0-9][0-9]$/ { bad = 1 }
/^    [}]/ { failed += bad; bad = 0 }
/^ *1: "service.name"/ { getline; getline; service = $2; gsub(/"/, "", service) }
END {
    say("spans", spans)
    say("failed", failed + 0)
    say("services." service, spans)
}
