# SPDX-License-Identifier: Apache-2.0
# A word a line: 0, 3, 0, period in us, 0, then count, depth and addresses of each sample up to 0, 1, 0.
# (Java writes samples that were counted 0 times.)
NR == 4 { period = $1 * 1000 }
NR <= 5 || ended { next }
state == 0 { count = $1; state = 1; next }
state == 1 { depth = $1; first = 1; state = 2; next }
first && count == 0 && depth == 1 && $1 == 0 { ended = 1; next }
first { samples++; total += count; first = 0 }
--depth == 0 { state = 0 }
END {
    say("n_samples", samples + 0)
    say("period", period)
    say("totals.0", total + 0)
    say("totals.1", sprintf("%.0f", total * period))
}
