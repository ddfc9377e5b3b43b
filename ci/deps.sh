#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing: ci/deps.sh build|check
set -eu
build="gcc make pkg-config zlib1g-dev libprotobuf-c-dev protobuf-c-compiler libxml2-dev libcmark-dev cmark
libjansson-dev libmd-dev libarchive-dev libpcre2-dev libcmocka-dev libxml2-utils"
check="clang llvm libclang-rt-14-dev clang-format cppcheck"
want=$build
[ "${1:-build}" = check ] && want="$build $check"
missing=
for p in $want; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || { echo "memtriage: install these first:$missing" >&2; exit 1; }
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "installing:$missing" >&2
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
