/* SPDX-License-Identifier: Apache-2.0 */
/* Goroutines that queue for a lock, more and more of them: somebody keeps it. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

static const struct mt_threshold thresholds[] = {
    {"least-growth", "goroutines", MT_LEAST_GOROUTINES, "growth of the queue over the window"},
};

/* A wait group or a condition also waits on a semaphore, so the stack decides. */
static bool waits_for_lock(const struct mt_case *c, const struct mt_site *site)
{
    static const char *const locks[] = {"sync.(*Mutex).", "sync.(*RWMutex).",
                                        "internal/sync.(*Mutex)."};
    struct mt_span wait = mt_string(c->now->strings, site->wait);
    if (mt_span_starts(wait, "sync.Mutex") || mt_span_starts(wait, "sync.RWMutex"))
        return true;
    for (size_t i = 0; i < site->n_path && mt_span_starts(wait, "semacquire"); i++)
        for (size_t k = 0; k < sizeof locks / sizeof *locks; k++)
            if (mt_span_starts(mt_string(c->now->strings, site->path[i]), locks[k]))
                return true;
    return false;
}

/* The queue in the last dump, and who may hold the lock. */
static void queue(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f)
{
    const struct mt_assessment *a = c->assessment;
    for (size_t i = 0; i < a->n_blocking; i++) {
        const struct mt_blocking *b = &a->blocking[i];
        if (b->waiter_function != f->site->function)
            continue;
        mt_finding_evidence(out, f, MT_DIM_SITES, "goroutine-dump", NULL, (double)b->waiters,
                            "goroutines", "%llu goroutines wait for one lock at 0x%llx%s%s",
                            (unsigned long long)b->waiters, (unsigned long long)b->address,
                            b->holder_function ? ", past which stands " : "",
                            b->holder_function ? mt_bundle_text(c->now, b->holder_function) : "");
        if (b->holder_function)
            mt_finding_also(f, mt_bundle_text(c->now, b->holder_function));
        else
            mt_finding_against(out, f,
                               "No goroutine of the dump stands behind the lock: a path "
                               "that returned without unlocking leaves none.");
        return;
    }
}

static bool goes_through(const struct mt_profile *p, const struct mt_sample *sample,
                         uint32_t function)
{
    for (uint32_t i = 0; i < sample->n_frames; i++) {
        const struct mt_location *l = &p->locations[p->frames[sample->first_frame + i]];
        for (uint32_t k = 0; k < l->n_lines; k++) {
            uint32_t at = p->lines[l->first_line + k].function;
            if (at != MT_NO_INDEX && p->functions[at].name == function)
                return true;
        }
    }
    return false;
}

/* What the last block or mutex profile counts on stacks through the suspect: waits that ended, by
 * who waited or by who unlocked. */
static void contention(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                       enum mt_profile_kind kind, const char *source, const char *what)
{
    size_t n = c->now->n_profiles[kind];
    if (!n)
        return;
    const struct mt_profile_ref *ref = &c->now->profiles[kind][n - 1];
    const struct mt_profile *p = ref->profile;
    uint32_t delay = mt_profile_type(p, c->now->strings, "delay");
    if (delay == MT_NO_INDEX)
        return;
    double here = 0.0, all = 0.0;
    for (size_t i = 0; i < p->n_samples; i++) {
        double ns = (double)p->values[i * p->n_types + delay];
        all += ns;
        here += goes_through(p, &p->samples[i], f->site->function) ? ns : 0.0;
    }
    if (here > 0.0)
        mt_finding_evidence(out, f, MT_DIM_SITES, source, ref->input->path, here, "ns",
                            "%s %s here, %s of all in the %s profile",
                            mt_fmt_duration(out->arena, here), what,
                            mt_fmt_share(out->arena, here / all), source);
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    for (size_t i = 0; i < s->goroutines.n; i++) {
        struct mt_site_sums *sums = s->goroutines.sums[i];
        if (!waits_for_lock(c, sums->site) || sums->site->growth <= 0.0)
            continue;
        struct mt_suspicion v = mt_suspect_goroutines(s, sums);
        struct mt_finding *f = mt_suspect_add(out, self, c, sums, &v);
        if (!f)
            continue;
        f->family = "goroutine-block";
        f->kind = "a lock that is not given back";
        queue(c, out, f);
        contention(c, out, f, MT_PROFILE_BLOCK, "block", "of waiting that ended");
        contention(c, out, f, MT_PROFILE_MUTEX, "mutex", "of others' waiting, ended by unlocking");
        f->next = "Find the path that returns with the lock held, an error path above all: defer "
                  "mu.Unlock() right after Lock.";
    }
}

const struct mt_rule mt_rule_lock_pileup = {
    .id = "lock-pileup",
    .title = "Goroutines that queue for a lock",
    .needs = MT_NEED_GOROUTINES,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
