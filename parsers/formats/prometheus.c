/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prometheus and OpenMetrics text, one scrape or many in a file:
 *
 *     # scrape 2026-11-22T19:13:38.609Z
 *     # TYPE go_memstats_heap_alloc_bytes gauge
 *     go_memstats_heap_alloc_bytes{instance="shop-0"} 4.220248e+06 1795374818609
 *
 * A scrape is a row. It ends at a line that is nothing but a time, or where a name comes again.
 * Samples with times of their own are rows by those times, in whatever order they stand (a range
 * that was exported has one metric after the other). What promtool prints is read, too:
 *
 *     {__name__="go_goroutines", instance="shop-0"} 18 1795374818609            (tsdb dump)
 *     go_goroutines{instance="shop-0"} =>                                       (query range)
 *     18 @[1795374818.609]
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/scraped.h"
#include "parsers/formats/reader.h"

#include <math.h>

enum { STAMP_SIZE = 120, SNIFF_LINES = 2000 };

struct sample {
    struct mt_span name, labels, value, time; /* no value: those of the series stand below */
};

/* -- one line ----------------------------------------------------------------------------- */

static bool is_name_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':';
}

/* Behind "{": the labels up to the brace that ends them, which is taken; braces in values do not.
 */
static bool take_labels(struct mt_span *rest, struct mt_span *labels)
{
    bool quoted = false;
    for (size_t i = 0; i < rest->size; i++) {
        unsigned char c = rest->data[i];
        if (quoted && c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == '}' && !quoted) {
            *labels = mt_span_sub(*rest, 0, i);
            *rest = mt_span_from(*rest, i + 1);
            return true;
        }
    }
    return false;
}

/* The value of a label; empty when it is not there. Escapes stay. */
static struct mt_span label(struct mt_span labels, const char *name)
{
    while (labels.size) {
        size_t equals = mt_span_find(labels, "=\"");
        if (equals == MT_NPOS)
            break;
        struct mt_span key = mt_span_trim(mt_span_sub(labels, 0, equals));
        labels = mt_span_from(labels, equals + 2);
        size_t end = 0;
        while (end < labels.size && labels.data[end] != '"')
            end += labels.data[end] == '\\' ? 2 : 1;
        struct mt_span value = mt_span_sub(labels, 0, end);
        labels = mt_span_from(labels, end + 1);
        mt_span_take(&labels, ",");
        if (mt_span_is(key, name))
            return value;
    }
    return (struct mt_span){0};
}

/* "77045760 @[1795638567.767]" */
static bool take_point(struct mt_span rest, struct sample *s)
{
    if (!mt_span_word(&rest, &s->value) || !mt_span_word(&rest, &s->time) || rest.size ||
        !mt_span_take(&s->time, "@[") || !mt_span_ends(s->time, "]"))
        return false;
    s->time = mt_span_sub(s->time, 0, s->time.size - 1);
    return true;
}

/* Behind name and labels. */
static bool take_value(struct mt_span rest, struct sample *s)
{
    if (!rest.size || (rest.data[0] != ' ' && rest.data[0] != '\t'))
        return false;
    rest = mt_span_trim(rest);
    if (mt_span_take(&rest, "=>"))
        return !rest.size || take_point(rest, s);
    if (!mt_span_word(&rest, &s->value))
        return false;
    double time;
    mt_span_word(&rest, &s->time);
    if (mt_span_starts(s->time, "#")) /* an exemplar */
        s->time = (struct mt_span){0};
    return !s->time.size || mt_span_f64(s->time, &time);
}

/* The name stands in front of the labels or is one of them. */
static bool take_sample(struct mt_span line, struct sample *s)
{
    size_t size = 0;
    while (size < line.size && is_name_byte(line.data[size]))
        size++;
    if (size && ((line.data[0] >= '0' && line.data[0] <= '9') || line.data[size - 1] == ':'))
        return false;
    *s = (struct sample){.name = mt_span_sub(line, 0, size)};
    struct mt_span rest = mt_span_from(line, size);
    if (mt_span_take(&rest, "{") && !take_labels(&rest, &s->labels))
        return false;
    if (!size)
        s->name = label(s->labels, "__name__");
    return s->name.size && take_value(rest, s);
}

static struct mt_span target_of(struct mt_span labels)
{
    const char *const *name = mt_scraped_target_labels;
    for (; labels.size && *name; name++) {
        struct mt_span value = label(labels, *name);
        if (value.size)
            return value;
    }
    return (struct mt_span){0};
}

/* -- targets ------------------------------------------------------------------------------ */

struct target { /* one process that was scraped */
    struct mt_span name;
    struct mt_recorder r;
    uint32_t record;                /* number of the record at hand */
    uint32_t seen[MT_NAME_METRICS]; /* by the name's id: record in which it was last seen */
};

struct scrapes {
    struct mt_capture *out;
    struct mt_name_memo memo;
    struct target **targets;
    size_t n_targets, cap_targets, last_target;
    struct mt_scraped timed;
    struct { /* whose values stand below, as promtool prints a range */
        bool open;
        uint32_t target;
        struct mt_metric_name metric;
    } series;
    int64_t time_ns; /* of the scrape at hand */
    bool zone_known;
    const struct mt_wrapped_line *line; /* the present one */
};

/* What a container log says, where the scrape has no time of its own. */
static void take_wrapper_time(struct scrapes *s)
{
    if (s->time_ns != MT_NO_TIME || s->line->time_ns == MT_NO_TIME)
        return;
    s->time_ns = s->line->time_ns;
    s->zone_known = s->line->zone_known;
}

static struct target *target_named(struct scrapes *s, struct mt_span name)
{
    size_t i = s->last_target;
    if (i >= s->n_targets || !mt_span_equal(s->targets[i]->name, name))
        for (i = 0; i < s->n_targets && !mt_span_equal(s->targets[i]->name, name); i++)
            ;
    if (i == MT_SCRAPED_TARGETS)
        return NULL;
    if (i == s->n_targets) {
        MT_RESERVE(s->out->arena, s->targets, s->n_targets, s->cap_targets);
        struct target *t = MT_NEW(s->out->arena, struct target);
        t->name = (struct mt_span){
            (unsigned char *)mt_arena_copy(s->out->arena, name.data, name.size), name.size};
        t->record = 1;
        mt_recorder_begin(&t->r, s->out, "prometheus");
        s->targets[s->n_targets++] = t;
    }
    s->last_target = i;
    return s->targets[i];
}

static void end_record(struct scrapes *s, struct target *t)
{
    if (s->time_ns != MT_NO_TIME)
        mt_recorder_time(&t->r, s->time_ns, s->zone_known);
    t->r.origin = t->name;
    mt_recorder_commit(&t->r);
    t->record++;
}

static void end_scrape(struct scrapes *s)
{
    for (size_t i = 0; i < s->n_targets; i++)
        end_record(s, s->targets[i]);
}

/* -- samples ------------------------------------------------------------------------------ */

static void use_metric(struct scrapes *s, const struct sample *sample,
                       const struct mt_name_slot *slot, double value)
{
    struct target *t = target_named(s, target_of(sample->labels));
    if (!t) {
        s->out->skipped++;
        return;
    }
    enum mt_metric metric = slot->metric.metric;
    t->r.unit_named[metric] |= slot->metric.unit_named;
    if (!sample->value.size) {
        s->series.open = true;
        s->series.target = (uint32_t)s->last_target;
        s->series.metric = slot->metric;
        return;
    }
    value *= slot->metric.scale;
    int64_t time_ns;
    if (sample->time.size && mt_scraped_time(sample->time, &time_ns)) {
        mt_scraped_add(&s->timed, (uint32_t)s->last_target, time_ns, metric, value);
        return;
    }
    bool sum = mt_scraped_adds_up(metric);
    bool again = t->seen[slot->id] == t->record;
    if (again && !sum) {
        end_record(s, t);
        s->time_ns = MT_NO_TIME;
    }
    take_wrapper_time(s);
    t->seen[slot->id] = t->record;
    mt_recorder_set(&t->r, metric,
                    sum && mt_recorder_has(&t->r, metric) ? t->r.values[metric] + value : value);
}

/* A line below "name{labels} =>". */
static bool use_point(struct scrapes *s, struct mt_span line)
{
    struct sample point = {{0}, {0}, {0}, {0}};
    double value;
    int64_t time_ns;
    if (!s->series.open || !take_point(line, &point) || !mt_span_f64(point.value, &value) ||
        !mt_scraped_time(point.time, &time_ns))
        return false;
    if (!isnan(value))
        mt_scraped_add(&s->timed, s->series.target, time_ns, s->series.metric.metric,
                       value * s->series.metric.scale);
    return true;
}

/* Names of the Go and process collectors; what else stands in the file is not looked for. */
static bool begins_as_ours(struct mt_span line)
{
    return mt_span_starts(line, "go_") || mt_span_starts(line, "process_") ||
           mt_span_starts(line, "{__name__=\"go_") || mt_span_starts(line, "{__name__=\"process_");
}

static void use_sample(struct scrapes *s, struct mt_span line)
{
    struct sample sample;
    s->series.open = false;
    if (!take_sample(line, &sample)) {
        s->out->skipped += begins_as_ours(line);
        return;
    }
    const struct mt_name_slot *slot = mt_scraped_metric(&s->memo, sample.name);
    double value = 0;
    if (slot) {
        if (sample.value.size && !mt_span_f64(sample.value, &value))
            s->out->skipped++;
        else if (!isnan(value)) /* stale or never observed */
            use_metric(s, &sample, slot, value);
    } else if (mt_span_is(sample.name, "go_info") && !s->out->go_version) {
        s->out->go_version = mt_intern(s->out->strings, label(sample.labels, "version"));
    }
}

/* Not the name of a sample: those begin with a lower-case letter, `date` with an upper-case one. */
static bool may_be_time(struct mt_span line)
{
    return line.size <= STAMP_SIZE && !(line.data[0] >= 'a' && line.data[0] <= 'z');
}

static void use_line(struct scrapes *s, struct mt_span line)
{
    if (mt_span_starts(line, "# HELP ") || mt_span_starts(line, "# TYPE "))
        return;
    int64_t time_ns;
    bool zone_known;
    if (line.size && may_be_time(line) && mt_stamp_alone(line, &time_ns, &zone_known)) {
        end_scrape(s);
        s->time_ns = time_ns;
        s->zone_known = zone_known;
    } else if (line.size && line.data[0] != '#' && !use_point(s, line)) {
        use_sample(s, line);
    }
}

static struct mt_recorder *recorder_of(void *whose, uint32_t target)
{
    struct target *t = ((struct scrapes *)whose)->targets[target];
    t->r.origin = t->name;
    return &t->r;
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct scrapes *s = MT_NEW(out->arena, struct scrapes);
    s->out = out;
    s->timed.arena = out->arena;
    s->time_ns = MT_NO_TIME;
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    s->line = &line;
    mt_wrapped_begin(&wrapped, in, out->arena);
    while (mt_wrapped_next(&wrapped, &line))
        if (!line.unended) /* else its number may lack digits */
            use_line(s, line.text);
    end_scrape(s);
    mt_scraped_rows(&s->timed, recorder_of, s);
    for (size_t i = 0; i < s->n_targets; i++)
        mt_recorder_finish(&s->targets[i]->r);
    return mt_cur_ok(in);
}

/* -- recognition -------------------------------------------------------------------------- */

static bool declares_type(struct mt_span line)
{
    static const char *const types[] = {" counter", " gauge",   " summary", " histogram",
                                        " untyped", " unknown", " info"};
    if (!mt_span_starts(line, "# TYPE "))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (mt_span_ends(line, types[i]))
            return true;
    return false;
}

static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped wrapped;
    struct mt_wrapped_line wrapped_line;
    bool typed = false;
    size_t metrics = 0;
    mt_wrapped_begin(&wrapped, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&wrapped, &wrapped_line); n++) {
        struct mt_span line = wrapped_line.text;
        struct sample sample;
        struct mt_metric_name name;
        double value;
        typed = typed || declares_type(line);
        if (begins_as_ours(line) && take_sample(line, &sample) &&
            (!sample.value.size || mt_span_f64(sample.value, &value)) &&
            mt_metric_of_name(sample.name, &name))
            metrics += sample.value.size ? 1 : 2; /* nobody else writes " =>" behind labels */
        if (metrics >= 2 && typed)
            return MT_CERTAIN;
    }
    return metrics >= 2 || typed ? MT_LIKELY : MT_NO;
}

const struct mt_reader mt_reader_prometheus = {
    .name = "prometheus",
    .kind = "metrics",
    .summary =
        "Prometheus or OpenMetrics text of the Go and process collectors, one scrape or many",
    .example = "go_memstats_heap_alloc_bytes 4.220248e+06",
    .how = "while sleep 5; do date -u '+# scrape %FT%T.%NZ'; curl -s localhost:9090/metrics; done "
           ">metrics.prom",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
