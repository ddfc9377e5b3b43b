/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GC logs of HotSpot JVMs. Two families, told apart line by line:
 *
 *   [0.677s][info][gc] GC(6) Pause Full (Allocation Failure) 46M->12M(61M) 7.922ms     JDK 9 on
 *   1.234: [GC (Allocation Failure)  65536K->10240K(251392K), 0.0123456 secs]          JDK 5 to 8
 */
#include "parsers/formats/cycles/cycles.h"
#include "parsers/formats/jvm_gc/classic.h"
#include "parsers/formats/jvm_gc/unified.h"
#include "parsers/formats/lines/origins.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/reader.h"

struct detail {
    uint64_t unified_lines, classic_lines;
};

/* One pod's or container's; all that a log without such wrappers holds. */
struct stream {
    struct mt_jvm_log log;
    struct mt_jvm_unified unified;
    struct mt_jvm_classic classic;
};

struct reading {
    struct mt_capture *out;
    struct detail *detail;
    struct mt_origins origins;
};

/* NULL: there are too many. */
static struct stream *stream_of(struct reading *r, struct mt_span origin)
{
    struct stream *s = mt_origins_take(&r->origins, origin);
    if (s && !s->log.out) {
        s->log.out = r->out;
        s->unified.log = s->classic.log = &s->log;
        mt_jvm_log_restart(&s->log);
    }
    return s;
}

static void read_line(struct reading *r, const struct mt_wrapped_line *line)
{
    struct mt_jvm_times wrapper = {line->time_ns, MT_NO_TIME, !line->zone_known};
    struct mt_span text = mt_jvm_undecorate(line->text);
    struct stream *s = stream_of(r, line->origin);
    if (!s) {
        r->out->skipped += mt_jvm_is_unified(text) || mt_jvm_is_classic(line->text);
        return;
    }
    bool classic = s->classic.pending_size || !mt_span_starts(text, "GC(");
    if (classic && mt_jvm_classic_line(&s->classic, line->text, &wrapper))
        r->detail->classic_lines++;
    else if (mt_jvm_unified_line(&s->unified, line->text, text, &wrapper))
        r->detail->unified_lines++;
}

static void remark(struct mt_capture *out)
{
    size_t n = mt_cycles_count_logs(out, "jvm-gc");
    if (n > 1)
        mt_capture_remark(out, false, "several-processes",
                          "%zu JVMs wrote into this GC log; each is judged apart.", n);
    for (size_t i = 0; i < out->n_gc_logs; i++)
        if (mt_span_is(mt_span_of(out->gc_logs[i].source), "jvm-gc") &&
            out->gc_logs[i].clock.clock == MT_CLOCK_NONE)
            mt_capture_remark(out, false, "uptime-only",
                              "The JVM's GC log counts from its start and has no dates "
                              "(-Xlog:gc*::time,uptime or -XX:+PrintGCDateStamps adds them).");
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {.out = out};
    r.detail = out->detail = MT_NEW(out->arena, struct detail);
    mt_origins_init(&r.origins, sizeof(struct stream));
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    mt_wrapped_begin(&wrapped, in, out->arena);
    while (mt_wrapped_next(&wrapped, &line)) {
        read_line(&r, &line);
        mt_cur_release(in);
    }
    for (size_t i = 0; i < MT_ORIGINS_MOST; i++)
        if (r.origins.states[i]) {
            struct stream *s = r.origins.states[i];
            mt_jvm_unified_end(&s->unified);
            mt_jvm_classic_end(&s->classic);
        }
    mt_origins_clear(&r.origins);
    remark(out);
    return mt_cur_ok(in);
}

static bool is_own(struct mt_span line)
{
    return mt_jvm_is_unified(mt_jvm_undecorate(line)) || mt_jvm_is_classic(line);
}

static enum mt_match sniff(struct mt_span head)
{
    return mt_wrapped_sniff(head, is_own);
}

static uint64_t mib(uint64_t bytes)
{
    return bytes >> 20;
}

static void inspect_log(const struct mt_capture *c, const struct mt_gc_log *log,
                        struct mt_json_out *out)
{
    static const char *const kinds[] = {"go", "young", "mixed", "full", "concurrent"};
    uint64_t count[sizeof kinds / sizeof *kinds] = {0};
    uint64_t promoted = 0, last_old = MT_NO_BYTES, last_heap = MT_NO_BYTES;
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *y = &log->cycles[i];
        count[y->kind]++;
        if (y->promoted_bytes != MT_NO_BYTES)
            promoted += y->promoted_bytes;
        if (y->old_after_bytes != MT_NO_BYTES)
            last_old = y->old_after_bytes;
        if (y->heap_live_bytes != MT_NO_BYTES)
            last_heap = y->heap_live_bytes;
    }
    if (log->collector)
        mt_json_kv_span(out, "collector", mt_string(c->strings, log->collector));
    mt_json_kv_u64(out, "cycles", log->n_cycles);
    for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++)
        mt_json_kv_u64(out, kinds[i], count[i]);
    mt_cycles_inspect_pauses(log, out);
    mt_json_kv_u64(out, "promoted_mib", mib(promoted));
    if (last_heap != MT_NO_BYTES)
        mt_json_kv_u64(out, "last_heap_mib", mib(last_heap));
    if (last_old != MT_NO_BYTES)
        mt_json_kv_u64(out, "last_old_mib", mib(last_old));
    const struct mt_gc_cycle *last = &log->cycles[log->n_cycles - 1];
    if (log->cycles[0].time_ns != MT_NO_TIME)
        mt_json_kv_i64(out, "first_time_ns", log->cycles[0].time_ns);
    if (last->since_start_ns != MT_NO_TIME)
        mt_json_kv_f64(out, "last_at_s", (double)last->since_start_ns / 1e9);
}

static void inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    const struct detail *d = c->detail;
    mt_cycles_inspect(c, out, inspect_log);
    mt_json_kv_u64(out, "unified_lines", d->unified_lines);
    mt_json_kv_u64(out, "classic_lines", d->classic_lines);
}

const struct mt_reader mt_reader_jvm_gc = {
    .name = "jvm-gc",
    .kind = "JVM GC log",
    .summary = "HotSpot GC logs, unified (-Xlog:gc*) and of JDK 5 to 8 (-XX:+PrintGCDetails): "
               "Serial, Parallel, CMS, G1, ZGC, Shenandoah",
    .example = "[0.677s][info][gc] GC(6) Pause Full (Allocation Failure) 46M->12M(61M) 7.922ms\n"
               "1.234: [GC (Allocation Failure)  65536K->10240K(251392K), 0.0123456 secs]",
    .how = "java -Xlog:gc*:file=gc.log:time,uptime,level,tags ...\n"
           "java -XX:+PrintGCDetails -XX:+PrintGCDateStamps -Xloggc:gc.log ... (JDK 8)",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = inspect,
};
