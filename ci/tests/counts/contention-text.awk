# SPDX-License-Identifier: Apache-2.0
BEGIN { period = 1 }
/^cycles\/second/ { sub(/.*=/, ""); clock = $0 / 1e9 }
/^sampling period/ { sub(/.*=/, ""); period = $0 + 0 }
/^ *[0-9]+ +[0-9]+ @/ { samples++; count += $2 * period; delay += int($1 * period / clock) }
END {
    say("n_samples", samples + 0)
    say("totals.0", sprintf("%.0f", count))
    say("totals.1", sprintf("%.0f", delay))
}
