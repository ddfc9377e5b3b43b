#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing: ci/deps.sh build|check|browser|schemas
# browser: what the page's checks need. schemas: what holds JUnit and SARIF against the schemas of others.
# Their npm packages (ci/browser/package.json, ci/schemas/package.json) go to build/, never into the tree.
set -eu
build="gcc make pkg-config zlib1g-dev libprotobuf-c-dev protobuf-c-compiler libxml2-dev libcmark-dev cmark
libjansson-dev libmd-dev libarchive-dev libpcre2-dev libcmocka-dev libxml2-utils"
check="python3 python3-yaml clang llvm libclang-rt-14-dev clang-format cppcheck"
browser="chromium nodejs npm poppler-utils cmark libxml2-utils"
schemas="nodejs npm python3 python3-jsonschema python3-yaml libxml2-utils"
npm=
case ${1:-build} in
    check) want="$build $check" ;;
    browser) want=$browser npm=browser ;;
    schemas) want=$schemas npm=schemas ;;
    *) want=$build ;;
esac
missing=
for p in $want; do
    # Node.js from elsewhere brings npm along, and Debian's package of it would not go beside it.
    case $p in nodejs | npm) ! command -v "${p%js}" >/dev/null || continue ;; esac
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
npm_packages() {
    [ -n "$npm" ] || return 0
    mkdir -p "build/$npm"
    cmp -s "ci/$npm/package.json" "build/$npm/package.json" && [ -d "build/$npm/node_modules" ] && return 0
    cp "ci/$npm/package.json" "build/$npm/package.json"
    (cd "build/$npm" && npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts) || {
        rm "build/$npm/package.json"
        return 1
    }
}
[ -n "$missing" ] || { npm_packages; exit 0; }
command -v apt-get >/dev/null || { echo "memtriage: install these first:$missing" >&2; exit 1; }
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "installing:$missing" >&2
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
npm_packages
