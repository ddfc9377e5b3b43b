/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object a line and a cycle, as services log it from runtime.MemStats:
 *
 *   {"gc":7,"gcPauseStart":"2026-11-22T19:03:50.552Z","HeapAlloc":2867776,"NextGC":5343514,
 *    "PauseNs":159698,"HeapObjects":42038}
 *
 * gcPauseStart is PauseEnd - PauseNs of MemStats, so it lies at the end of the cycle, and PauseNs
 * is the sum of its pauses. The sizes are those of the moment the program looked, which may be long
 * after: a program that polls repeats them for all the cycles it finds.
 */
#include "parsers/base/jsonscan.h"
#include "parsers/formats/cycles/cycles.h"
#include "parsers/formats/lines/origins.h"
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/reader.h"

#include <math.h>

enum { EXTRA_MAX = 16 };

struct value {
    enum mt_metric metric;
    double number;
};

struct record {
    bool is_gclog; /* says when a pause began or ended, or has "gc" and a pause */
    bool bad_time; /* tries to say so */
    bool has_gc;
    uint64_t number;
    int64_t pause_start_ns, pause_end_ns, pause_ns;
    bool zone_unknown;
    double heap_alloc, next_gc, heap_objects; /* NaN: absent */
    struct value extra[EXTRA_MAX];            /* further fields of MemStats */
    size_t n_extra;
};

struct process {
    size_t gc_log, table; /* index + 1 */
    struct record last;
    uint64_t number;     /* the last that a line told */
    uint64_t unnumbered; /* cycles since */
    bool pending;        /* last is not in the table yet: the next may repeat its sizes */
};

/* One process at a time for each pod or container; all are one where no wrapper tells them. */
enum { PROCESSES_MOST = 4096 };

struct detail {
    uint64_t repeated; /* cycles whose sizes are those of a later one */
};

static bool number_of(struct mt_span text, double *number)
{
    return mt_span_f64(text, number) && isfinite(*number);
}

static bool take_time(struct record *r, enum mt_token token, struct mt_span text, int64_t *time_ns)
{
    bool zone_known = true;
    double number;
    if (token == MT_TOKEN_NUMBER) {
        uint64_t exact;
        if (mt_span_u64(text, &exact) && mt_stamp_take(&text, time_ns, &zone_known))
            return true;
        return number_of(text, &number) && mt_stamp_from_number(number, time_ns);
    }
    if (token != MT_TOKEN_TEXT || !mt_stamp_take(&text, time_ns, &zone_known))
        return false;
    r->zone_unknown |= !zone_known;
    return true;
}

static void take_extra(struct record *r, struct mt_span key, double number)
{
    for (int m = 0; m < MT_METRIC_COUNT && r->n_extra < EXTRA_MAX; m++)
        if (mt_span_is(key, mt_metric_info((enum mt_metric)m)->name))
            r->extra[r->n_extra++] = (struct value){(enum mt_metric)m, number};
}

enum field { OTHER, CYCLE, PAUSE, PAUSE_START, PAUSE_END, ALLOC, NEXT, OBJECTS };

/* In any case, with or without underscores. */
static enum field field_of(struct mt_span key)
{
    static const struct {
        struct mt_span name;
        enum field field;
    } names[] = {
        {{(const unsigned char *)"gc", 2}, CYCLE},
        {{(const unsigned char *)"gcpausestart", 12}, PAUSE_START},
        {{(const unsigned char *)"heapalloc", 9}, ALLOC},
        {{(const unsigned char *)"nextgc", 6}, NEXT},
        {{(const unsigned char *)"pausens", 7}, PAUSE},
        {{(const unsigned char *)"heapobjects", 11}, OBJECTS},
        {{(const unsigned char *)"numgc", 5}, CYCLE},
        {{(const unsigned char *)"gcnum", 5}, CYCLE},
        {{(const unsigned char *)"gcpauseend", 10}, PAUSE_END},
    };
    unsigned char plain[16];
    size_t size = 0;
    for (size_t i = 0; i < key.size; i++) {
        unsigned char c = key.data[i];
        if (c == '_')
            continue;
        if (size == sizeof plain)
            return OTHER;
        plain[size++] = c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mt_span_equal(names[i].name, (struct mt_span){plain, size}))
            return names[i].field;
    return OTHER;
}

static void take_member(struct record *r, struct mt_span key, enum mt_token token,
                        struct mt_span text)
{
    enum field field = field_of(key);
    double number = NAN;
    if (field == PAUSE_START || field == PAUSE_END) {
        int64_t *time_ns = field == PAUSE_START ? &r->pause_start_ns : &r->pause_end_ns;
        bool told = take_time(r, token, text, time_ns);
        r->is_gclog |= told;
        r->bad_time |= !told;
        return;
    }
    if (token != MT_TOKEN_NUMBER || !number_of(text, &number))
        return;
    if (field == CYCLE) {
        r->number = number >= 1 && number < 0x1p53 ? (uint64_t)number : 0;
        r->has_gc |= r->number && mt_span_is(key, "gc");
    }
    if (field == PAUSE)
        r->pause_ns = number >= 0 && number < 0x1p53 ? (int64_t)number : -1;
    else if (field == ALLOC)
        r->heap_alloc = number;
    else if (field == NEXT)
        r->next_gc = number;
    else if (field == OBJECTS)
        r->heap_objects = number;
    else if (field == OTHER)
        take_extra(r, key, number);
}

/* False: not one whole object. */
static bool take_record(struct mt_span line, struct record *r)
{
    *r = (struct record){.pause_start_ns = MT_NO_TIME,
                         .pause_end_ns = MT_NO_TIME,
                         .pause_ns = -1,
                         .heap_alloc = NAN,
                         .next_gc = NAN,
                         .heap_objects = NAN};
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(line, &err);
    struct mt_json_scan s = mt_json_scan_over(&in);
    if (mt_json_scan_next(&s) != MT_TOKEN_OBJECT)
        return false;
    enum mt_token token;
    while ((token = mt_json_scan_next(&s)) == MT_TOKEN_KEY) {
        struct mt_span key = s.text; /* the line is all there is: spans stay valid */
        token = mt_json_scan_next(&s);
        if (token == MT_TOKEN_TEXT || token == MT_TOKEN_NUMBER)
            take_member(r, key, token, s.text);
        else if (!mt_json_scan_skip(&s, token))
            return false;
    }
    if (token != MT_TOKEN_OBJECT_END)
        return false;
    if (r->pause_start_ns == MT_NO_TIME && r->pause_end_ns != MT_NO_TIME)
        r->pause_start_ns = r->pause_end_ns - (r->pause_ns > 0 ? r->pause_ns : 0);
    r->is_gclog |= r->has_gc && r->pause_ns >= 0;
    return true;
}

static uint64_t bytes_of(double number)
{
    return number >= 0 && number < 0x1p63 ? (uint64_t)number : MT_NO_BYTES;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* The program looked once and found several cycles behind it. */
static bool looked_once(const struct record *a, const struct record *b)
{
    return !isnan(a->heap_alloc) && same_number(a->heap_alloc, b->heap_alloc) &&
           same_number(a->next_gc, b->next_gc) && same_number(a->heap_objects, b->heap_objects);
}

static void set_if_known(struct mt_arena *a, struct mt_table *t, enum mt_metric metric, double v)
{
    if (!isnan(v))
        mt_table_set(a, t, metric, v);
}

/* A record's sizes were true when its pause was over, or later. */
static void add_row(struct mt_capture *out, struct process *p)
{
    const struct record *r = &p->last;
    struct mt_table *t = &out->tables[p->table - 1];
    int64_t pause_ns = r->pause_ns > 0 ? r->pause_ns : 0;
    int64_t time_ns = r->pause_start_ns == MT_NO_TIME ? MT_NO_TIME : r->pause_start_ns + pause_ns;
    mt_table_row(out->arena, t, time_ns);
    if (r->number)
        mt_table_set(out->arena, t, MT_M_NUM_GC, (double)r->number);
    if (r->pause_ns >= 0)
        mt_table_set(out->arena, t, MT_M_LAST_PAUSE, (double)r->pause_ns);
    if (time_ns != MT_NO_TIME)
        mt_table_set(out->arena, t, MT_M_LAST_GC, (double)time_ns);
    set_if_known(out->arena, t, MT_M_HEAP_ALLOC, r->heap_alloc);
    set_if_known(out->arena, t, MT_M_NEXT_GC, r->next_gc);
    set_if_known(out->arena, t, MT_M_HEAP_OBJECTS, r->heap_objects);
    for (size_t i = 0; i < r->n_extra; i++)
        mt_table_set(out->arena, t, r->extra[i].metric, r->extra[i].number);
    p->pending = false;
}

static void begin_process(struct mt_capture *out, struct process *p)
{
    if (p->pending)
        add_row(out, p);
    mt_capture_add_gc_log(out, "gclog")->clock.clock = MT_CLOCK_SAME;
    mt_capture_add_table(out, "gclog")->clock.clock = MT_CLOCK_SAME;
    *p = (struct process){.gc_log = out->n_gc_logs, .table = out->n_tables};
}

static void note_number(struct mt_gc_log *log, struct process *p, uint64_t number)
{
    if (!number) {
        p->unnumbered++;
        return;
    }
    uint64_t between = p->number ? number - p->number - 1 : 0;
    if (between > p->unnumbered)
        log->missing_numbers += between - p->unnumbered;
    p->number = number;
    p->unnumbered = 0;
}

static void add_cycle(struct mt_capture *out, struct process *p, const struct record *r)
{
    bool back = p->gc_log && r->number && r->number <= p->number;
    if (back && r->number == p->last.number && r->pause_start_ns == p->last.pause_start_ns)
        return; /* the same cycle once more */
    if (!p->gc_log || back) {
        if (out->n_gc_logs == PROCESSES_MOST) {
            out->skipped++;
            return;
        }
        begin_process(out, p);
    } else if (p->pending && !looked_once(&p->last, r))
        add_row(out, p);
    else if (p->pending)
        ((struct detail *)out->detail)->repeated++;
    struct mt_gc_log *log = &out->gc_logs[p->gc_log - 1];
    note_number(log, p, r->number);
    MT_RESERVE(out->arena, log->cycles, log->n_cycles, log->cap_cycles);
    struct mt_gc_cycle *c = &log->cycles[log->n_cycles++];
    mt_gc_cycle_init(c);
    c->number = r->number;
    c->time_ns = r->pause_start_ns;
    c->pause_ns = r->pause_ns > 0 ? r->pause_ns : 0;
    c->heap_end_bytes = bytes_of(r->heap_alloc);
    c->goal_bytes = bytes_of(r->next_gc);
    if (r->pause_start_ns == MT_NO_TIME)
        log->clock.clock = out->tables[p->table - 1].clock.clock = MT_CLOCK_NONE;
    log->clock.zone_unknown |= r->zone_unknown;
    out->tables[p->table - 1].clock.zone_unknown |= r->zone_unknown;
    p->last = *r;
    p->pending = true;
    out->records++;
}

static void remark(struct mt_capture *out)
{
    const struct detail *d = out->detail;
    mt_cycles_remark(out, "gclog", "a cycle number");
    if (d->repeated)
        mt_capture_remark(out, false, "polled-gclog",
                          "The program that wrote this GC log looked at times of its own: %llu of "
                          "%llu cycles repeat the sizes of a later one and are not compared.",
                          (unsigned long long)d->repeated, (unsigned long long)out->records);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    out->detail = MT_NEW(out->arena, struct detail);
    struct mt_origins origins;
    mt_origins_init(&origins, sizeof(struct process));
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    mt_wrapped_begin(&wrapped, in, out->arena);
    while (mt_wrapped_next(&wrapped, &line)) {
        struct record record;
        size_t object = mt_span_find_byte(line.text, '{');
        if (object == MT_NPOS)
            continue;
        if (!take_record(mt_span_from(line.text, object), &record)) {
            out->skipped += mt_span_find(line.text, "gcPause") != MT_NPOS;
        } else if (record.is_gclog) {
            struct process *process = mt_origins_take(&origins, line.origin);
            if (record.pause_start_ns == MT_NO_TIME)
                record.pause_start_ns = line.time_ns;
            if (process)
                add_cycle(out, process, &record);
            else
                out->skipped++;
        } else {
            out->skipped += record.bad_time;
        }
        mt_cur_release(in);
    }
    for (size_t i = 0; i < MT_ORIGINS_MOST; i++) {
        struct process *process = origins.states[i];
        if (process && process->pending)
            add_row(out, process);
    }
    mt_origins_clear(&origins);
    remark(out);
    return mt_cur_ok(in);
}

static bool is_own(struct mt_span line)
{
    struct record record;
    size_t object = mt_span_find_byte(line, '{');
    return object != MT_NPOS && take_record(mt_span_from(line, object), &record) && record.is_gclog;
}

static enum mt_match sniff(struct mt_span head)
{
    return mt_wrapped_sniff(head, is_own);
}

static void inspect_log(const struct mt_capture *c, const struct mt_gc_log *log,
                        struct mt_json_out *out)
{
    (void)c;
    const struct mt_gc_cycle *first = &log->cycles[0], *last = &log->cycles[log->n_cycles - 1];
    mt_cycles_inspect_numbers(log, out);
    mt_cycles_inspect_pauses(log, out);
    if (last->heap_end_bytes != MT_NO_BYTES)
        mt_json_kv_u64(out, "last_heap_alloc", last->heap_end_bytes);
    if (last->goal_bytes != MT_NO_BYTES)
        mt_json_kv_u64(out, "last_next_gc", last->goal_bytes);
    if (first->time_ns != MT_NO_TIME)
        mt_json_kv_i64(out, "first_time_ns", first->time_ns);
    if (last->time_ns != MT_NO_TIME)
        mt_json_kv_i64(out, "last_time_ns", last->time_ns);
}

static void inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    const struct detail *d = c->detail;
    mt_cycles_inspect(c, out, inspect_log);
    mt_json_kv_u64(out, "repeated", d->repeated);
}

const struct mt_reader mt_reader_gclog = {
    .name = "gclog",
    .kind = "GC log",
    .summary = "JSON lines a service writes per collection: cycle, gcPauseStart, PauseNs, sizes",
    .example = "{\"gc\":7,\"gcPauseStart\":\"2026-11-22T19:03:50.552Z\",\"HeapAlloc\":2867776,"
               "\"NextGC\":5343514,\"PauseNs\":159698,\"HeapObjects\":42038}",
    .how = "in the service: for each new NumGC of runtime.MemStats log one such line",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = inspect,
};
