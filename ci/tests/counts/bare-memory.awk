# SPDX-License-Identifier: Apache-2.0
# The last word of a line is the number; one below another is the limit.
/^[A-Z][a-z][a-z] / { below = 0; next } # date
$NF ~ /^[0-9]+$/ && NF == 1 && below { limits[++m] = $NF; next }
$NF ~ /^[0-9]+$/ { numbers[++n] = $NF; if ($NF % 4096) pages = 1 }
{ below = $NF ~ /^[0-9]+$/ }
END {
    for (i = 1; i <= n; i++)
        take("", pages ? "RSS" : "CgroupCurrent", pages ? bytes(numbers[i]) : numbers[i])
    for (i = 1; i <= m; i++)
        take("", "CgroupLimit", limits[i])
    say("records", n)
}
