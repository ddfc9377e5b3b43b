# SPDX-License-Identifier: Apache-2.0
# Lines of grep, of head under its banners, and bare numbers: under a time the usage, then the limit.
function last_number() { sub(/.*[: ]/, ""); return $0 }
function group(path) { sub(/\/?memory\.[a-z_]*$/, "", path); return path }
/^==> / { column = $2 ~ /memory\.(current|usage_in_bytes)$/ ? "CgroupCurrent" : $2 ~ /memory\.max$/ ? "CgroupLimit" : ""; banner = 1; at = group($2); next }
/^[12][0-9-]+T/ || /^[A-Z][a-z][a-z] / { place = banner = 0; next }
/^1[0-9]+$/ && length($0) == 10 && $0 > 1700000000 { place = 0; next }
/^[0-9]+$/ {
    if (banner && column != "")
        take(at, column, $0)
    else if (!banner && ++place == 1)
        take(at, "CgroupCurrent", $0)
    else if (!banner && place == 2 && length($0) < 15)
        take(at, "CgroupLimit", $0)
}
match($0, /memory\.(current|usage_in_bytes):/) { at = group(substr($0, 1, RSTART + RLENGTH - 2)); take(at, "CgroupCurrent", last_number()) }
/^memory\.max:[0-9]/ { take(at, "CgroupLimit", last_number()) }
/^(memory\.stat:)?(anon|rss) / { take(at, "CgroupAnon", last_number()) }
/^(memory\.stat:)?(file|cache) / { take(at, "CgroupFile", last_number()) }
