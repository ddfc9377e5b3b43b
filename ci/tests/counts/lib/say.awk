# SPDX-License-Identifier: Apache-2.0
# Behind each counter: say(path, value) is one figure to be found in `inspect`. For series there is take(table,
# column, value), once a value: n, first, last, least and greatest of each column are said, the tables in the
# order in which they came. field(column, name) takes `name=N` or "name":N of a line.
function say(path, value) { print file_number "\t" path "\t" value }
function take(table, column, value,  key) {
    if (!(table in table_place))
        table_place[table] = table_count++
    key = "tables." table_place[table] ".columns." column
    if (!(key in take_n)) {
        take_key[++take_keys] = key
        take_first[key] = take_min[key] = take_max[key] = value
    }
    take_n[key]++
    take_last[key] = value
    if (value + 0 < take_min[key] + 0)
        take_min[key] = value
    if (value + 0 > take_max[key] + 0)
        take_max[key] = value
}
function field(column, name,  text) {
    if (match($0, "(^|[^A-Za-z_.])" name "\\\\?\"? ?[=:] ?[0-9]+")) {
        text = substr($0, RSTART, RLENGTH)
        sub(/.*[=:] ?/, "", text)
        take("", column, text)
    }
}
function bytes(amount_kib) { return sprintf("%.15g", amount_kib * 1024) }
END {
    for (take_i = 1; take_i <= take_keys; take_i++) {
        say(take_key[take_i] ".n", take_n[take_key[take_i]])
        say(take_key[take_i] ".first", take_first[take_key[take_i]])
        say(take_key[take_i] ".last", take_last[take_key[take_i]])
        say(take_key[take_i] ".min", take_min[take_key[take_i]])
        say(take_key[take_i] ".max", take_max[take_key[take_i]])
    }
    if (table_count)
        say("tables.length", table_count)
}
