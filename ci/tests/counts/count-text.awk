# SPDX-License-Identifier: Apache-2.0
# The first of several dumps.
/ profile: total / { if (dumps++) exit; type = $1 }
/^[0-9]+ @/ { samples++; total += $1 }
END {
    say("n_samples", samples)
    say("totals.0", total)
    say("sample_types.0.type", type)
}
