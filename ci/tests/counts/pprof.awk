# SPDX-License-Identifier: Apache-2.0
# The fields of a Profile by number, as protoc-c --decode_raw prints them.
/^[2-5] [{]/ { n[$1]++ }
END {
    say("n_samples", n[2] + 0)
    say("n_mappings", n[3] + 0)
    say("n_locations", n[4] + 0)
    say("n_functions", n[5] + 0)
}
