# SPDX-License-Identifier: Apache-2.0
# A Profile as protobuf's own reader prints it: a field a line, messages in brackets.
/^[a-z_]+ [{]$/ { message = $1; n[message]++; values = 0 }
/^[}]$/ { message = "" }
/^string_table: / { sub(/^string_table: "/, ""); sub(/"$/, ""); strings[n_strings++] = $0 }
/^(time_nanos|duration_nanos|period): / { say(substr($1, 1, length($1) - 1), $2) }
message == "sample_type" && $1 == "type:" { type[n[message] - 1] = $2 }
message == "sample" && $1 == "value:" { total[values++] += $2 }
message == "sample" && $1 == "label" { key = text = number = 0 }
$1 == "key:" { key = $2 }
$1 == "str:" { text = $2 }
$1 == "num:" { number = $2 }
/^  [}]$/ && message == "sample" {
    kind = text ? "labels" : "num_labels"
    labels[kind "\t" key]++
    if (!seen[kind, key, text, number]++)
        distinct[kind "\t" key]++
}
END {
    say("n_samples", n["sample"] + 0)
    say("n_mappings", n["mapping"] + 0)
    say("n_locations", n["location"] + 0)
    say("n_functions", n["function"] + 0)
    say("sample_types.length", n["sample_type"])
    for (i = 0; i < n["sample_type"]; i++) {
        say("sample_types." i ".type", strings[type[i]])
        say("totals." i, sprintf("%.0f", total[i]))
    }
    for (at in labels) {
        split(at, of, "\t")
        say(of[1] "." strings[of[2]] ".total", labels[at])
        say(of[1] "." strings[of[2]] ".distinct", distinct[at])
    }
}
