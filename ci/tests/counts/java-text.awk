# SPDX-License-Identifier: Apache-2.0
function unbiased(value) { return int(value / (1 - exp(-($1 / $2) / 524288))) }
/^--- / { heap = $2 == "heapz" }
/^sampling period/ { sub(/.*=/, ""); period = $0 + 0 }
/^ *[0-9]+ +[0-9]+ @/ { samples++; count += heap ? unbiased($2) : $2 * period; size += heap ? unbiased($1) : $1 * period }
END {
    say("n_samples", samples + 0)
    say("totals.0", sprintf("%.0f", count))
    if (heap)
        say("totals.1", sprintf("%.0f", size))
}
