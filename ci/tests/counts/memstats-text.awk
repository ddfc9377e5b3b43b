# SPDX-License-Identifier: Apache-2.0
# "# HeapAlloc = N", also behind the file name and line of grep.
function trailer(name) { return match($0, "# " name " = ") ? substr($0, RSTART + RLENGTH) : "" }
trailer("HeapAlloc") != "" { take("", "HeapAlloc", trailer("HeapAlloc")); rows++ }
trailer("HeapInuse") != "" { take("", "HeapInuse", trailer("HeapInuse")) }
trailer("TotalAlloc") != "" { take("", "TotalAlloc", trailer("TotalAlloc")) }
trailer("LastGC") != "" && trailer("LastGC") != "0" { take("", "LastGC", trailer("LastGC")) }
trailer("NumGC") != "" { take("", "NumGC", trailer("NumGC")) }
trailer("Stack") != "" {
    split(trailer("Stack"), stack, " / ")
    take("", "StackInuse", stack[1])
    take("", "StackSys", stack[2])
}
END { say("records", rows) }
