# SPDX-License-Identifier: Apache-2.0
/^[0-9]+$/ { numbers[++n] = $1; if ($1 % 4096) pages = 1 }
END {
    for (i = 1; i <= n; i++)
        take("", pages ? "RSS" : "CgroupCurrent", pages ? bytes(numbers[i]) : numbers[i])
    say("records", n)
}
