/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts derived from one that lives long and never cancelled: the parent keeps every child. */
#include "report/analysis/suspect.h"

#define LEAST_SHARE 0.25 /* of the site's bytes under context.With... */

static const struct mt_threshold thresholds[] = {
    {"context-share", "share", LEAST_SHARE, "of the site's bytes that context.With... allocates"},
};

static const struct mt_pattern_rule pattern = {
    .patterns = {MT_PATTERN_CONTEXT},
    .n_patterns = 1,
    .least_share = LEAST_SHARE,
    .family = "context",
    .kind = "contexts that are never cancelled",
    .next = "Find the cancel function of each derived context and call it on every path: defer "
            "cancel() where the context is made."};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    mt_suspect_by_pattern(self, c, out, false, &pattern, NULL);
}

const struct mt_rule mt_rule_context_children = {
    .id = "context-children",
    .title = "Derived contexts that are never cancelled",
    .needs = MT_NEED_HEAP,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
