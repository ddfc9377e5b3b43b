#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The page's 22 checks on small reports, where `ci/deps.sh browser` has been run; `make check` runs them all.
. ci/testlib.sh
if [ "$sanitized" ]; then
    echo "SKIP: the page is the same under sanitizers, and no browser waits for one"
    exit 0
fi
for need in node "${CHROMIUM:-chromium}" pdftotext build/browser/node_modules/axe-core/axe.min.js; do
    command -v "$need" >/dev/null || [ -f "$need" ] || {
        echo "SKIP: no $need; ci/deps.sh browser installs it"
        exit 0
    }
done
ci/browser/run.sh "$tool" small || complain "a check of the page failed"
finish
