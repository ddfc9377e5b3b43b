/* SPDX-License-Identifier: Apache-2.0 */
/* Stack traces that are kept: an error tracker or a map of panics that grows with every one. */
#include "report/analysis/suspect.h"

#define LEAST_SHARE 0.3 /* of the site's bytes under debug.Stack or runtime.Stack */

static const struct mt_threshold thresholds[] = {
    {"stack-share", "share", LEAST_SHARE, "of the site's bytes that stack traces take"},
};

static const struct mt_pattern_rule pattern = {
    .patterns = {MT_PATTERN_STACKTRACE},
    .n_patterns = 1,
    .least_share = LEAST_SHARE,
    .family = "container-growth",
    .kind = "stack traces that are kept",
    .next = "Find what keeps the traces: keep one per distinct error, a fixed number, or a hash "
            "of it instead of the text."};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    mt_suspect_by_pattern(self, c, out, false, &pattern, NULL);
}

const struct mt_rule mt_rule_stack_snapshots = {
    .id = "stack-snapshots",
    .title = "Stack traces that are kept",
    .needs = MT_NEED_HEAP,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
