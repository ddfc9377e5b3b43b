# SPDX-License-Identifier: Apache-2.0
# docker: id, name, CPU, usage, "/", limit. kubectl: names, CPU, usage. The largest comes first.
function size(text,  n) {
    n = text + 0
    n *= text ~ /Gi/ ? 1073741824 : text ~ /Mi/ ? 1048576 : text ~ /Ki/ ? 1024 : 1
    return sprintf("%.15g", n)
}
{ gsub(/\033\[[0-9;]*[A-Z]/, "") }
/^(CONTAINER|NAME|POD)/ { docker = /^CONTAINER/; pod = /^POD/; next }
/^[A-Z][a-z][a-z] / || /^2026-.*Z$/ || NF < 3 { next }
{
    name = docker ? $2 : pod ? $1 "/" $2 : $1
    usage[name, ++n[name]] = size(docker ? $4 : $NF)
    if (docker)
        limit[name, n[name]] = size($6)
    if (usage[name, n[name]] + 0 > largest[name] + 0)
        largest[name] = usage[name, n[name]]
    rows++
}
END {
    for (;;) {
        best = ""
        for (name in n)
            if (best == "" || largest[name] + 0 > largest[best] + 0)
                best = name
        if (best == "")
            break
        for (i = 1; i <= n[best]; i++) {
            take(best, "CgroupCurrent", usage[best, i])
            if ((best, i) in limit)
                take(best, "CgroupLimit", limit[best, i])
        }
        delete n[best]
    }
    say("records", rows)
}
