/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goroutines made while the trace ran of which none ended. A trace is short and long-lived ones are
 * healthy, so alone it is watch; a site that profiles clear is left alone.
 */
#include "parsers/base/map64.h"
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <stdlib.h>

#define LEAST_CREATED 20.0 /* in one trace */
#define STAY_SHARE    0.95 /* of them alive at its end */

static const struct mt_threshold thresholds[] = {
    {"least-created", "goroutines", LEAST_CREATED, "made by one site in the traces"},
    {"stay-share", "share", STAY_SHARE, "of them still there at the end of the trace"},
};

struct seen {
    uint32_t creator, start, wait, function;
    double created, stayed;
    const struct mt_input *input; /* the last trace that made some */
    const struct mt_trace *trace;
    double stayed_there;
};

static struct seen *seen_of(struct mt_map64 *index, struct seen *all, size_t *n,
                            const struct mt_trace_site *site)
{
    uint32_t *at = mt_map64_at(index, (uint64_t)site->creator << 32 | site->start_function);
    if (!*at) {
        all[(*n)++] = (struct seen){.creator = site->creator, .start = site->start_function};
        *at = (uint32_t)*n;
    }
    return &all[*at - 1];
}

static int by_stayed(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    if (x->stayed != y->stayed)
        return x->stayed > y->stayed ? -1 : 1;
    if (x->creator != y->creator)
        return x->creator < y->creator ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

/* Profiles or dumps over time show whether the group grows; then the trace only supports them. */
static struct mt_site_sums *known_group(const struct mt_signals *s, const struct seen *seen)
{
    for (size_t i = 0; i < s->goroutines.n; i++) {
        struct mt_site_sums *sums = s->goroutines.sums[i];
        if (sums->root == seen->start || sums->site->function == seen->start ||
            (seen->function && sums->site->function == seen->function))
            return sums;
    }
    return NULL;
}

/* None at the start of the trace, for it saw them made. */
static void set_course(struct mt_findings *out, struct mt_finding *f, const struct seen *seen)
{
    int64_t start = seen->trace->start_ns != MT_NO_TIME ? seen->trace->start_ns : 0;
    mt_finding_course(out, f, "Goroutines made in the trace that had not ended", 2,
                      (int64_t[]){start, start + seen->trace->duration_ns},
                      (double[]){0, seen->stayed_there});
}

static void tell(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                 const struct seen *seen)
{
    struct mt_signals *s = c->signals;
    struct mt_site_sums *sums = known_group(s, seen);
    bool cleared = s->goroutines.snapshots.n >= MT_LEAST_SNAPSHOTS &&
                   (!sums || !mt_suspect_goroutines(s, sums).candidate);
    uint32_t blamed = seen->function ? seen->function : seen->start;
    if (cleared || !blamed)
        return;
    bool metrics = mt_trend_grows(mt_signal_trend(s, MT_M_GOROUTINES)) ||
                   mt_trend_grows(mt_signal_trend(s, MT_M_STACK_INUSE));
    struct mt_finding *f = mt_finding_add(out, self, 0.2);
    f->site = sums ? sums->site : NULL;
    set_course(out, f, seen);
    f->family = "goroutine-block";
    f->kind = "goroutines that never end";
    f->status = metrics ? MT_STATUS_LEAK : MT_STATUS_WATCH;
    f->confidence = metrics ? MT_CONFIDENCE_MEDIUM : MT_CONFIDENCE_LOW;
    f->confidence_reason = metrics ? "trace and metrics agree" : "a short trace alone";
    f->dimension_agrees[MT_DIM_TIMELINE] = true;
    f->dimension_agrees[MT_DIM_METRICS] = metrics;
    uint32_t package = mt_symbol_package(s->symbols, blamed);
    f->culprit = (struct mt_culprit){
        .function = mt_bundle_text(c->now, blamed),
        .package = package ? mt_bundle_text(c->now, package) : NULL,
        .creator = seen->creator ? mt_bundle_text(c->now, seen->creator) : NULL,
        .wait = seen->wait ? mt_bundle_text(c->now, seen->wait) : NULL,
    };
    if (seen->start != blamed && seen->start)
        mt_finding_also(f, mt_bundle_text(c->now, seen->start));
    f->growth.in_goroutines = true;
    f->growth.goroutines = seen->stayed;
    mt_finding_evidence(out, f, MT_DIM_TIMELINE, "gotrace", seen->input->path, seen->stayed,
                        "goroutines", "%s of %s goroutines made in the trace had not ended",
                        mt_fmt_count(out->arena, seen->stayed),
                        mt_fmt_count(out->arena, seen->created));
    mt_finding_against(out, f,
                       "The trace is short: goroutines that live longer than it, such as "
                       "connections, look the same.");
    f->next = "Take goroutine profiles: four or more over some minutes, and see whether this group "
              "keeps growing.";
    f->sentence =
        mt_arena_printf(out->arena, "%s goroutines of %s were made in the trace and did not end.",
                        mt_fmt_count(out->arena, seen->stayed), mt_short_name(f->culprit.function));
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    const struct mt_bundle *b = c->now;
    struct mt_arena scratch = {0};
    struct mt_map64 index = {.arena = &scratch}; /* of creator and start: number + 1 */
    size_t most = 0, n = 0, told = 0;
    for (size_t t = 0; t < b->n_traces; t++)
        most += b->traces[t]->n_sites;
    struct seen *all = MT_NEW_N(&scratch, struct seen, most);
    for (size_t t = 0; t < b->n_traces; t++)
        for (size_t i = 0; i < b->traces[t]->n_sites; i++) {
            const struct mt_trace_site *site = &b->traces[t]->sites[i];
            if (!site->created || !(site->creator || site->start_function))
                continue;
            struct seen *seen = seen_of(&index, all, &n, site);
            seen->created += (double)site->created;
            seen->stayed += (double)site->never_ended;
            seen->stayed_there =
                (double)site->never_ended + (seen->trace == b->traces[t] ? seen->stayed_there : 0);
            seen->trace = b->traces[t];
            seen->input = b->trace_inputs[t];
            if (site->wait_reason)
                seen->wait = site->wait_reason;
            if (site->wait_function &&
                mt_symbol_origin(c->signals->symbols, site->wait_function) == MT_ORIGIN_APP)
                seen->function = site->wait_function;
        }
    if (n)
        qsort(all, n, sizeof *all, by_stayed);
    for (size_t i = 0; i < n && told < MT_MOST_CANDIDATES; i++)
        if (all[i].stayed >= LEAST_CREATED && all[i].stayed >= STAY_SHARE * all[i].created) {
            tell(self, c, out, &all[i]);
            told++;
        }
    mt_arena_clear(&scratch);
}

const struct mt_rule mt_rule_goroutine_never_ended = {
    .id = "goroutine-never-ended",
    .title = "Goroutines made in the trace that never end",
    .needs = MT_NEED_TRACE,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
