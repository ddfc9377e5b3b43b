# SPDX-License-Identifier: Apache-2.0
# Counting in a capture without memtriage, and holding `inspect` against it. Sourced after ci/testlib.sh.
rules=ci/tests/counts

# words FILE: a binary CPU profile as one word a line; its second word is 3 in whatever size and order
words() {
    case $(od -An -v -t x1 -N 16 "$1" | tr -d ' \n') in
    0000000003*) od -An -v -t u4 -w4 --endian=little "$1" ;;
    0000000000000003*) od -An -v -t u4 -w4 --endian=big "$1" ;;
    000000000000000003*) od -An -v -t u8 -w8 --endian=little "$1" ;;
    *) od -An -v -t u8 -w8 --endian=big "$1" ;;
    esac
}
# fields: a profile on standard input as protobuf's own reader prints it
fields() { protoc-c --decode=mt.pprof.Profile -I parsers/formats parsers/formats/profile.proto; }
# lines READER FILE: the file as lines that awk can count
lines() {
    case $1-$2 in
    cpu-binary-*) words "$2" ;;
    pprof-*.gz) gzip -dc "$2" | fields ;;
    pprof-*) fields <"$2" ;;
    *.gz) gzip -dc "$2" ;;
    *) cat "$2" ;;
    esac
}
# count READER LINE FILE: "LINE path value" of what there is to count
count() {
    lines "$1" "$3" | awk -v file_number="$2" -f "$rules/$1.awk" -f "$rules/lib/say.awk" ||
        complain "$1.awk is no program"
}
# compare NAMES: $work/expected against $work/inspected, complaints with the names of NAMES by line
compare() {
    awk -f "$rules/lib/flatten.awk" "$work/inspected" >"$work/flat" || complain "inspect prints no JSON"
    awk -f "$rules/lib/compare.awk" "$work/expected" "$work/flat" >"$work/differ" && return
    while IFS="	" read -r at what; do
        complain "$(sed -n "${at}p" "$1"): $what"
    done <"$work/differ"
}
