/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/recorder.h"

#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/metrics/recorder_check.h"

#include <math.h>
#include <string.h>

enum { MOST_PROCESSES = 1024 };

/* From here on a limit means that there is none, and a size cannot be. */
static const double NO_LIMIT_BYTES = 0x1p60;
static const double LARGEST_COUNT = 0x1p64;
static const double LARGEST_GOGC = 1e6;

struct mt_recorder_process {
    uint32_t pid, origin;
    size_t table;
};

void mt_recorder_begin(struct mt_recorder *r, struct mt_capture *out, const char *source)
{
    memset(r, 0, sizeof *r);
    r->out = out;
    r->source = source;
    r->time_ns = MT_NO_TIME;
}

enum judgement { GOOD, NOT_SAID, IMPOSSIBLE };

static enum judgement judge(enum mt_metric metric, double value)
{
    if (!isfinite(value) || value < 0)
        return metric == MT_M_GOGC && value < 0 ? NOT_SAID : IMPOSSIBLE;
    switch (mt_metric_info(metric)->unit) {
    case MT_BYTES: {
        bool limit = metric == MT_M_GOMEMLIMIT || metric == MT_M_CGROUP_LIMIT ||
                     metric == MT_M_NEXT_GC; /* ^0 with the collector off */
        return value < NO_LIMIT_BYTES ? GOOD : limit ? NOT_SAID : IMPOSSIBLE;
    }
    case MT_UNIX_NS:
        return value <= 0 ? NOT_SAID : value < 0x1p63 ? GOOD : IMPOSSIBLE;
    case MT_RATIO:
        return value <= 1 ? GOOD : IMPOSSIBLE;
    default:
        if (metric == MT_M_GOGC && value > LARGEST_GOGC)
            return NOT_SAID;
        return value <= LARGEST_COUNT ? GOOD : IMPOSSIBLE;
    }
}

static void put(struct mt_recorder *r, enum mt_metric metric, double value)
{
    if (!r->is_set[metric]) {
        r->is_set[metric] = true;
        r->order[r->n_set++] = (uint8_t)metric;
    }
    r->values[metric] = value;
}

void mt_recorder_set(struct mt_recorder *r, enum mt_metric metric, double value)
{
    enum judgement j = judge(metric, value);
    if (j != GOOD) {
        r->refused += j == IMPOSSIBLE;
        return;
    }
    put(r, metric, value);
}

static void set_quantity(struct mt_recorder *r, const struct mt_metric_name *name,
                         const struct mt_quantity *q)
{
    double value = q->value;
    if (!q->unit_named && name->unit_named)
        value *= name->scale;
    else if (!q->unit_named && mt_metric_info(name->metric)->unit == MT_UNIX_NS) {
        int64_t time_ns;
        value = mt_stamp_from_number(value, &time_ns) ? (double)time_ns : 0;
    }
    r->unit_named[name->metric] |= q->unit_named || name->unit_named;
    r->loose_unit |= q->loose_unit;
    r->strength += name->strength;
    mt_recorder_set(r, name->metric, value);
}

/* A word behind a number that is no unit: "HeapInuse=", "goroutines:". */
static bool another_name(struct mt_span s)
{
    size_t at = 0;
    while (at < s.size &&
           ((s.data[at] >= 'a' && s.data[at] <= 'z') || (s.data[at] >= 'A' && s.data[at] <= 'Z')))
        at++;
    return at < s.size && (s.data[at] == '=' || s.data[at] == ':' || s.data[at] == '_');
}

/* Digits, and behind them nothing that could belong to the number or be its unit. */
static bool take_plain(struct mt_span *text, uint64_t *number)
{
    enum { EXACT_DIGITS = 18 };
    const struct mt_span s = *text;
    uint64_t whole = 0;
    size_t at = 0;
    for (unsigned digit;
         at < s.size && at < EXACT_DIGITS && (digit = s.data[at] - (unsigned)'0') < 10; at++)
        whole = whole * 10 + digit;
    if (!at)
        return false;
    if (at < s.size && s.data[at] != '"' && s.data[at] != ']' && s.data[at] != '}' &&
        s.data[at] != ')' && s.data[at] != ';' &&
        !(s.data[at] == ' ' && another_name(mt_span_from(s, at + 1))))
        return false;
    *number = whole;
    *text = mt_span_from(s, at);
    return true;
}

bool mt_recorder_take(struct mt_recorder *r, const struct mt_metric_name *name,
                      struct mt_span *text)
{
    uint64_t number;
    if (name->plain && take_plain(text, &number)) {
        mt_recorder_put(r, name, (double)number);
        return true;
    }
    struct mt_quantity q;
    if (!mt_quantity_take(text, mt_metric_info(name->metric)->unit, &q))
        return false;
    set_quantity(r, name, &q);
    return true;
}

bool mt_recorder_text(struct mt_recorder *r, const struct mt_metric_name *name, struct mt_span text)
{
    struct mt_quantity q;
    if (!mt_quantity_parse(text, mt_metric_info(name->metric)->unit, &q))
        return false;
    set_quantity(r, name, &q);
    return true;
}

void mt_recorder_number(struct mt_recorder *r, const struct mt_metric_name *name, double value)
{
    set_quantity(r, name, &(struct mt_quantity){.value = value});
}

void mt_recorder_time(struct mt_recorder *r, int64_t time_ns, bool zone_known)
{
    r->time_ns = time_ns;
    r->zone_known = zone_known;
}

bool mt_recorder_has(const struct mt_recorder *r, enum mt_metric metric)
{
    return r->is_set[metric];
}

void mt_recorder_drop(struct mt_recorder *r)
{
    for (size_t i = 0; i < r->n_set; i++)
        r->is_set[r->order[i]] = false;
    r->n_set = 0;
    r->strength = 0;
    r->time_ns = MT_NO_TIME;
    r->zone_known = false;
    r->pid = 0;
    r->origin = (struct mt_span){0};
}

static bool is_process(const struct mt_recorder *r, const struct mt_recorder_process *p)
{
    return p->pid == r->pid && mt_span_equal(mt_string(r->out->strings, p->origin), r->origin);
}

/* The table of the record's process, made when it is new; NULL when there are too many. */
static struct mt_table *table_of_record(struct mt_recorder *r)
{
    size_t i = r->last_process; /* mostly the same again, or the next of a listing */
    if (i >= r->n_processes || !is_process(r, &r->processes[i]))
        i = i + 1 < r->n_processes ? i + 1 : 0;
    if (i >= r->n_processes || !is_process(r, &r->processes[i]))
        for (i = 0; i < r->n_processes && !is_process(r, &r->processes[i]); i++)
            ;
    if (i == r->n_processes) {
        if (i == MOST_PROCESSES)
            return NULL;
        MT_RESERVE(r->out->arena, r->processes, r->n_processes, r->cap_processes);
        struct mt_table *t = mt_capture_add_table(r->out, r->source);
        t->pid = r->pid;
        t->origin = mt_intern(r->out->strings, r->origin);
        r->processes[r->n_processes++] =
            (struct mt_recorder_process){r->pid, t->origin, r->out->n_tables - 1};
    }
    r->last_process = i;
    return &r->out->tables[r->processes[i].table];
}

bool mt_recorder_commit(struct mt_recorder *r)
{
    bool any = r->n_set > 0;
    struct mt_table *t = any ? table_of_record(r) : NULL;
    if (any && !t) {
        r->out->skipped++;
        mt_capture_remark(r->out, true, "too-many-processes",
                          "Records of more than %d processes are in one file; the others are left "
                          "out",
                          MOST_PROCESSES);
    }
    if (t) {
        mt_table_row(r->out->arena, t, r->time_ns);
        for (size_t i = 0; i < r->n_set; i++)
            mt_table_set(r->out->arena, t, r->order[i], r->values[r->order[i]]);
        if (r->time_ns != MT_NO_TIME) {
            t->clock.clock = MT_CLOCK_SAME;
            t->clock.zone_unknown |= !r->zone_known;
        }
        r->out->records++;
    }
    mt_recorder_drop(r);
    return t != NULL;
}

void mt_recorder_finish(struct mt_recorder *r)
{
    struct mt_capture *c = r->out;
    for (size_t i = 0; i < r->n_processes; i++)
        mt_recorder_check_table(c, r->processes[i].table, r->unit_named);
    if (r->n_processes > 1)
        mt_capture_remark(
            c, false, "several-processes",
            "%zu processes are in this file; each has series of its own, and a figure "
            "that names no process is of the one measured longest",
            r->n_processes);
    if (r->loose_unit)
        mt_capture_remark(c, false, "unit-assumed",
                          "kB, MB and GB are taken as powers of 1024, as Go programs mean them");
    if (r->refused)
        mt_capture_remark(c, false, "bad-values",
                          "%llu values that cannot be (negative, or larger than any machine has) "
                          "were left out",
                          (unsigned long long)r->refused);
}
