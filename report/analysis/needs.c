/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule needs and whether the bundle has it. */
#include "report/analysis/engine.h"
#include "report/analysis/jvm.h"

#include "parsers/base/text.h"

#include <string.h>

static bool has_metrics(const struct mt_signals *s)
{
    return s->bundle->n_series > 0 || s->bundle->n_gc_logs > 0;
}

static bool has_jvm(const struct mt_signals *s)
{
    for (size_t i = 0; i < s->bundle->n_gc_logs; i++)
        if (mt_jvm_is_log(s->bundle->gc_logs[i]))
            return true;
    return false;
}

static bool has_labels(const struct mt_signals *s)
{
    static const enum mt_profile_kind kinds[] = {MT_PROFILE_GOROUTINE, MT_PROFILE_HEAP};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < s->bundle->n_profiles[kinds[k]]; i++) {
            const struct mt_profile *p = s->bundle->profiles[kinds[k]][i].profile;
            for (size_t l = 0; l < p->n_labels; l++)
                if (mt_label_is_text(&p->labels[l]))
                    return true;
        }
    for (size_t i = 0; i < s->bundle->n_dumps; i++)
        if (s->bundle->dumps[i]->n_labels)
            return true;
    return s->symbols->has_namespaces;
}

static bool has(const struct mt_signals *s, unsigned need)
{
    const struct mt_bundle *b = s->bundle;
    switch (need) {
    case MT_NEED_METRICS:
        return has_metrics(s);
    case MT_NEED_HEAP:
        return s->heap.snapshots.n > 0;
    case MT_NEED_GOROUTINES:
        return s->goroutines.snapshots.n > 0;
    case MT_NEED_DUMPS:
        return b->n_dumps > 0;
    case MT_NEED_LEAKPROFILE: {
        bool leak_form = false;
        for (size_t i = 0; i < b->n_dumps; i++)
            leak_form = leak_form || b->dumps[i]->leak_form;
        return leak_form || b->n_profiles[MT_PROFILE_GOROUTINELEAK] > 0;
    }
    case MT_NEED_TRACE:
        return b->n_traces > 0;
    case MT_NEED_RSS:
        return s->by_metric[MT_M_RSS] != NULL || s->by_metric[MT_M_CGROUP_ANON] != NULL;
    case MT_NEED_REQUESTS:
        return b->n_requests > 0;
    case MT_NEED_CONTENTION:
        return b->n_profiles[MT_PROFILE_BLOCK] > 0 || b->n_profiles[MT_PROFILE_MUTEX] > 0;
    case MT_NEED_JVM:
        return has_jvm(s);
    case MT_NEED_LABELS:
        return has_labels(s);
    default:
        return true;
    }
}

const char *mt_missing_needs(const struct mt_signals *s, unsigned needs)
{
    static const struct {
        unsigned need;
        const char *words;
    } names[] = {
        {MT_NEED_METRICS, "MemStats, Prometheus metrics or a GC log"},
        {MT_NEED_HEAP, "heap profiles"},
        {MT_NEED_GOROUTINES, "goroutine profiles or dumps"},
        {MT_NEED_DUMPS, "goroutine dumps (debug=2)"},
        {MT_NEED_LEAKPROFILE, "a goroutineleak profile (Go 1.26 and later)"},
        {MT_NEED_TRACE, "an execution trace"},
        {MT_NEED_RSS, "resident memory of the process"},
        {MT_NEED_REQUESTS, "request spans"},
        {MT_NEED_CONTENTION, "a block or mutex profile"},
        {MT_NEED_JVM, "a GC log of a JVM"},
        {MT_NEED_LABELS, "profiles with pprof labels"},
    };
    struct mt_text words = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(needs & names[i].need) || has(s, names[i].need))
            continue;
        if (words.size)
            mt_text_add(&words, ", ");
        mt_text_add(&words, names[i].words);
    }
    const char *out = words.size ? mt_arena_copy(s->arena, words.data, words.size) : NULL;
    mt_text_clear(&words);
    return out;
}
