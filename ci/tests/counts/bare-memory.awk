# SPDX-License-Identifier: Apache-2.0
$NF ~ /^[0-9]+$/ { numbers[++n] = $NF; if ($NF % 4096) pages = 1 }
END {
    for (i = 1; i <= n; i++)
        take("", pages ? "RSS" : "CgroupCurrent", pages ? bytes(numbers[i]) : numbers[i])
    say("records", n)
}
