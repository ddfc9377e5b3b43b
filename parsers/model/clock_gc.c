/* SPDX-License-Identifier: Apache-2.0 */
/* GC logs that count from process start, and traces without a wall clock, are placed by GC cycles.
 */
#include "parsers/base/idmap.h"
#include "parsers/model/clock.h"
#include "parsers/model/clock_names.h"

#include <math.h>
#include <stdlib.h>

/* Two marks of one cycle in two sources lie this close. */
static const int64_t SAME_CYCLE_NS = 20 * 1000000;
/* A name's time is that of the request; the capture starts within this. */
static const int64_t NAME_ERROR_NS = 2 * MT_SECOND_NS;

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* -- GC logs ------------------------------------------------------------------------------ */

/* Where the process started, as far as one record tells: at least low, at most high. */
struct bracket {
    int64_t low, high;
};

struct brackets {
    struct mt_arena *arena;
    struct bracket *items;
    size_t n, cap;
};

static void add_bracket(struct brackets *all, int64_t low, int64_t high)
{
    MT_RESERVE(all->arena, all->items, all->n, all->cap);
    all->items[all->n++] = (struct bracket){low, high};
}

static int64_t end_since_start(const struct mt_gc_cycle *cycle)
{
    return cycle->since_start_ns + cycle->sweep_term_ns + cycle->mark_ns + cycle->mark_term_ns;
}

/* The cycles of a log by their numbers; the first of several with one number counts. */
struct numbered {
    const struct mt_gc_log *log;
    struct mt_idmap index;
};

static struct numbered number_cycles(struct mt_arena *a, const struct mt_gc_log *log)
{
    struct numbered n = {log, {.arena = a}};
    for (size_t i = log->n_cycles; i-- > 0;)
        mt_idmap_set(&n.index, log->cycles[i].number, (uint32_t)i);
    return n;
}

static const struct mt_gc_cycle *cycle_numbered(const struct numbered *n, uint64_t number)
{
    uint32_t index = mt_idmap_get(&n->index, number);
    return index == MT_IDMAP_NONE ? NULL : &n->log->cycles[index];
}

/* A record that counts n cycles was written after the n-th ended; LastGC is that very end. */
static void brackets_of_table(struct brackets *all, const struct mt_table *t,
                              const struct numbered *log)
{
    const double *counts = t->columns[MT_M_NUM_GC], *last_gc = t->columns[MT_M_LAST_GC];
    for (size_t i = 0; counts && i < t->n_rows; i++) {
        if (!(counts[i] >= 1 && counts[i] < 1e15) || (i && counts[i] == counts[i - 1]))
            continue;
        const struct mt_gc_cycle *cycle = cycle_numbered(log, (uint64_t)counts[i]);
        if (!cycle || cycle->since_start_ns == MT_NO_TIME)
            continue;
        int64_t ended = end_since_start(cycle);
        if (last_gc && last_gc[i] > 1e18 && last_gc[i] < 9e18)
            add_bracket(all, (int64_t)last_gc[i] - ended, (int64_t)last_gc[i] - ended);
        else if (i && t->clock.clock != MT_CLOCK_NONE && t->time_ns[i] != MT_NO_TIME &&
                 t->time_ns[i - 1] != MT_NO_TIME && counts[i] == counts[i - 1] + 1)
            add_bracket(all, t->time_ns[i - 1] - ended, t->time_ns[i] - ended);
    }
}

static void brackets_of_log(struct brackets *all, const struct mt_gc_log *other,
                            const struct numbered *log)
{
    for (size_t i = 0; i < other->n_cycles; i++) {
        if (other->cycles[i].time_ns == MT_NO_TIME || !other->cycles[i].number)
            continue;
        const struct mt_gc_cycle *cycle = cycle_numbered(log, other->cycles[i].number);
        if (cycle && cycle->since_start_ns != MT_NO_TIME)
            add_bracket(all, other->cycles[i].time_ns - end_since_start(cycle),
                        other->cycles[i].time_ns - cycle->since_start_ns);
    }
}

/* `heap?gc=1` forces a collection just before the profile is written: when there are as many forced
 * cycles as dated heap profiles, they pair up in order. */
static void brackets_of_forced(struct brackets *all, const struct mt_clock_job *job,
                               const struct mt_gc_log *log)
{
    int64_t *taken = MT_NEW_N(all->arena, int64_t, job->n_inputs + 1);
    size_t n_taken = 0, n_forced = 0;
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        if (c && c->n_profiles == 1 && c->profiles[0].time_ns != MT_NO_TIME &&
            !c->profiles[0].from_text && c->profiles[0].kind == MT_PROFILE_HEAP)
            taken[n_taken++] = c->profiles[0].time_ns;
    }
    for (size_t i = 0; i < log->n_cycles; i++)
        n_forced += log->cycles[i].forced;
    if (!n_taken || n_forced != n_taken)
        return;
    qsort(taken, n_taken, sizeof *taken, by_value);
    for (size_t i = 0, k = 0; i < log->n_cycles; i++)
        if (log->cycles[i].forced && log->cycles[i].since_start_ns != MT_NO_TIME) {
            int64_t at = taken[k++] - end_since_start(&log->cycles[i]);
            add_bracket(all, at - 200 * 1000000, at);
        }
}

/* Where all brackets overlap; the median of their middles when they do not. */
static bool agree(struct brackets *all, int64_t *start_ns, int64_t *error_ns)
{
    if (!all->n)
        return false;
    int64_t low = INT64_MIN, high = INT64_MAX;
    int64_t *middles = MT_NEW_N(all->arena, int64_t, all->n);
    for (size_t i = 0; i < all->n; i++) {
        low = all->items[i].low > low ? all->items[i].low : low;
        high = all->items[i].high < high ? all->items[i].high : high;
        middles[i] = all->items[i].low + (all->items[i].high - all->items[i].low) / 2;
    }
    if (low <= high) {
        *start_ns = low + (high - low) / 2;
        *error_ns = (high - low) / 2;
        return true;
    }
    *start_ns = mt_median_i64(middles, all->n);
    for (size_t i = 0; i < all->n; i++)
        middles[i] = llabs(middles[i] - *start_ns);
    *error_ns = mt_median_i64(middles, all->n) * 3 / 2;
    return true;
}

/* A log that dated lines placed is placed better where cycle numbers can do it. */
static bool wants_anchor(const struct mt_gc_log *log)
{
    bool rough = log->clock.clock == MT_CLOCK_ALIGNED && log->clock.error_ns > SAME_CYCLE_NS;
    for (size_t i = 0; i < log->n_cycles; i++)
        if (log->cycles[i].since_start_ns != MT_NO_TIME &&
            (rough || log->cycles[i].time_ns == MT_NO_TIME))
            return true;
    return false;
}

/* The start that the log's own times stand for; false: it has none. */
static bool present_start(const struct mt_gc_log *log, int64_t *start_ns)
{
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        if (c->time_ns == MT_NO_TIME || c->since_start_ns == MT_NO_TIME)
            continue;
        *start_ns = c->time_ns - c->since_start_ns;
        return true;
    }
    return false;
}

/* Numbers of another process would say something else than the log's own dated lines do. */
static bool improves(const struct mt_gc_log *log, int64_t start_ns, int64_t error_ns)
{
    int64_t present_ns;
    if (log->clock.clock != MT_CLOCK_ALIGNED || !present_start(log, &present_ns))
        return true;
    return error_ns < log->clock.error_ns &&
           llabs(start_ns - present_ns) <= log->clock.error_ns + error_ns + SAME_CYCLE_NS;
}

static void anchor_log(struct mt_clock_job *job, struct mt_gc_log *log)
{
    struct mt_arena scratch = {0};
    struct brackets all = {.arena = &scratch};
    struct numbered numbered = number_cycles(&scratch, log);
    const char *method = "by NumGC of the MemStats records";
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_tables; k++)
            brackets_of_table(&all, &c->tables[k], &numbered);
    }
    if (!all.n) {
        method = "by the cycle numbers of another GC log";
        for (size_t i = 0; i < job->n_inputs; i++) {
            const struct mt_capture *c = job->inputs[i].capture;
            for (size_t k = 0; c && k < c->n_gc_logs; k++)
                if (&c->gc_logs[k] != log && !(c->trace && c->trace->start_ns == MT_NO_TIME))
                    brackets_of_log(&all, &c->gc_logs[k], &numbered);
        }
    }
    if (!all.n) {
        method = "forced cycles paired with the heap profiles";
        brackets_of_forced(&all, job, log);
    }
    int64_t start_ns, error_ns;
    bool better = agree(&all, &start_ns, &error_ns) && improves(log, start_ns, error_ns);
    mt_arena_clear(&scratch);
    if (!better)
        return;
    log->clock.zone_unknown = false;
    for (size_t i = 0; i < log->n_cycles; i++)
        if (log->cycles[i].since_start_ns != MT_NO_TIME)
            log->cycles[i].time_ns = start_ns + log->cycles[i].since_start_ns;
    mt_clock_set(&log->clock, MT_CLOCK_ALIGNED, error_ns, method);
}

void mt_clock_align_gc_logs(struct mt_clock_job *job)
{
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        for (size_t k = 0; c && !c->trace && k < c->n_gc_logs; k++)
            if (c->gc_logs[k].n_cycles && wants_anchor(&c->gc_logs[k]))
                anchor_log(job, &c->gc_logs[k]);
    }
}

/* -- rows counted from process start ------------------------------------------------------ */

/* Scheduler lines and the like: placed with the GC log of their process, wherever that stands. */
static void place_counted(const struct mt_clock_job *job, const struct mt_capture *c,
                          struct mt_table *t)
{
    const struct mt_gc_log *log =
        t->gc_log && t->gc_log <= c->n_gc_logs ? &c->gc_logs[t->gc_log - 1] : NULL;
    int64_t start_ns = job->window.start_ns == MT_NO_TIME ? 0 : job->window.start_ns;
    if (log && log->clock.clock != MT_CLOCK_NONE && present_start(log, &start_ns)) {
        t->clock = log->clock;
    } else {
        for (size_t i = 0; i < t->n_rows; i++)
            if (t->time_ns[i] != MT_NO_TIME)
                return;
        mt_clock_set(&t->clock, MT_CLOCK_NONE, 0,
                     "counts from the start of its process, which nothing places");
    }
    for (size_t i = 0; i < t->n_rows; i++)
        t->time_ns[i] =
            t->since_start_ns[i] == MT_NO_TIME ? start_ns : start_ns + t->since_start_ns[i];
}

void mt_clock_place_counted_rows(struct mt_clock_job *job)
{
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        for (size_t k = 0; c && !c->trace && k < c->n_tables; k++)
            if (c->tables[k].since_start_ns)
                place_counted(job, c, &c->tables[k]);
    }
}

/* -- traces ------------------------------------------------------------------------------- */

struct times {
    int64_t *items;
    size_t n, cap;
};

/* Ends of all cycles that are known on the one clock. */
static struct times cycle_ends(const struct mt_clock_job *job)
{
    struct times t = {0};
    struct mt_arena *a = job->bundle->arena;
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        if (!c || c->trace)
            continue;
        for (size_t k = 0; k < c->n_gc_logs; k++)
            for (size_t m = 0; m < c->gc_logs[k].n_cycles; m++) {
                const struct mt_gc_cycle *cycle = &c->gc_logs[k].cycles[m];
                if (cycle->time_ns == MT_NO_TIME || c->gc_logs[k].clock.clock == MT_CLOCK_NONE)
                    continue;
                MT_RESERVE(a, t.items, t.n, t.cap);
                t.items[t.n++] =
                    cycle->time_ns + cycle->sweep_term_ns + cycle->mark_ns + cycle->mark_term_ns;
            }
        for (size_t k = 0; k < c->n_tables; k++)
            for (size_t row = 0; c->tables[k].columns[MT_M_LAST_GC] && row < c->tables[k].n_rows;
                 row++) {
                double at = c->tables[k].columns[MT_M_LAST_GC][row];
                if (!(at > 1e18 && at < 9e18))
                    continue;
                MT_RESERVE(a, t.items, t.n, t.cap);
                t.items[t.n++] = (int64_t)at;
            }
    }
    if (t.n)
        qsort(t.items, t.n, sizeof *t.items, by_value);
    return t;
}

static int64_t distance_to(const struct times *t, int64_t at)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (t->items[mid] < at)
            low = mid + 1;
        else
            high = mid;
    }
    int64_t best = INT64_MAX;
    if (low < t->n)
        best = t->items[low] - at;
    if (low > 0 && at - t->items[low - 1] < best)
        best = at - t->items[low - 1];
    return best;
}

/* Tries to lay the trace's cycle ends over the known ones; the offset with most hits wins if it has
 * at least two (one, where a name says within seconds where to look) and no rival has as many. */
static bool by_cycles(const struct mt_trace *trace, const struct times *ends, int64_t near_ns,
                      int64_t *start_ns)
{
    size_t best_hits = 0, rivals = 0, marks = 0;
    int64_t best_miss = INT64_MAX;
    for (size_t m = 0; m < trace->n_marks && m < 64; m++)
        marks += !trace->marks[m].open_at_end;
    for (size_t m = 0; m < trace->n_marks && m < 3;
         m++) { /* any of the first marks may be missing there */
        if (trace->marks[m].open_at_end)
            continue;
        int64_t first = trace->marks[m].at_ns + trace->marks[m].duration_ns;
        for (size_t e = 0; e < ends->n; e++) {
            int64_t offset = ends->items[e] - first, miss = 0;
            if (near_ns != MT_NO_TIME && llabs(offset - near_ns) > NAME_ERROR_NS * 2)
                continue;
            size_t hits = 0;
            for (size_t k = 0; k < trace->n_marks && k < 64; k++) {
                if (trace->marks[k].open_at_end)
                    continue;
                int64_t d =
                    distance_to(ends, offset + trace->marks[k].at_ns + trace->marks[k].duration_ns);
                if (d <= SAME_CYCLE_NS) {
                    hits++;
                    miss += d;
                }
            }
            bool same = best_hits && llabs(offset - *start_ns) <= 2 * SAME_CYCLE_NS;
            if (hits > best_hits || (hits == best_hits && miss < best_miss && same)) {
                rivals = hits > best_hits ? 0 : rivals;
                best_hits = hits;
                best_miss = miss;
                *start_ns = offset;
            } else if (hits == best_hits && !same) {
                rivals++;
            }
        }
    }
    size_t needed = near_ns != MT_NO_TIME ? 1 : marks > 3 ? 3 : 2;
    return best_hits >= needed && !rivals && best_hits * 2 >= marks;
}

/* Where the names put it: a date, or seconds since the start of captures named the same way. */
static int64_t named_start(const struct mt_clock_job *job, const struct mt_input *input)
{
    struct mt_path_hint hint = mt_clock_hint(input->path);
    if (hint.kind == MT_PATH_ABSOLUTE)
        return hint.time_ns;
    if (hint.kind != MT_PATH_RELATIVE && hint.kind != MT_PATH_TIME_OF_DAY)
        return MT_NO_TIME;
    for (size_t i = 0; i < job->n_inputs; i++) { /* a dated neighbour with the same kind of name */
        const struct mt_capture *c = job->inputs[i].capture;
        if (!c || !c->n_profiles || c->profiles[0].raw_time_ns <= 0)
            continue;
        struct mt_path_hint other = mt_clock_hint(job->inputs[i].path);
        if (hint.kind == other.kind)
            return c->profiles[0].time_ns - other.time_ns + hint.time_ns;
    }
    return MT_NO_TIME;
}

static void move(struct mt_capture *c, int64_t start_ns)
{
    c->trace->start_ns = start_ns;
    for (size_t i = 0; i < c->n_tables; i++)
        for (size_t row = 0; row < c->tables[i].n_rows; row++)
            if (c->tables[i].time_ns[row] != MT_NO_TIME)
                c->tables[i].time_ns[row] += start_ns;
    for (size_t i = 0; i < c->n_gc_logs; i++)
        for (size_t k = 0; k < c->gc_logs[i].n_cycles; k++)
            if (c->gc_logs[i].cycles[k].time_ns != MT_NO_TIME)
                c->gc_logs[i].cycles[k].time_ns += start_ns;
    for (size_t i = 0; i < c->n_requests; i++)
        if (c->requests[i].start_ns != MT_NO_TIME)
            c->requests[i].start_ns += start_ns;
    for (size_t i = 0; i < c->n_profiles; i++)
        c->profiles[i].time_ns = start_ns;
}

static void place_trace(struct mt_clock_job *job, struct mt_input *input, const struct times *ends)
{
    struct mt_capture *c = input->capture;
    int64_t named = named_start(job, input), start_ns = 0;
    enum mt_clock clock = MT_CLOCK_ALIGNED;
    int64_t error_ns = SAME_CYCLE_NS;
    const char *method = "its GC cycles laid over those of the logs";
    bool has_unit = !c->trace->unit_assumed;
    if (!has_unit || !by_cycles(c->trace, ends, named, &start_ns)) {
        method = "by the time in its name";
        error_ns = NAME_ERROR_NS;
        start_ns = named;
        if (named == MT_NO_TIME || !has_unit) {
            clock = MT_CLOCK_NONE;
            method = has_unit ? "a trace before Go 1.25 carries no wall clock and nothing else "
                                "places it"
                              : "the trace was cut before the unit of its clock is told";
            start_ns = job->window.start_ns == MT_NO_TIME ? 0 : job->window.start_ns;
        }
    }
    move(c, start_ns);
    mt_clock_set(&c->trace->clock, clock, error_ns, method);
    for (size_t i = 0; i < c->n_tables; i++)
        c->tables[i].clock = c->trace->clock;
    for (size_t i = 0; i < c->n_gc_logs; i++)
        c->gc_logs[i].clock = c->trace->clock;
    for (size_t i = 0; i < c->n_profiles; i++)
        c->profiles[i].clock = c->trace->clock;
}

void mt_clock_align_traces(struct mt_clock_job *job)
{
    struct times ends = {0};
    bool have_ends = false;
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        if (!c || !c->trace || c->trace->start_ns != MT_NO_TIME)
            continue;
        if (!have_ends)
            ends = cycle_ends(job);
        have_ends = true;
        place_trace(job, &job->inputs[i], &ends);
    }
}
