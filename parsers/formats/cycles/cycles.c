/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/cycles/cycles.h"

void mt_cycles_inspect_pauses(const struct mt_gc_log *log, struct mt_json_out *out)
{
    int64_t sum_ns = 0, longest_ns = 0;
    for (size_t i = 0; i < log->n_cycles; i++) {
        int64_t pause_ns = log->cycles[i].pause_ns;
        sum_ns = sum_ns <= INT64_MAX - pause_ns ? sum_ns + pause_ns : INT64_MAX;
        longest_ns = pause_ns > longest_ns ? pause_ns : longest_ns;
    }
    mt_json_kv_f64(out, "pause_ms", (double)sum_ns / 1e6);
    mt_json_kv_f64(out, "longest_pause_ms", (double)longest_ns / 1e6);
}

void mt_cycles_inspect_numbers(const struct mt_gc_log *log, struct mt_json_out *out)
{
    mt_json_kv_u64(out, "cycles", log->n_cycles);
    mt_json_kv_u64(out, "first", log->cycles[0].number);
    mt_json_kv_u64(out, "last", log->cycles[log->n_cycles - 1].number);
    mt_json_kv_u64(out, "missing", log->missing_numbers);
}

void mt_cycles_inspect(const struct mt_capture *c, struct mt_json_out *out,
                       void (*log)(const struct mt_capture *c, const struct mt_gc_log *log,
                                   struct mt_json_out *out))
{
    mt_json_key(out, "processes");
    mt_json_array(out);
    for (size_t i = 0; i < c->n_gc_logs; i++) {
        mt_json_object(out);
        log(c, &c->gc_logs[i], out);
        mt_json_object_end(out);
    }
    mt_json_array_end(out);
}

static bool is_of(const struct mt_gc_log *log, const char *source)
{
    return mt_span_is(mt_span_of(log->source), source);
}

size_t mt_cycles_count_logs(const struct mt_capture *c, const char *source)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_gc_logs; i++)
        n += is_of(&c->gc_logs[i], source);
    return n;
}

void mt_cycles_remark(struct mt_capture *out, const char *source, const char *back)
{
    uint64_t missing = 0;
    size_t n = mt_cycles_count_logs(out, source);
    for (size_t i = 0; i < out->n_gc_logs; i++)
        missing += is_of(&out->gc_logs[i], source) ? out->gc_logs[i].missing_numbers : 0;
    if (missing)
        mt_capture_remark(out, false, "missing-cycles",
                          "The GC log skips %llu of its cycle numbers.",
                          (unsigned long long)missing);
    if (n > 1)
        mt_capture_remark(out, false, "several-processes",
                          "%zu processes wrote into this GC log (%s goes back); each is judged "
                          "apart.",
                          n, back);
}
