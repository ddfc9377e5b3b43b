# SPDX-License-Identifier: Apache-2.0
# Prefixes of containers stay; a dump in one line of JSON is taken apart first.
function line(text,  state) {
    if (match(text, /goroutine [0-9]+ (gp=[^ ]+ m=[^ ]+ (mp=[^ ]+ )?)?\[[^]]+\]/)) {
        goroutines++
        state = substr(text, RSTART, RLENGTH - 1)
        sub(/^[^[]*\[/, "", state)
        if (state ~ /locked to thread/)
            locked++
        if (state ~ /leaked/)
            leaked++
        if (match(state, /[0-9]+ minutes/) && substr(state, RSTART, RLENGTH - 8) + 0 > wait)
            wait = substr(state, RSTART, RLENGTH - 8) + 0
        sub(/,.*/, "", state)
        sub(/ \((leaked|scan|durable)\)/, "", state)
        states[state]++
        ancestor = created = 0
        if (text ~ /\] [{].*[}]:/)
            labelled++
    } else if (text ~ /originating from goroutine [0-9]+\]:/) {
        ancestors++
        ancestor = 1
    } else if (text ~ /created by /) {
        if (!ancestor)
            creators++
        created = 1
    } else if (text ~ /\t[^\t]*:[0-9]+( \+(0x)?[0-9a-f]+.*)?$/) {
        if (!created && !ancestor)
            frames++
        created = 0
    }
}
{
    if (/^\{/ && index($0, "\\n")) {
        text = $0
        gsub(/\\n/, "\n", text)
        gsub(/\\t/, "\t", text)
        n = split(text, part, "\n")
        for (i = 1; i <= n; i++)
            line(part[i])
    } else {
        line($0)
    }
}
END {
    say("records", goroutines)
    say("sum:dumps.*.goroutines", goroutines)
    say("sum:dumps.*.created_by", creators + 0)
    say("sum:dumps.*.locked_to_thread", locked + 0)
    say("sum:dumps.*.leaked", leaked + 0)
    say("sum:dumps.*.labelled", labelled + 0)
    say("max:dumps.*.longest_wait_minutes", wait + 0)
    say("sum:dumps.*.frames", frames + 0)
    say("ancestors", ancestors + 0)
    for (state in states)
        say("sum:dumps.*.states." state, states[state])
}
