/* SPDX-License-Identifier: Apache-2.0 */
/* The engine from end to end: signals, rules, joining, verdict. */
#include "report/analysis/join.h"
#include "report/analysis/numbers.h"
#include "report/analysis/parts.h"
#include "report/analysis/rule.h"

#include <math.h>
#include <string.h>

static void find_window(struct mt_signals *s)
{
    s->start_ns = s->bundle->start_ns;
    s->end_ns = s->bundle->end_ns;
    if (s->start_ns == MT_NO_TIME || s->end_ns == MT_NO_TIME)
        s->start_ns = s->end_ns = 0;
}

/* 26 of "go1.26.1" or "1.26"; 0 when there is none. */
static int minor_of(struct mt_span v)
{
    uint64_t major, minor;
    mt_span_take(&v, "go");
    if (!mt_span_take_u64(&v, &major) || major != 1 || !mt_span_take(&v, ".") ||
        !mt_span_take_u64(&v, &minor) || minor > 1000)
        return 0;
    return (int)minor;
}

/* As told; else by the format of a trace, which from 1.22 on names the oldest Go that writes it. */
static int go_minor(const struct mt_bundle *b)
{
    enum { TELLS_FROM = 22 };
    int minor = minor_of(mt_string(b->strings, b->manifest.go_version));
    for (size_t i = 0; !minor && i < b->n_traces; i++) {
        int format = minor_of(mt_string(b->strings, b->traces[i]->go_version));
        minor = format >= TELLS_FROM ? format : 0;
    }
    return minor;
}

static void run_rules(struct mt_signals *s, struct mt_findings *out)
{
    struct mt_assessment *a = s->assessment;
    struct mt_case c = {.arena = s->arena, .now = s->bundle, .assessment = a, .signals = s};
    size_t n = 0;
    while (mt_rules[n])
        n++;
    a->rules = MT_NEW_N(s->arena, struct mt_rule_run, n);
    for (size_t i = 0; i < n; i++) {
        struct mt_rule_run *run = &a->rules[a->n_rules++];
        run->rule = mt_rules[i];
        run->missing = mt_missing_needs(s, mt_rules[i]->needs);
        run->ran = !run->missing;
        if (run->ran)
            mt_rules[i]->run(mt_rules[i], &c, out);
    }
}

/* restart: what is said of the part in the data-quality list; NULL for a whole bundle. */
static struct mt_assessment *assess_part(struct mt_arena *arena, const struct mt_bundle *bundle,
                                         const struct mt_assess_options *options,
                                         const char *restart)
{
    struct mt_signals *s = MT_NEW(arena, struct mt_signals);
    struct mt_assessment *a = MT_NEW(arena, struct mt_assessment);
    s->arena = arena;
    s->bundle = a->bundle = bundle;
    s->assessment = a;
    s->symbols = mt_symbols_of(arena, bundle);
    s->patterns = mt_patterns_of(arena, s->symbols);
    s->go_minor = go_minor(bundle);
    a->symbols = s->symbols;
    a->goroutines_first = a->goroutines_last = NAN;
    a->verdict.detectable_bytes_per_second = NAN;
    find_window(s);
    mt_signal_trends(s);
    mt_signal_load(s);
    mt_signal_floor(s);
    mt_sites_heap(s);
    mt_sites_goroutines(s);
    a->heap_sites = s->heap.items;
    a->n_heap_sites = s->heap.n;
    a->goroutine_sites = s->goroutines.items;
    a->n_goroutine_sites = s->goroutines.n;

    mt_signal_gc(s);
    mt_signal_requests(s);
    mt_signal_chains(s);
    mt_signal_groups(s);
    mt_signal_anomalies(s);
    mt_signal_forecast(s);
    mt_signal_crosschecks(s);
    a->quality = bundle->quality;
    a->n_quality = bundle->n_quality;
    mt_signal_quality(s);
    if (restart)
        mt_quality_add(s, NULL, true, "restart-parts", restart);

    struct mt_findings found = {.arena = arena, .bundle = bundle};
    run_rules(s, &found);
    mt_findings_join(s, &found);
    mt_findings_suppress(s, &found, options->suppressions);
    mt_findings_score(s, &found);
    mt_findings_rank(&found);
    a->findings = found.items;
    a->n_findings = found.n;
    mt_verdict(s);
    return a;
}

/* What is surest, then what scores higher, then what was watched longer. */
static bool says_more(const struct mt_assessment *a, const struct mt_assessment *b)
{
    if (a->verdict.status != b->verdict.status)
        return a->verdict.status > b->verdict.status;
    double x = a->n_findings ? a->findings[0]->score : 0.0;
    double y = b->n_findings ? b->findings[0]->score : 0.0;
    if (x != y)
        return x > y;
    return a->bundle->end_ns - a->bundle->start_ns > b->bundle->end_ns - b->bundle->start_ns;
}

static const char *restart_words(struct mt_arena *arena, const struct mt_parts *parts,
                                 const struct mt_bundle *shown)
{
    return mt_arena_printf(
        arena,
        "The process was restarted at %s UTC (%s goes back). The %zu parts are judged apart; this "
        "report shows %s.",
        mt_fmt_date_time(arena, parts->restart_ns), parts->sign, parts->n,
        mt_fmt_window(arena, shown->start_ns, shown->end_ns));
}

struct mt_assessment *mt_assess(struct mt_arena *arena, const struct mt_bundle *bundle,
                                const struct mt_assess_options *options)
{
    struct mt_parts parts = mt_parts_of(arena, bundle);
    if (parts.n < 2)
        return assess_part(arena, bundle, options, NULL);
    struct mt_assessment *best = NULL;
    for (size_t i = 0; i < parts.n; i++) {
        const char *words = restart_words(arena, &parts, parts.items[i]);
        struct mt_assessment *a = assess_part(arena, parts.items[i], options, words);
        best = !best || says_more(a, best) ? a : best;
    }
    return best;
}
