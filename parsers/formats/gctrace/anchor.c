/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gctrace/anchor.h"

#include "parsers/formats/lines/stamp.h"

#include <stdlib.h>

/* A start known no better is not worth saying: the cycle numbers of other captures tell more. */
static const int64_t WORST_ERROR_NS = 60 * MT_SECOND_NS;
static const int64_t LEAST_ERROR_NS = 1000000; /* "@0.124s" is cut to a ms */
/* Stamps coarser than this are cut; finer ones are late by what the log took to arrive. */
static const int64_t COARSE_NS = 100000000;

/* A date before 1970 or behind 2200 is none of a log's. */
static const int64_t LAST_DATE_NS = 7258118400 * MT_SECOND_NS;

enum { STAMP_WITHIN = 48, JSON_STAMP_WITHIN = 1024 };

static bool digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool take_stamp(struct mt_span s, struct mt_gctrace_stamp *stamp)
{
    struct mt_span rest = s;
    bool zone_known;
    int64_t time_ns;
    if (!mt_stamp_take(&rest, &time_ns, &zone_known) || time_ns < 0 || time_ns > LAST_DATE_NS)
        return false;
    struct mt_span text = mt_span_sub(s, 0, s.size - rest.size);
    int64_t resolution_ns = MT_SECOND_NS;
    size_t point = mt_span_find_byte(text, '.');
    if (point == MT_NPOS)
        point = mt_span_find_byte(text, ',');
    if (point != MT_NPOS) {
        for (size_t i = point + 1; i < text.size && digit(text.data[i]) && resolution_ns > 1; i++)
            resolution_ns /= 10;
    } else if (digit(text.data[text.size - 1]) && mt_span_find_byte(text, ':') == MT_NPOS) {
        for (size_t i = 10; i < text.size && resolution_ns > 1; i++)
            resolution_ns /= 10; /* Unix ms, us, ns */
    }
    *stamp = (struct mt_gctrace_stamp){time_ns, resolution_ns, !zone_known};
    return true;
}

static bool json_stamp(struct mt_span line, struct mt_gctrace_stamp *stamp)
{
    static const char *const keys[] = {
        "\"time\":", "\"ts\":", "\"timestamp\":", "\"@timestamp\":", "\"t\":"};
    struct mt_span head = mt_span_sub(line, 0, JSON_STAMP_WITHIN);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t at = mt_span_find(head, keys[i]);
        if (at == MT_NPOS)
            continue;
        struct mt_span value = mt_span_from(line, at);
        mt_span_take(&value, keys[i]);
        mt_span_take(&value, " ");
        mt_span_take(&value, "\"");
        if (take_stamp(value, stamp))
            return true;
    }
    return false;
}

struct mt_gctrace_stamp mt_gctrace_stamp_of(struct mt_span line)
{
    struct mt_gctrace_stamp stamp = {.time_ns = MT_NO_TIME};
    if (line.size && line.data[0] == '{') {
        json_stamp(line, &stamp);
        return stamp;
    }
    for (size_t i = 0; i + 10 < line.size && i < STAMP_WITHIN; i++) {
        if (!digit(line.data[i]) || (i && digit(line.data[i - 1])))
            continue;
        bool calendar = line.data[i + 4] == '-' || line.data[i + 4] == '/';
        if ((calendar || i == 0) && take_stamp(mt_span_from(line, i), &stamp))
            return stamp;
    }
    return stamp;
}

struct mt_gctrace_stamp mt_gctrace_stamp_of_wrapper(int64_t time_ns, bool zone_known)
{
    struct mt_gctrace_stamp stamp = {time_ns, 1, !zone_known};
    if (time_ns == MT_NO_TIME || time_ns < 0 || time_ns > LAST_DATE_NS)
        return (struct mt_gctrace_stamp){.time_ns = MT_NO_TIME};
    while (stamp.resolution_ns < MT_SECOND_NS && time_ns % (stamp.resolution_ns * 10) == 0)
        stamp.resolution_ns *= 10;
    return stamp;
}

void mt_gctrace_dated(struct mt_gctrace_processes *all, const struct mt_gctrace_stamp *stamp)
{
    for (size_t i = 0; i < all->n_recent; i++) {
        struct mt_gctrace_process *p = &all->items[all->recent[i]];
        if (!p->awaits_most)
            continue;
        p->awaits_most = false;
        int64_t most_ns = stamp->time_ns + stamp->resolution_ns - p->printed_ns;
        if (p->start_most_ns == MT_NO_TIME || most_ns < p->start_most_ns)
            p->start_most_ns = most_ns;
        p->zone_unknown |= stamp->zone_unknown;
    }
}

void mt_gctrace_written(struct mt_gctrace_process *p, int64_t printed_ns,
                        const struct mt_gctrace_stamp *last)
{
    p->awaits_most = true;
    if (last->time_ns == MT_NO_TIME)
        return;
    int64_t least_ns = last->time_ns - printed_ns;
    if (p->start_least_ns == MT_NO_TIME) /* whoever wrote the dated line, it had started by then */
        p->start_hint_ns = last->time_ns + last->resolution_ns;
    if (p->start_least_ns == MT_NO_TIME || least_ns > p->start_least_ns)
        p->start_least_ns = least_ns;
    p->zone_unknown |= last->zone_unknown;
}

void mt_gctrace_stamped(struct mt_gctrace_process *p, struct mt_gc_cycle *cycle,
                        const struct mt_gctrace_stamp *stamp)
{
    cycle->time_ns = stamp->time_ns - cycle->duration_ns;
    p->stamped++;
    p->zone_unknown |= stamp->zone_unknown;
    if (p->stamped == 1 || stamp->resolution_ns < p->resolution_ns)
        p->resolution_ns = stamp->resolution_ns;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* From the stamps of the cycles' own lines. A line is never written before its time: the earliest
 * start any of them allows is the true one, and what the others are late by is the doubt. */
static bool start_of_stamped(struct mt_arena *arena, const struct mt_gctrace_process *p,
                             const struct mt_gc_log *log, int64_t *start_ns, int64_t *error_ns)
{
    int64_t *starts = MT_NEW_N(arena, int64_t, p->stamped);
    size_t n = 0;
    for (size_t i = 0; i < log->n_cycles && n < p->stamped; i++)
        if (log->cycles[i].time_ns != MT_NO_TIME)
            starts[n++] = log->cycles[i].time_ns - log->cycles[i].since_start_ns;
    if (!n)
        return false;
    qsort(starts, n, sizeof *starts, by_time);
    if (p->resolution_ns < COARSE_NS) {
        *start_ns = starts[0];
        *error_ns = starts[n / 2] - starts[0] + p->resolution_ns;
        return true;
    }
    int64_t most_ns = starts[0] + p->resolution_ns, least_ns = starts[n - 1];
    if (least_ns > most_ns)
        least_ns = most_ns - p->resolution_ns;
    *start_ns = least_ns + (most_ns - least_ns) / 2;
    *error_ns = (most_ns - least_ns) / 2;
    return true;
}

static bool start_of_brackets(const struct mt_gctrace_process *p, int64_t *start_ns,
                              int64_t *error_ns)
{
    int64_t most_ns = p->start_most_ns;
    if (p->start_hint_ns != MT_NO_TIME && (most_ns == MT_NO_TIME || p->start_hint_ns < most_ns) &&
        p->start_hint_ns >= p->start_least_ns)
        most_ns = p->start_hint_ns;
    if (most_ns == MT_NO_TIME || p->start_least_ns == MT_NO_TIME)
        return false;
    /* A logger that buffers writes behind its own date: the bounds cross by as much. */
    int64_t low = most_ns < p->start_least_ns ? most_ns : p->start_least_ns;
    int64_t high = most_ns < p->start_least_ns ? p->start_least_ns : most_ns;
    *start_ns = low + (high - low) / 2;
    *error_ns = (high - low) / 2;
    return true;
}

static void shift_rows(struct mt_capture *out, size_t table, int64_t start_ns,
                       const struct mt_clock_state *clock)
{
    if (!table)
        return;
    struct mt_table *t = &out->tables[table - 1];
    t->clock = *clock;
    for (size_t i = 0; i < t->n_rows; i++)
        if (t->since_start_ns && t->since_start_ns[i] != MT_NO_TIME)
            t->time_ns[i] = start_ns + t->since_start_ns[i];
}

/* Lines of Go before 1.5 do not count from the start: only their own stamps help. */
static void align_uncounted(const struct mt_gctrace_process *p, struct mt_gc_log *log)
{
    if (!p->stamped)
        return;
    int64_t error_ns = p->resolution_ns > LEAST_ERROR_NS ? p->resolution_ns : LEAST_ERROR_NS;
    log->clock = (struct mt_clock_state){MT_CLOCK_ALIGNED, p->zone_unknown, error_ns,
                                         "time stamps of the log's own lines"};
}

void mt_gctrace_align(struct mt_capture *out, struct mt_gctrace_process *p)
{
    struct mt_gc_log *log = p->gc_log ? &out->gc_logs[p->gc_log - 1] : NULL;
    if (p->sched_table)
        out->tables[p->sched_table - 1].gc_log = (uint32_t)p->gc_log;
    if (p->scav_table)
        out->tables[p->scav_table - 1].gc_log = (uint32_t)p->gc_log;
    if (p->printed_ns == MT_NO_TIME) {
        if (log)
            align_uncounted(p, log);
        return;
    }
    int64_t start_ns = 0, error_ns = 0;
    bool stamped = log && p->stamped && start_of_stamped(out->arena, p, log, &start_ns, &error_ns);
    bool known = stamped || start_of_brackets(p, &start_ns, &error_ns);
    struct mt_clock_state clock = {.clock = MT_CLOCK_NONE};
    if (known && error_ns <= WORST_ERROR_NS) {
        clock = (struct mt_clock_state){MT_CLOCK_ALIGNED, p->zone_unknown,
                                        error_ns > LEAST_ERROR_NS ? error_ns : LEAST_ERROR_NS,
                                        stamped ? "time stamps of the log's own lines"
                                                : "dated lines between the log's own"};
        shift_rows(out, p->sched_table, start_ns, &clock);
        shift_rows(out, p->scav_table, start_ns, &clock);
    }
    if (!log)
        return;
    log->clock = clock;
    for (size_t i = 0; i < log->n_cycles; i++)
        log->cycles[i].time_ns =
            clock.clock == MT_CLOCK_NONE ? MT_NO_TIME : start_ns + log->cycles[i].since_start_ns;
}
