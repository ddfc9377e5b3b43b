/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jvm_gc/classic.h"

#include "parsers/formats/jvm_gc/record.h"

#include <string.h>

enum { PENDING_BYTES = 1 << 20, PENDING_LINES = 200, PREFIX_TRIES = 4 };

/* "[GC ", "[GC--", "[GC1.000: " (JDK 7) and "[Full GC", but not G1's "[GC Worker Start (ms): ...".
 */
static size_t find_record(struct mt_span line)
{
    for (size_t from = 0;;) {
        size_t at = mt_span_find(mt_span_from(line, from), "GC");
        if (at == MT_NPOS)
            return MT_NPOS;
        at += from;
        from = at + 2;
        struct mt_span rest = mt_span_from(line, from);
        if (mt_span_starts(rest, " Worker") || mt_span_starts(rest, "("))
            continue;
        if (at >= 1 && line.data[at - 1] == '[')
            return at - 1;
        if (at >= 6 && mt_span_starts(mt_span_from(line, at - 6), "[Full "))
            return at - 6;
    }
}

static bool is_banner(struct mt_span line)
{
    return mt_span_starts(line, "Java HotSpot(TM) ") || mt_span_starts(line, "OpenJDK ") ||
           mt_span_starts(line, "CommandLine flags: ");
}

/* PrintGCID: "#12: " */
static bool take_id(struct mt_span *text)
{
    struct mt_span rest = *text;
    int64_t number;
    if (!mt_span_take(&rest, "#") || !mt_jvm_take_decimal(&rest, 0, &number) ||
        !mt_span_take(&rest, ": "))
        return false;
    *text = rest;
    return true;
}

/* "2014-05-02T12:00:00.123+0100: 1.234: ", either of both, the whole text. */
static bool take_times(struct mt_span text, struct mt_jvm_times *times)
{
    int64_t value;
    bool zone_known;
    struct mt_span rest = text;
    take_id(&rest);
    struct mt_span dated = rest;
    if (rest.size > 16 && mt_time_take(&dated, &value, &zone_known) && mt_span_take(&dated, ": ")) {
        times->time_ns = value >= 0 ? value : MT_NO_TIME;
        times->zone_unknown = !zone_known;
        rest = dated;
    }
    if (mt_jvm_take_decimal(&rest, 9, &value)) {
        if (!mt_span_take(&rest, ": "))
            return false;
        times->since_ns = value;
    }
    take_id(&rest); /* where it stands since JDK 8 */
    return !rest.size;
}

bool mt_jvm_is_classic(struct mt_span line)
{
    size_t at = find_record(line);
    if (at == MT_NPOS)
        return mt_span_find(line, "[CMS-concurrent-") != MT_NPOS;
    struct mt_jvm_record record;
    struct mt_span text = mt_span_from(line, at);
    if (mt_jvm_take_record(&text, &record) == MT_JVM_RECORD_WHOLE)
        return record.duration_ns >= 0 || record.kind == MT_JVM_G1_CONCURRENT;
    /* One that later lines end is known by the stamps in front. */
    struct mt_jvm_times times = {.time_ns = MT_NO_TIME, .since_ns = MT_NO_TIME};
    return take_times(mt_span_sub(line, 0, at), &times) && times.since_ns != MT_NO_TIME;
}

/* Other text may stand before the stamps: whatever follows one of its first blanks is tried. */
static struct mt_jvm_times times_of(struct mt_span prefix, const struct mt_jvm_times *wrapper)
{
    struct mt_jvm_times times = {.time_ns = MT_NO_TIME, .since_ns = MT_NO_TIME};
    for (int i = 0; i < PREFIX_TRIES && prefix.size; i++) {
        if (take_times(prefix, &times))
            break;
        times = (struct mt_jvm_times){.time_ns = MT_NO_TIME, .since_ns = MT_NO_TIME};
        size_t blank = mt_span_find_byte(prefix, ' ');
        prefix = mt_span_from(prefix, blank == MT_NPOS ? prefix.size : blank + 1);
    }
    if (times.time_ns == MT_NO_TIME) {
        times.time_ns = wrapper->time_ns;
        times.zone_unknown = wrapper->zone_unknown;
    }
    return times;
}

static void restart(struct mt_jvm_classic *k)
{
    struct mt_jvm_log *log = k->log;
    mt_jvm_log_restart(log);
    k->pending_size = k->pending_lines = k->pending_depth = 0;
    k->cms.open = k->g1.open = k->details = k->cms_swept = false;
}

static struct mt_gc_cycle *add(struct mt_jvm_classic *k, struct mt_gc_cycle *cycle, bool zone)
{
    cycle->number = k->log->order;
    mt_gc_cycle_derive(cycle, false);
    return mt_jvm_log_add(k->log, cycle, zone);
}

/* CMS does not say what its sweep left. The old generation that the next young collection finds is
 * that and what was promoted into it meanwhile. */
static void settle_cms(struct mt_jvm_classic *k, const struct mt_gc_cycle *young)
{
    if (!k->cms_swept || !k->log->index)
        return;
    struct mt_gc_log *log = &k->log->out->gc_logs[k->log->index - 1];
    if (young->kind == MT_GC_YOUNG && young->old_before_bytes != MT_NO_BYTES &&
        k->cms_index < log->n_cycles)
        log->cycles[k->cms_index].old_after_bytes = young->old_before_bytes;
    k->cms_swept = false;
}

static void background_begin(struct mt_jvm_background *b, const struct mt_jvm_times *times)
{
    *b = (struct mt_jvm_background){.open = true, .zone_unknown = times->zone_unknown};
    mt_jvm_cycle_init(&b->cycle);
    mt_jvm_cycle_start(&b->cycle, times, 0);
}

static void background_pause(struct mt_jvm_background *b, int64_t ns)
{
    if (b->open && ns > 0)
        b->cycle.pause_ns = mt_jvm_add_ns(b->cycle.pause_ns, ns);
}

static int64_t background_length(const struct mt_gc_cycle *c, const struct mt_jvm_times *end,
                                 int64_t later_ns)
{
    int64_t ns = -1;
    if (end->since_ns != MT_NO_TIME && c->since_start_ns != MT_NO_TIME)
        ns = end->since_ns - c->since_start_ns;
    else if (end->time_ns != MT_NO_TIME && c->time_ns != MT_NO_TIME)
        ns = end->time_ns - c->time_ns;
    return ns < 0 ? 0 : mt_jvm_add_ns(ns, later_ns > 0 ? later_ns : 0);
}

static void cms_record(struct mt_jvm_classic *k, const struct mt_jvm_record *r,
                       const struct mt_jvm_times *times)
{
    struct mt_jvm_background *b = &k->cms;
    mt_jvm_log_collector(k->log, "CMS");
    if (r->kind == MT_JVM_CMS_INITIAL_MARK) {
        background_begin(b, times);
        b->cycle.old_before_bytes = r->occupied_bytes;
    }
    if (r->kind != MT_JVM_CMS_PHASE) {
        background_pause(b, r->duration_ns);
        return;
    }
    if (!r->ends || !b->open)
        return;
    b->cycle.duration_ns = background_length(&b->cycle, times, 0);
    b->open = false;
    k->cms_swept = add(k, &b->cycle, b->zone_unknown) != NULL;
    if (k->cms_swept)
        k->cms_index = k->log->out->gc_logs[k->log->index - 1].n_cycles - 1;
}

static void g1_background_record(struct mt_jvm_classic *k, const struct mt_jvm_record *r,
                                 const struct mt_jvm_times *times)
{
    struct mt_jvm_background *b = &k->g1;
    mt_jvm_log_collector(k->log, "G1");
    if (r->kind == MT_JVM_G1_CONCURRENT) {
        if (r->ends)
            b->open = false; /* aborted by a full collection */
        else if (!b->open)
            background_begin(b, times);
        return;
    }
    background_pause(b, r->duration_ns);
    if (r->kind != MT_JVM_G1_CLEANUP || !b->open)
        return;
    if (r->has_heap)
        mt_jvm_cycle_heap(&b->cycle, &r->heap);
    b->cycle.duration_ns = background_length(&b->cycle, times, r->duration_ns);
    b->open = false;
    add(k, &b->cycle, b->zone_unknown);
}

static void generation(uint64_t *before, uint64_t *after, const struct mt_jvm_change *change)
{
    *before = change->before;
    *after = change->after;
}

static void collection(struct mt_jvm_classic *k, const struct mt_jvm_record *r,
                       const struct mt_jvm_times *times)
{
    struct mt_gc_cycle c;
    mt_jvm_cycle_init(&c);
    mt_jvm_cycle_start(&c, times, 0);
    if (r->collector)
        mt_jvm_log_collector(k->log, r->collector);
    c.kind = r->kind == MT_JVM_FULL    ? MT_GC_FULL
             : r->kind == MT_JVM_MIXED ? MT_GC_MIXED
                                       : MT_GC_YOUNG;
    if (r->cause.size)
        c.cause = mt_intern(k->log->out->strings, r->cause);
    c.pause_ns = c.duration_ns = r->duration_ns > 0 ? r->duration_ns : 0;
    if (r->has_heap)
        mt_jvm_cycle_heap(&c, &r->heap);
    if (r->has_young)
        generation(&c.young_before_bytes, &c.young_after_bytes, &r->young);
    if (r->has_old)
        generation(&c.old_before_bytes, &c.old_after_bytes, &r->old);
    k->details = r->g1_pause && !r->has_heap;
    if (c.kind == MT_GC_FULL)
        k->cms.open = false; /* a failed concurrent collection */
    if (add(k, &c, times->zone_unknown))
        settle_cms(k, &c);
}

static void use_record(struct mt_jvm_classic *k, const struct mt_jvm_record *r,
                       const struct mt_jvm_times *times)
{
    if (mt_jvm_log_note_time(k->log, times)) {
        struct mt_jvm_times now = k->log->last;
        restart(k);
        k->log->last = now;
    }
    k->details = false;
    if (r->kind == MT_JVM_CMS_INITIAL_MARK || r->kind == MT_JVM_CMS_REMARK ||
        r->kind == MT_JVM_CMS_PHASE)
        cms_record(k, r, times);
    else if (r->kind == MT_JVM_G1_CONCURRENT || r->kind == MT_JVM_G1_REMARK ||
             r->kind == MT_JVM_G1_CLEANUP)
        g1_background_record(k, r, times);
    else if (r->duration_ns >= 0)
        collection(k, r, times);
    else
        k->log->out->skipped++;
}

/* Early G1 had only the heap: "   [ 24M->8M(256M)]". */
static bool early_heap_line(struct mt_jvm_classic *k, struct mt_span text)
{
    struct mt_jvm_change heap;
    if (!k->details || !k->log->index || !mt_span_take(&text, "[ ") ||
        !mt_jvm_take_change(&text, &heap))
        return false;
    struct mt_gc_log *log = &k->log->out->gc_logs[k->log->index - 1];
    mt_jvm_cycle_heap(&log->cycles[log->n_cycles - 1], &heap);
    k->details = false;
    return true;
}

/* "   [Eden: 24.0M(24.0M)->0.0B(13.0M) Survivors: 0.0B->3072.0K Heap: 24.0M(256.0M)->5.0M(256.0M)]"
 */
static bool eden_line(struct mt_jvm_classic *k, struct mt_span line)
{
    struct mt_jvm_change eden, survivors, heap;
    struct mt_span text = mt_span_trim(line);
    if (!mt_span_take(&text, "[Eden: "))
        return early_heap_line(k, text);
    if (!k->details || !k->log->index || !mt_jvm_take_change(&text, &eden) ||
        !mt_span_take(&text, " Survivors: ") || !mt_jvm_take_change(&text, &survivors) ||
        !mt_span_take(&text, " Heap: ") || !mt_jvm_take_change(&text, &heap))
        return true;
    struct mt_gc_log *log = &k->log->out->gc_logs[k->log->index - 1];
    struct mt_gc_cycle *c = &log->cycles[log->n_cycles - 1];
    mt_jvm_cycle_heap(c, &heap);
    c->young_before_bytes = eden.before + survivors.before;
    c->young_after_bytes = eden.after + survivors.after;
    mt_gc_cycle_derive(c, false);
    k->details = false;
    return true;
}

static void drop_pending(struct mt_jvm_classic *k)
{
    k->log->out->skipped++;
    k->pending_size = k->pending_lines = k->pending_depth = 0;
}

/* Adds the line to the record; true when all its brackets are closed. */
static bool keep_pending(struct mt_jvm_classic *k, struct mt_span text)
{
    size_t need = k->pending_size + text.size + 1;
    if (need > PENDING_BYTES || k->pending_lines == PENDING_LINES) {
        drop_pending(k);
        return false;
    }
    if (need > k->pending_capacity) {
        size_t capacity = need < 4096 ? 4096 : need * 2;
        k->pending =
            mt_arena_grow(k->log->out->arena, k->pending, k->pending_capacity, capacity, 1);
        k->pending_capacity = capacity;
    }
    if (text.size)
        memcpy(k->pending + k->pending_size, text.data, text.size);
    k->pending[need - 1] = ' ';
    k->pending_size = need;
    k->pending_lines++;
    for (size_t i = 0; i < text.size; i++) {
        k->pending_depth += text.data[i] == '[';
        if (text.data[i] == ']' && --k->pending_depth == 0)
            return true;
    }
    return false;
}

static void take_pending(struct mt_jvm_classic *k)
{
    struct mt_jvm_record record;
    struct mt_span text = {k->pending, k->pending_size};
    if (mt_jvm_take_record(&text, &record) == MT_JVM_RECORD_WHOLE)
        use_record(k, &record, &k->pending_times);
    k->pending_size = k->pending_lines = k->pending_depth = 0;
}

static void begin_record(struct mt_jvm_classic *k, struct mt_span text,
                         const struct mt_jvm_times *times)
{
    struct mt_jvm_record record;
    if (k->pending_size) /* the one before never ended */
        drop_pending(k);
    struct mt_span rest = text;
    if (mt_jvm_take_record(&rest, &record) == MT_JVM_RECORD_WHOLE) {
        use_record(k, &record, times);
    } else {
        k->pending_times = *times;
        keep_pending(k, text);
    }
}

static bool cms_phase(struct mt_jvm_classic *k, struct mt_span line,
                      const struct mt_jvm_times *wrapper)
{
    size_t at = mt_span_find(line, "[CMS-concurrent-");
    if (at == MT_NPOS || k->pending_size)
        return false;
    struct mt_jvm_times times = times_of(mt_span_sub(line, 0, at), wrapper);
    struct mt_jvm_record record = {
        .kind = MT_JVM_CMS_PHASE,
        .ends = mt_span_starts(mt_span_from(line, at), "[CMS-concurrent-reset:")};
    use_record(k, &record, &times);
    return true;
}

bool mt_jvm_classic_line(struct mt_jvm_classic *k, struct mt_span line,
                         const struct mt_jvm_times *wrapper)
{
    size_t at = find_record(line);
    if (at != MT_NPOS) {
        struct mt_jvm_times times = times_of(mt_span_sub(line, 0, at), wrapper);
        begin_record(k, mt_span_from(line, at), &times);
        return true;
    }
    if (cms_phase(k, line, wrapper))
        return true;
    if (is_banner(line)) {
        if (k->log->index && !mt_span_starts(line, "CommandLine"))
            restart(k);
        return true;
    }
    if (k->pending_size) {
        if (keep_pending(k, line))
            take_pending(k);
        return true;
    }
    return eden_line(k, line);
}

void mt_jvm_classic_end(struct mt_jvm_classic *k)
{
    if (k->pending_size)
        k->log->out->skipped++;
}
