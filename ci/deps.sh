#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing: ci/deps.sh build|check|browser
# browser: what the page's checks need; its two npm packages go to build/browser, never into the tree.
set -eu
build="gcc make pkg-config zlib1g-dev libprotobuf-c-dev protobuf-c-compiler libxml2-dev libcmark-dev cmark
libjansson-dev libmd-dev libarchive-dev libpcre2-dev libcmocka-dev libxml2-utils"
check="python3 python3-yaml clang llvm libclang-rt-14-dev clang-format cppcheck"
browser="chromium nodejs npm poppler-utils cmark libxml2-utils"
case ${1:-build} in
    check) want="$build $check" ;;
    browser) want=$browser ;;
    *) want=$build ;;
esac
missing=
for p in $want; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
npm_packages() {
    [ "$want" = "$browser" ] || return 0
    mkdir -p build/browser
    cmp -s ci/browser/package.json build/browser/package.json && [ -d build/browser/node_modules/axe-core ] && return 0
    cp ci/browser/package.json build/browser/package.json
    (cd build/browser && npm install --silent --no-audit --no-fund --no-package-lock)
}
[ -n "$missing" ] || { npm_packages; exit 0; }
command -v apt-get >/dev/null || { echo "memtriage: install these first:$missing" >&2; exit 1; }
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "installing:$missing" >&2
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
npm_packages
