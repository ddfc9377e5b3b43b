/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/inspect.h"

#include <math.h>

struct span_of_time {
    int64_t first_ns, last_ns;
    size_t n;
};

static void widen(struct span_of_time *s, const struct mt_table *t)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        int64_t at = t->time_ns[i];
        if (at == MT_NO_TIME)
            continue;
        if (!s->n || at < s->first_ns)
            s->first_ns = at;
        if (!s->n || at > s->last_ns)
            s->last_ns = at;
        s->n++;
    }
}

static void write_span(struct mt_json_out *j, const struct span_of_time *s)
{
    if (!s->n)
        return;
    mt_json_kv_i64(j, "start_ns", s->first_ns);
    mt_json_kv_i64(j, "end_ns", s->last_ns);
}

/* Epoch times are whole numbers beyond what the shortest form of a double shows. */
static void write_number(struct mt_json_out *j, const char *key, double value)
{
    if (value == floor(value) && fabs(value) < 0x1p63)
        mt_json_kv_i64(j, key, (int64_t)value);
    else
        mt_json_kv_f64(j, key, value);
}

static void write_column(struct mt_json_out *j, const struct mt_table *t, enum mt_metric metric)
{
    const double *column = t->columns[metric];
    double first = NAN, last = NAN, least = NAN, most = NAN;
    size_t n = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (isnan(column[i]))
            continue;
        first = n ? first : column[i];
        last = column[i];
        least = column[i] < least || !n ? column[i] : least;
        most = column[i] > most || !n ? column[i] : most;
        n++;
    }
    mt_json_key(j, mt_metric_info(metric)->name);
    mt_json_object(j);
    mt_json_kv_u64(j, "n", n);
    write_number(j, "first", first);
    write_number(j, "last", last);
    write_number(j, "min", least);
    write_number(j, "max", most);
    mt_json_object_end(j);
}

static void write_table(struct mt_json_out *j, const struct mt_capture *c, const struct mt_table *t)
{
    struct span_of_time span = {0};
    widen(&span, t);
    mt_json_object(j);
    if (t->pid)
        mt_json_kv_u64(j, "pid", t->pid);
    if (t->origin)
        mt_json_kv_span(j, "origin", mt_string(c->strings, t->origin));
    mt_json_kv_u64(j, "rows", t->n_rows);
    mt_json_kv_u64(j, "timed", span.n);
    write_span(j, &span);
    if (t->clock.zone_unknown)
        mt_json_kv_bool(j, "zone_unknown", true);
    mt_json_key(j, "columns");
    mt_json_object(j);
    for (size_t m = 0; m < MT_METRIC_COUNT; m++)
        if (t->columns[m])
            write_column(j, t, (enum mt_metric)m);
    mt_json_object_end(j);
    mt_json_object_end(j);
}

void mt_metrics_inspect(const struct mt_capture *c, struct mt_json_out *j)
{
    struct span_of_time span = {0};
    size_t rows = 0;
    for (size_t i = 0; i < c->n_tables; i++) {
        widen(&span, &c->tables[i]);
        rows += c->tables[i].n_rows;
    }
    mt_json_kv_u64(j, "rows", rows);
    write_span(j, &span);
    if (c->go_version)
        mt_json_kv_span(j, "go_version", mt_string(c->strings, c->go_version));
    mt_json_key(j, "tables");
    mt_json_array(j);
    for (size_t i = 0; i < c->n_tables; i++)
        write_table(j, c, &c->tables[i]);
    mt_json_array_end(j);
    mt_json_key(j, "remarks");
    mt_json_array(j);
    for (size_t i = 0; i < c->n_remarks; i++)
        mt_json_text(j, c->remarks[i].statement);
    mt_json_array_end(j);
}
