/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Go runtime's own lines on standard error: GODEBUG=gctrace=1, and schedtrace, scavtrace and
 * gcpacertrace where they stand beside it.
 *
 *   gc 1 @0.124s 0%: 0.088+2.4+0.044 ms clock, 0.17+0.009/0.51/2.6+0.088 ms cpu, 3->4->2 MB,
 *   4 MB goal, 0 MB stacks, 0 MB globals, 2 P
 *
 * The stream belongs to everybody: application lines stand between, before (a benchmark's name)
 * and, since the runtime writes a line in pieces, in the middle of its lines; several processes
 * share it.
 */
#include "parsers/formats/cycles/cycles.h"
#include "parsers/formats/gctrace/anchor.h"
#include "parsers/formats/gctrace/join.h"
#include "parsers/formats/gctrace/lines.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/reader.h"

#include <string.h>

enum { FRAGMENT_MAX = 256, FRAGMENT_LINES = 4 };

struct detail {
    uint64_t sched_lines, scav_lines, pacer_lines;
    uint64_t rejoined; /* lines that another line had cut in two */
};

struct reading {
    struct mt_capture *out;
    struct detail *detail;
    struct mt_gctrace_processes processes;
    struct mt_gctrace_stamp now; /* of the wrapper of the line being read */
    uint32_t origin;
    struct mt_gctrace_stamp last;  /* of the latest dated line */
    struct mt_gctrace_pacer pacer; /* of the cycle to come */
    bool has_pacer;
    /* the beginning of a line that broke off where another writer came in between */
    unsigned char fragment[FRAGMENT_MAX];
    size_t fragment_size, fragment_age;
};

static void refine(uint64_t *whole_mib, uint64_t exact)
{
    if (exact != MT_NO_BYTES && exact >> 20 == *whole_mib >> 20)
        *whole_mib = exact;
}

/* The pacer's line stands shortly before the cycle's own; another process's differs in the MiB. */
static void use_pacer(struct reading *r, struct mt_gc_cycle *cycle)
{
    if (!r->has_pacer)
        return;
    refine(&cycle->heap_start_bytes, r->pacer.start_bytes);
    refine(&cycle->heap_end_bytes, r->pacer.end_bytes);
    refine(&cycle->goal_bytes, r->pacer.goal_bytes);
    r->has_pacer = false;
}

static void add_cycle(struct reading *r, const struct mt_gc_cycle *cycle,
                      const struct mt_gctrace_stamp *stamp)
{
    bool counted = cycle->since_start_ns != MT_NO_TIME;
    int64_t printed_ns = counted ? cycle->since_start_ns + cycle->duration_ns : MT_NO_TIME;
    struct mt_gctrace_sign sign = {cycle->number, printed_ns,        cycle->since_start_ns,
                                   cycle->procs,  cycle->goal_bytes, r->origin};
    struct mt_gctrace_process *p =
        cycle->number ? mt_gctrace_process_of(r->out->arena, &r->processes, &sign) : NULL;
    if (!p) {
        r->out->skipped++;
        return;
    }
    if (!p->gc_log) {
        mt_capture_add_gc_log(r->out, "gctrace")->live_is_whole_mib = true;
        p->gc_log = r->out->n_gc_logs;
    }
    struct mt_gc_log *log = &r->out->gc_logs[p->gc_log - 1];
    if (log->n_cycles)
        log->missing_numbers += cycle->number - log->cycles[log->n_cycles - 1].number - 1;
    MT_RESERVE(r->out->arena, log->cycles, log->n_cycles, log->cap_cycles);
    struct mt_gc_cycle *kept = &log->cycles[log->n_cycles++];
    *kept = *cycle;
    use_pacer(r, kept);
    r->out->records++;
    if (stamp->time_ns != MT_NO_TIME)
        mt_gctrace_stamped(p, kept, stamp);
    else if (counted)
        mt_gctrace_written(p, printed_ns, &r->last);
}

static struct mt_table *row_of(struct reading *r, size_t *table, const char *source,
                               int64_t since_start_ns)
{
    if (!*table) {
        mt_capture_add_table(r->out, source);
        *table = r->out->n_tables;
    }
    struct mt_table *t = &r->out->tables[*table - 1];
    mt_table_row(r->out->arena, t, MT_NO_TIME);
    mt_table_since_start(r->out->arena, t, since_start_ns);
    return t;
}

static void add_sched(struct reading *r, const struct mt_gctrace_sched *sched)
{
    struct mt_gctrace_sign sign = {
        0, sched->since_start_ns, sched->since_start_ns, sched->procs, MT_NO_BYTES, r->origin};
    struct mt_gctrace_process *p = mt_gctrace_process_of(r->out->arena, &r->processes, &sign);
    if (!p) {
        r->out->skipped++;
        return;
    }
    struct mt_table *t = row_of(r, &p->sched_table, "schedtrace", sched->since_start_ns);
    mt_table_set(r->out->arena, t, MT_M_GOMAXPROCS, (double)sched->procs);
    mt_table_set(r->out->arena, t, MT_M_THREADS, (double)sched->threads);
    mt_table_set(r->out->arena, t, MT_M_RUNNABLE, (double)sched->runnable);
    mt_gctrace_written(p, sched->since_start_ns, &r->last);
    r->out->records++;
    r->detail->sched_lines++;
}

/* The line carries no time and no number: it belongs to whoever wrote last, at about that time. */
static void add_scav(struct reading *r, const struct mt_gctrace_scav *scav)
{
    r->detail->scav_lines++;
    r->out->records++;
    struct mt_gctrace_process *p = mt_gctrace_process_latest(&r->processes);
    if (!p || p->printed_ns == MT_NO_TIME)
        return;
    struct mt_table *t = row_of(r, &p->scav_table, "scavtrace", p->printed_ns);
    const struct {
        enum mt_metric metric;
        uint64_t bytes;
    } values[] = {{MT_M_HEAP_RELEASED, scav->released_bytes},
                  {MT_M_HEAP_INUSE, scav->inuse_bytes},
                  {MT_M_HEAP_IDLE, scav->idle_bytes},
                  {MT_M_HEAP_SYS, scav->sys_bytes}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i].bytes != MT_NO_BYTES)
            mt_table_set(r->out->arena, t, values[i].metric, (double)values[i].bytes);
}

/* The line that came in between often begins with a year, whose digits then stand behind the number
 * that was being written. */
static void keep_fragment(struct reading *r, struct mt_span head, struct mt_span rest)
{
    enum { YEAR = 4 };
    struct mt_span year = mt_span_from(head, head.size < YEAR ? head.size : head.size - YEAR);
    if (mt_span_starts(year, "20") && rest.size && (rest.data[0] == '/' || rest.data[0] == '-'))
        head.size -= YEAR;
    r->fragment_size = head.size <= FRAGMENT_MAX ? head.size : 0;
    r->fragment_age = 0;
    if (r->fragment_size)
        memcpy(r->fragment, head.data, head.size);
}

/* A later line may go on where the broken one stopped. */
static void rejoin(struct reading *r, struct mt_span line)
{
    if (!r->fragment_size || !line.size)
        return;
    unsigned char joined[2 * FRAGMENT_MAX];
    struct mt_gc_cycle cycle;
    size_t tail = line.size < FRAGMENT_MAX ? line.size : FRAGMENT_MAX;
    memcpy(joined, r->fragment, r->fragment_size);
    memcpy(joined + r->fragment_size, line.data, tail);
    struct mt_span s = {joined, r->fragment_size + tail};
    if (mt_gctrace_take_cycle(&s, &cycle)) {
        r->out->skipped--;
        r->detail->rejoined++;
        add_cycle(r, &cycle, &(struct mt_gctrace_stamp){.time_ns = MT_NO_TIME});
        r->fragment_size = 0;
    } else if (++r->fragment_age == FRAGMENT_LINES) {
        r->fragment_size = 0;
    }
}

static bool of_the_scavenger(struct mt_span line)
{
    return mt_span_starts(line, "scav ") || mt_span_starts(line, "scvg") ||
           mt_span_starts(line, "forced scvg");
}

static bool of_the_runtime(struct mt_span line)
{
    return mt_span_starts(line, "pacer: ") || of_the_scavenger(line) ||
           mt_span_starts(line, "SCHED ");
}

static void read_other(struct reading *r, struct mt_span line)
{
    if (!of_the_runtime(line)) {
        struct mt_gctrace_stamp stamp = mt_gctrace_stamp_of(line);
        if (stamp.time_ns == MT_NO_TIME)
            stamp = r->now;
        if (stamp.time_ns != MT_NO_TIME) {
            mt_gctrace_dated(&r->processes, &stamp);
            r->last = stamp;
        }
    }
    struct mt_span s = line;
    if (mt_span_starts(line, "pacer: ")) {
        struct mt_gctrace_pacer pacer;
        r->detail->pacer_lines++;
        if (mt_gctrace_take_pacer(&s, &pacer)) {
            r->pacer = pacer;
            r->has_pacer = true;
        }
    } else if (of_the_scavenger(line)) {
        struct mt_gctrace_scav scav;
        if (mt_gctrace_take_scav(&s, &scav))
            add_scav(r, &scav);
    } else {
        size_t at = mt_span_find(line, "SCHED ");
        struct mt_gctrace_sched sched;
        s = mt_span_from(line, at == MT_NPOS ? line.size : at);
        if (mt_gctrace_take_sched(&s, &sched))
            add_sched(r, &sched);
        else
            rejoin(r, line);
    }
}

static void read_line(struct reading *r, const struct mt_wrapped_line *wrapped)
{
    struct mt_span line = wrapped->text;
    r->now = mt_gctrace_stamp_of_wrapper(wrapped->time_ns, wrapped->zone_known);
    r->origin = wrapped->origin.size ? mt_intern(r->out->strings, wrapped->origin) : 0;
    size_t at = mt_gctrace_find(line, 0);
    if (at == MT_NPOS) {
        read_other(r, line);
        return;
    }
    struct mt_gctrace_stamp stamp = r->now;
    if (at && stamp.time_ns == MT_NO_TIME)
        stamp = mt_gctrace_stamp_of(line.data[0] == '{' ? line : mt_span_sub(line, 0, at));
    while (at != MT_NPOS) {
        struct mt_gc_cycle cycle;
        struct mt_span s = mt_span_from(line, at);
        if (mt_gctrace_take_cycle(&s, &cycle)) {
            add_cycle(r, &cycle, &stamp);
        } else {
            r->out->skipped++;
            keep_fragment(r, mt_span_sub(line, at, line.size - at - s.size), s);
        }
        at = mt_gctrace_find(line, line.size - s.size);
    }
}

static void remark(struct mt_capture *out, const struct mt_gctrace_processes *all)
{
    mt_cycles_remark(out, "gctrace", "a cycle number or the time since the start");
    if (all->count == MT_GCTRACE_PROCESSES)
        mt_capture_remark(out, true, "too-many-processes",
                          "More than %d processes wrote into this GC log; the lines of later ones "
                          "were skipped.",
                          MT_GCTRACE_PROCESSES);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {.out = out, .last = {.time_ns = MT_NO_TIME}};
    r.detail = out->detail = MT_NEW(out->arena, struct detail);
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    mt_wrapped_begin(&wrapped, in, out->arena);
    while (mt_wrapped_next(&wrapped, &line)) {
        read_line(&r, &line);
        mt_cur_release(in);
    }
    mt_gctrace_join(out, &r.processes);
    for (size_t i = 0; i < r.processes.count; i++)
        if (!r.processes.items[i].joined)
            mt_gctrace_align(out, &r.processes.items[i]);
    remark(out, &r.processes);
    return mt_cur_ok(in);
}

static bool is_own(struct mt_span line)
{
    struct mt_gc_cycle cycle;
    struct mt_gctrace_sched sched;
    size_t at = mt_gctrace_find(line, 0);
    struct mt_span s = mt_span_from(line, at);
    return (at != MT_NPOS && mt_gctrace_take_cycle(&s, &cycle)) ||
           mt_gctrace_take_sched(&line, &sched);
}

static enum mt_match sniff(struct mt_span head)
{
    return mt_wrapped_sniff(head, is_own);
}

static void inspect_log(const struct mt_capture *c, const struct mt_gc_log *log,
                        struct mt_json_out *out)
{
    (void)c;
    uint64_t forced = 0;
    for (size_t i = 0; i < log->n_cycles; i++)
        forced += log->cycles[i].forced;
    const struct mt_gc_cycle *first = &log->cycles[0], *last = &log->cycles[log->n_cycles - 1];
    mt_cycles_inspect_numbers(log, out);
    mt_json_kv_u64(out, "forced", forced);
    if (last->since_start_ns != MT_NO_TIME)
        mt_json_kv_f64(out, "last_at_s", (double)last->since_start_ns / 1e9);
    mt_cycles_inspect_pauses(log, out);
    mt_json_kv_u64(out, "first_live_mib", first->heap_live_bytes >> 20);
    mt_json_kv_u64(out, "last_live_mib", last->heap_live_bytes >> 20);
    mt_json_kv_u64(out, "procs", last->procs);
    if (log->clock.clock != MT_CLOCK_NONE) {
        mt_json_kv_i64(out, "first_time_ns", first->time_ns);
        mt_json_kv_f64(out, "clock_error_s", (double)log->clock.error_ns / 1e9);
    }
}

static void inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    const struct detail *d = c->detail;
    mt_cycles_inspect(c, out, inspect_log);
    mt_json_kv_u64(out, "sched_lines", d->sched_lines);
    mt_json_kv_u64(out, "scav_lines", d->scav_lines);
    mt_json_kv_u64(out, "pacer_lines", d->pacer_lines);
    mt_json_kv_u64(out, "rejoined", d->rejoined);
}

const struct mt_reader mt_reader_gctrace = {
    .name = "gctrace",
    .kind = "GC log",
    .summary = "Lines of GODEBUG=gctrace=1 (and schedtrace, scavtrace, gcpacertrace), Go 1.0 to "
               "1.27, alone or among a program's own output",
    .example = "gc 1 @0.124s 0%: 0.088+2.4+0.044 ms clock, 0.17+0.009/0.51/2.6+0.088 ms cpu, "
               "3->4->2 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P\n"
               "SCHED 2010ms: gomaxprocs=2 idleprocs=1 threads=5 runqueue=0 [0 1]\n"
               "scav 0 KiB work (bg), 0 KiB work (eager), 1984 KiB now, 64% util",
    .how = "GODEBUG=gctrace=1 ./service 2>gctrace.log\n"
           "GODEBUG=gctrace=1,schedtrace=1000,scavtrace=1,gcpacertrace=1 ./service 2>gctrace.log",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = inspect,
};
