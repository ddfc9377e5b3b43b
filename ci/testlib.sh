# SPDX-License-Identifier: Apache-2.0
# Shared by the end-to-end tests: sourced with $1 = build folder. A test prints what failed and exits 1.
set -u
tool=$1/memtriage
shared=../shared
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Sanitizers reserve terabytes of addresses, and would come before what is preloaded.
case $1 in *asan*) sanitized=yes ;; *) sanitized= ;; esac
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0"
bad=0
complain() {
    echo "$*"
    bad=1
}
# expect STATUS COMMAND...: standard output and error go to $work/out and $work/err
expect() {
    want=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ "$got" = "$want" ] || complain "status $got, expected $want: $* ($(head -c 300 "$work/err"))"
}
finish() { exit $bad; }
