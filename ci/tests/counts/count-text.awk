# SPDX-License-Identifier: Apache-2.0
# The first of several dumps.
/ profile: total / { if (dumps++) exit; type = $1 }
/^[0-9]+ @/ { samples++; total += $1 }
END {
    say("n_samples", samples + 0)
    say("totals.0", total + 0)
    say("sample_types.0.type", type)
}
