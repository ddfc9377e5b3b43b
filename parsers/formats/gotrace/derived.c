/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/derived.h"

/* Sites and collections that are told singly. */
enum { MOST_SITES = 20, MOST_CYCLES = 1000 };

static void counts(struct mt_json_out *out, const char *key, const uint32_t *values, size_t n)
{
    mt_json_key(out, key);
    mt_json_array(out);
    for (size_t i = 0; i < n; i++)
        mt_json_u64(out, values[i]);
    mt_json_array_end(out);
}

static void sites(const struct mt_capture *c, struct mt_json_out *out)
{
    const struct mt_trace *t = c->trace;
    mt_json_kv_i64(out, "step_ns", t->bin_ns);
    mt_json_key(out, "goroutines");
    mt_json_array(out);
    for (size_t i = 0, told = 0; i < t->n_sites && told < MOST_SITES; i++) {
        const struct mt_trace_site *s = &t->sites[i];
        if (!s->course.created)
            continue;
        told++;
        mt_json_object(out);
        mt_json_kv_span(out, "function", mt_string(c->strings, s->start_function));
        mt_json_kv_span(out, "creator", mt_string(c->strings, s->creator));
        counts(out, "created", s->course.created, t->n_bins);
        counts(out, "ended", s->course.ended, t->n_bins);
        counts(out, "left", s->course.left, t->n_bins);
        mt_json_object_end(out);
    }
    mt_json_array_end(out);
}

static void cycles(const struct mt_gc_log *log, int64_t start_ns, struct mt_json_out *out)
{
    for (size_t i = 0; i < log->n_cycles && i < MOST_CYCLES; i++) {
        const struct mt_gc_cycle *cycle = &log->cycles[i];
        double marked_ns =
            (double)cycle->cpu_assist_ns + (double)cycle->cpu_background_ns; /* idle: of no cost */
        mt_json_object(out);
        mt_json_kv_i64(out, "start_ns", cycle->time_ns - start_ns);
        mt_json_kv_i64(out, "mark_ns", cycle->mark_ns);
        mt_json_kv_i64(out, "pause_ns", cycle->pause_ns);
        mt_json_kv_i64(out, "assist_ns", cycle->cpu_assist_ns);
        mt_json_kv_i64(out, "background_ns", cycle->cpu_background_ns);
        mt_json_kv_i64(out, "idle_ns", cycle->cpu_idle_ns);
        mt_json_kv_i64(out, "sweep_ns", cycle->cpu_sweep_ns);
        if (marked_ns > 0)
            mt_json_kv_f64(out, "assist_share", (double)cycle->cpu_assist_ns / marked_ns);
        mt_json_object_end(out);
    }
}

void mt_derived_inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    int64_t start_ns = c->trace->start_ns == MT_NO_TIME ? 0 : c->trace->start_ns;
    mt_json_key(out, "derived");
    mt_json_object(out);
    mt_json_key(out, "gc_cycles");
    mt_json_array(out);
    for (size_t i = 0; i < c->n_gc_logs; i++)
        cycles(&c->gc_logs[i], start_ns, out);
    mt_json_array_end(out);
    sites(c, out);
    mt_json_object_end(out);
}
