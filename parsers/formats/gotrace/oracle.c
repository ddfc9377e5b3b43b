/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/oracle.h"

static void goroutines(const struct mt_oracle *o, struct mt_json_out *out)
{
    static const char *const states[MT_GO_STATES] = {
        [MT_GO_RUNNABLE] = "runnable",
        [MT_GO_RUNNING] = "running",
        [MT_GO_WAITING] = "waiting",
        [MT_GO_SYSCALL] = "syscall",
    };
    mt_json_key(out, "goroutines");
    mt_json_object(out);
    mt_json_kv_u64(out, "total_seen", o->seen);
    mt_json_kv_u64(out, "existing_at_start", o->existing);
    mt_json_kv_u64(out, "created", o->created);
    mt_json_kv_u64(out, "ended", o->ended);
    mt_json_kv_u64(out, "alive_at_end", o->alive);
    mt_json_object_end(out);
    mt_json_key(out, "goroutine_state_ns");
    mt_json_object(out);
    for (size_t i = 0; i < MT_GO_STATES; i++)
        mt_json_kv_i64(out, states[i], o->state_ns[i]);
    mt_json_object_end(out);
}

static void waits(const struct mt_oracle *o, const struct mt_strings *strings,
                  struct mt_json_out *out)
{
    mt_json_key(out, "waiting_ns_by_reason");
    mt_json_object(out);
    for (size_t i = 0; i < o->n_waits; i++) {
        if (!o->waits[i].total_ns)
            continue;
        mt_json_key_span(out, mt_string(strings, o->waits[i].reason));
        mt_json_i64(out, o->waits[i].total_ns);
    }
    mt_json_object_end(out);
}

static void sites(const struct mt_oracle *o, const struct mt_strings *strings,
                  struct mt_json_out *out)
{
    mt_json_key(out, "goroutine_creation_by_start_function");
    mt_json_array(out);
    for (size_t i = 0; i < o->n_sites; i++) {
        mt_json_object(out);
        mt_json_kv_span(out, "function", mt_string(strings, o->sites[i].function));
        mt_json_kv_u64(out, "created", o->sites[i].created);
        mt_json_kv_u64(out, "existing_at_start", o->sites[i].existing_at_start);
        mt_json_kv_u64(out, "alive_at_end", o->sites[i].alive_at_end);
        mt_json_object_end(out);
    }
    mt_json_array_end(out);
}

static void collector(const struct mt_oracle *o, struct mt_json_out *out)
{
    mt_json_key(out, "gc");
    mt_json_object(out);
    mt_json_kv_u64(out, "count", o->n_marks);
    mt_json_key(out, "concurrent_mark_ranges");
    mt_json_array(out);
    for (size_t i = 0; i < o->n_marks; i++) {
        mt_json_object(out);
        mt_json_kv_i64(out, "start_ns", o->marks[i].start_ns);
        mt_json_kv_i64(out, "end_ns", o->marks[i].end_ns);
        if (o->marks[i].open_at_end)
            mt_json_kv_bool(out, "open_at_end", true);
        mt_json_object_end(out);
    }
    mt_json_array_end(out);
    mt_json_object_end(out);
}

static void stops(const struct mt_oracle *o, const struct mt_strings *strings,
                  struct mt_json_out *out)
{
    struct mt_text name = {0};
    mt_json_key(out, "stw");
    mt_json_array(out);
    for (size_t i = 0; i < o->n_stops; i++) {
        const struct mt_oracle_span *s = &o->stops[i];
        name.size = 0;
        mt_text_add(&name, "stop-the-world (");
        mt_text_span(&name, mt_string(strings, s->reason));
        mt_text_byte(&name, ')');
        mt_json_object(out);
        mt_json_kv_span(out, "name", mt_text_view(&name));
        mt_json_kv_i64(out, "start_ns", s->start_ns);
        mt_json_kv_i64(out, "dur_ns", s->end_ns - s->start_ns);
        if (s->open_at_end)
            mt_json_kv_bool(out, "open_at_end", true);
        mt_json_object_end(out);
    }
    mt_json_array_end(out);
    mt_text_clear(&name);
}

static void metrics(const struct mt_oracle *o, struct mt_json_out *out)
{
    mt_json_key(out, "metrics");
    mt_json_object(out);
    for (size_t i = 0; i < MT_METRICS_N; i++) {
        const struct mt_oracle_metric *m = &o->metrics[i];
        if (!m->samples)
            continue;
        mt_json_key(out, mt_event_metric_name((enum mt_event_metric)i));
        mt_json_object(out);
        mt_json_kv_u64(out, "samples", m->samples);
        mt_json_kv_u64(out, "first", m->first);
        mt_json_kv_u64(out, "last", m->last);
        mt_json_kv_u64(out, "min", m->least);
        mt_json_kv_u64(out, "max", m->most);
        mt_json_object_end(out);
    }
    mt_json_object_end(out);
}

static void pair(struct mt_json_out *out, const char *key, const char *first, uint64_t a,
                 const char *second, uint64_t b)
{
    mt_json_key(out, key);
    mt_json_object(out);
    mt_json_kv_u64(out, first, a);
    mt_json_kv_u64(out, second, b);
    mt_json_object_end(out);
}

static void members(const struct mt_oracle *o, const struct mt_strings *strings,
                    struct mt_json_out *out)
{
    mt_json_kv_u64(out, "events_total", o->n_events);
    mt_json_key(out, "events_by_kind");
    mt_json_object(out);
    for (size_t i = 0; i < MT_EV_KINDS; i++)
        if (o->kinds[i])
            mt_json_kv_u64(out, mt_event_kind_name((enum mt_event_kind)i), o->kinds[i]);
    mt_json_object_end(out);
    mt_json_kv_u64(out, "syncs", o->n_syncs);
    mt_json_kv_u64(out, "generations", o->n_syncs ? o->n_syncs - 1 : 0);
    mt_json_kv_i64(out, "time_span_ns", o->last_ns);
    goroutines(o, out);
    waits(o, strings, out);
    sites(o, strings, out);
    collector(o, out);
    stops(o, strings, out);
    metrics(o, out);
    pair(out, "tasks", "created", o->kinds[MT_EV_TASK_BEGIN], "ended", o->kinds[MT_EV_TASK_END]);
    pair(out, "regions", "begin", o->kinds[MT_EV_REGION_BEGIN], "end", o->kinds[MT_EV_REGION_END]);
    mt_json_kv_u64(out, "logs", o->kinds[MT_EV_LOG]);
    mt_json_kv_u64(out, "cpu_samples", o->kinds[MT_EV_STACK_SAMPLE]);
    mt_json_kv_u64(out, "procs", o->procs);
    mt_json_kv_u64(out, "threads", o->threads);
    mt_json_kv_u64(out, "stacks_unique", o->stacks);
    mt_json_kv_text(out, "events_sha256", o->events_sha256);
}

void mt_oracle_inspect(const struct mt_oracle *o, const struct mt_strings *strings,
                       struct mt_json_out *out)
{
    struct mt_text version = {0};
    mt_text_printf(&version, "1.%u", o->go_minor);
    mt_json_kv_text(out, "schema", "memtriage.oracle.trace/1");
    mt_json_kv_span(out, "go_version", mt_text_view(&version));
    mt_text_clear(&version);
    if (o->complete) {
        members(o, strings, out);
        return;
    }
    mt_json_kv_u64(out, "events_before_error", o->n_events);
    if (!o->n_events)
        return;
    mt_json_key(out, "partial");
    mt_json_object(out);
    members(o, strings, out);
    mt_json_object_end(out);
}
