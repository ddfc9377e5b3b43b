/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jvm_gc/log.h"

#include "parsers/base/text.h"

#include <string.h>

/* Lines of several threads are not written in the order of their times. */
static const int64_t DISORDER_NS = 10 * MT_SECOND_NS;

void mt_jvm_log_restart(struct mt_jvm_log *log)
{
    *log = (struct mt_jvm_log){.out = log->out,
                               .last = {.time_ns = MT_NO_TIME, .since_ns = MT_NO_TIME}};
}

bool mt_jvm_log_note_time(struct mt_jvm_log *log, const struct mt_jvm_times *t)
{
    bool back = t->since_ns != MT_NO_TIME && log->last.since_ns != MT_NO_TIME &&
                t->since_ns < log->last.since_ns - DISORDER_NS;
    if (back)
        mt_jvm_log_restart(log);
    if (t->since_ns != MT_NO_TIME)
        log->last.since_ns = t->since_ns;
    if (t->time_ns != MT_NO_TIME)
        log->last.time_ns = t->time_ns;
    return back;
}

void mt_jvm_log_collector(struct mt_jvm_log *log, const char *name)
{
    bool said = log->collector && !(strcmp(log->collector, "Serial") == 0 &&
                                    strcmp(name, "CMS") == 0); /* CMS with DefNew for the young */
    if (said)
        return;
    log->collector = name;
    if (log->index)
        log->out->gc_logs[log->index - 1].collector = mt_intern_text(log->out->strings, name);
}

void mt_jvm_cycle_init(struct mt_gc_cycle *cycle)
{
    mt_gc_cycle_init_jvm(cycle, MT_GC_CONCURRENT);
}

void mt_jvm_cycle_start(struct mt_gc_cycle *cycle, const struct mt_jvm_times *t, int64_t later_ns)
{
    cycle->time_ns = t->time_ns == MT_NO_TIME ? MT_NO_TIME : t->time_ns - later_ns;
    cycle->since_start_ns = t->since_ns == MT_NO_TIME ? MT_NO_TIME : t->since_ns - later_ns;
}

void mt_jvm_cycle_heap(struct mt_gc_cycle *cycle, const struct mt_jvm_change *change)
{
    if (cycle->heap_start_bytes == MT_NO_BYTES)
        cycle->heap_start_bytes = change->before;
    cycle->heap_live_bytes = change->after;
    if (change->total != MT_NO_BYTES)
        cycle->heap_total_bytes = change->total;
}

struct mt_gc_cycle *mt_jvm_log_add(struct mt_jvm_log *log, const struct mt_gc_cycle *cycle,
                                   bool zone_unknown)
{
    struct mt_capture *out = log->out;
    if (!log->index) {
        if (out->n_gc_logs == MT_JVM_LOGS) {
            out->skipped++;
            return NULL;
        }
        struct mt_gc_log *begun = mt_capture_add_gc_log(out, "jvm-gc");
        begun->clock.clock = MT_CLOCK_SAME;
        if (log->collector)
            begun->collector = mt_intern_text(out->strings, log->collector);
        log->index = out->n_gc_logs;
    }
    struct mt_gc_log *to = &out->gc_logs[log->index - 1];
    MT_RESERVE(out->arena, to->cycles, to->n_cycles, to->cap_cycles);
    struct mt_gc_cycle *kept = &to->cycles[to->n_cycles++];
    *kept = *cycle;
    if (kept->time_ns == MT_NO_TIME)
        to->clock.clock = MT_CLOCK_NONE;
    to->clock.zone_unknown |= zone_unknown;
    log->order++;
    out->records++;
    return kept;
}
