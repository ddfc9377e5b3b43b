/* SPDX-License-Identifier: Apache-2.0 */
/* A small diff made by hand, for the tests of view and render: one run a side, the total of one
 * metric, and as many functions as a test wants, the first of which broke the gate. */
#ifndef MT_VIEW_DIFF_FIXTURE_H
#define MT_VIEW_DIFF_FIXTURE_H

#include "report/view/view.h"

#include <math.h>

enum { MT_DIFF_FIXTURE_MOST = 200 };

struct mt_diff_fixture {
    struct mt_arena arena;
    struct mt_strings strings;
    struct mt_bundle bundle;
    struct mt_diff_run runs[2];
    struct mt_diff_metric metric;
    struct mt_comparison comparisons[1 + MT_DIFF_FIXTURE_MOST]; /* the total, then functions */
    struct mt_policy_rule rule;
    struct mt_policy_result result;
    struct mt_diff diff;
};

/* Functions "NAME" and "NAME2" up, by growth downwards. */
static inline void mt_diff_fixture_init(struct mt_diff_fixture *f, const char *name, size_t n)
{
    const double mib = 1 << 20;
    *f = (struct mt_diff_fixture){0};
    mt_strings_init(&f->strings, &f->arena);
    f->bundle = (struct mt_bundle){.arena = &f->arena, .strings = &f->strings, .name = "base"};
    f->bundle.manifest.service = mt_intern_text(&f->strings, "shop-api");
    f->metric = (struct mt_diff_metric){.name = "inuse_space", .unit = "bytes"};
    double base = 0, head = 0;
    for (size_t i = 1; i <= n; i++) {
        double before = mib * (double)i, up = mib * (double)(n + 1 - i);
        f->comparisons[i] = (struct mt_comparison){
            .metric = &f->metric,
            .scope = MT_SCOPE_FUNCTION,
            .function = i == 1 ? name : mt_arena_printf(&f->arena, "%s%zu", name, i),
            .file = "/src/shop/cache/store.go",
            .line = 100 + (int64_t)i,
            .base = before,
            .head = before + up,
            .delta = up,
            .relative = up / before,
            .low = up / 2,
            .high = up * 2,
            .p = NAN,
            .adjusted_p = NAN,
            .class = MT_CLASS_GROWN};
        base += before;
        head += before + up;
    }
    f->comparisons[0] = (struct mt_comparison){.metric = &f->metric,
                                               .base = base,
                                               .head = head,
                                               .delta = head - base,
                                               .relative = (head - base) / base,
                                               .low = NAN,
                                               .high = NAN,
                                               .p = NAN,
                                               .adjusted_p = NAN,
                                               .class = MT_CLASS_GROWN};
    f->rule = (struct mt_policy_rule){
        .metric = "inuse_space", .scope = MT_SCOPE_FUNCTION, .text = "5% and 1 MiB"};
    f->result = (struct mt_policy_result){.rule = &f->rule,
                                          .result = MT_GATE_FAIL,
                                          .comparison = &f->comparisons[1],
                                          .reason = "beyond the limit",
                                          .n_exceeded = 1};
    f->runs[0].bundle = f->runs[1].bundle = &f->bundle;
    f->diff = (struct mt_diff){.base = {"4f2c9e1", &f->runs[0], 1},
                               .head = {"b70d33a", &f->runs[1], 1},
                               .comparisons = f->comparisons,
                               .n_comparisons = n + 1,
                               .results = &f->result,
                               .n_results = 1,
                               .gate = MT_GATE_FAIL,
                               .verdict = "threshold exceeded",
                               .headline = &f->comparisons[0]};
}

/* What a diff inside the noise says: nothing changed, the gate is open. */
static inline void mt_diff_fixture_calm(struct mt_diff_fixture *f)
{
    for (size_t i = 0; i < f->diff.n_comparisons; i++)
        f->comparisons[i].class = MT_CLASS_SAME;
    f->result.result = f->diff.gate = MT_GATE_PASS;
    f->result.n_exceeded = 0;
    f->diff.verdict = "no significant change";
}

static inline void mt_diff_fixture_clear(struct mt_diff_fixture *f)
{
    mt_arena_clear(&f->arena);
}

#endif
