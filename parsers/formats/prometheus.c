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
 * that was exported has one metric after the other).
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/name_memo.h"
#include "parsers/formats/metrics/recorder.h"
#include "parsers/formats/reader.h"

#include <math.h>
#include <stdlib.h>

enum { STAMP_SIZE = 120, MOST_TARGETS = 1024, SNIFF_LINES = 2000 };

struct sample {
    struct mt_span name, labels, value, time;
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

static bool take_sample(struct mt_span line, struct sample *s)
{
    size_t size = 0;
    while (size < line.size && is_name_byte(line.data[size]))
        size++;
    if (!size || (line.data[0] >= '0' && line.data[0] <= '9') || line.data[size - 1] == ':')
        return false;
    *s = (struct sample){.name = mt_span_sub(line, 0, size)};
    struct mt_span rest = mt_span_from(line, size);
    if (mt_span_take(&rest, "{") && !take_labels(&rest, &s->labels))
        return false;
    if (!rest.size || (rest.data[0] != ' ' && rest.data[0] != '\t') ||
        !mt_span_word(&rest, &s->value))
        return false;
    double time;
    mt_span_word(&rest, &s->time);
    if (mt_span_starts(s->time, "#")) /* an exemplar */
        s->time = (struct mt_span){0};
    return !s->time.size || mt_span_f64(s->time, &time);
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

static struct mt_span target_of(struct mt_span labels)
{
    static const char *const names[] = {"pod", "kubernetes_pod_name", "instance", "container"};
    for (size_t i = 0; labels.size && i < sizeof names / sizeof *names; i++) {
        struct mt_span value = label(labels, names[i]);
        if (value.size)
            return value;
    }
    return (struct mt_span){0};
}

/* Prometheus writes ms, OpenMetrics seconds with a fraction. */
static bool parse_time(struct mt_span text, int64_t *time_ns)
{
    bool zone_known;
    double number;
    return mt_stamp_take(&text, time_ns, &zone_known) ||
           (mt_span_f64(text, &number) && mt_stamp_from_number(number, time_ns));
}

/* -- targets ------------------------------------------------------------------------------ */

struct target { /* one process that was scraped */
    struct mt_span name;
    struct mt_recorder r;
    uint32_t record;                /* number of the record at hand */
    uint32_t seen[MT_NAME_METRICS]; /* by the name's id: record in which it was last seen */
};

struct timed { /* a sample with a time of its own */
    int64_t time_ns;
    uint32_t target, metric;
    double value;
    size_t order;
};

struct scrapes {
    struct mt_capture *out;
    struct mt_name_memo memo;
    struct target **targets;
    size_t n_targets, cap_targets, last_target;
    struct timed *timed;
    size_t n_timed, cap_timed;
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
    if (i == MOST_TARGETS)
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

static void add_timed(struct scrapes *s, int64_t time_ns, enum mt_metric metric, double value)
{
    MT_RESERVE(s->out->arena, s->timed, s->n_timed, s->cap_timed);
    s->timed[s->n_timed] =
        (struct timed){time_ns, (uint32_t)s->last_target, (uint32_t)metric, value, s->n_timed};
    s->n_timed++;
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
    value *= slot->metric.scale;
    int64_t time_ns;
    if (sample->time.size && parse_time(sample->time, &time_ns)) {
        add_timed(s, time_ns, metric, value);
        return;
    }
    bool sum = metric == MT_M_REQUESTS; /* over methods and codes */
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

static void use_sample(struct scrapes *s, struct mt_span line)
{
    struct sample sample;
    if (!take_sample(line, &sample)) {
        s->out->skipped += mt_span_starts(line, "go_") || mt_span_starts(line, "process_");
        return;
    }
    const struct mt_name_slot *slot = mt_name_memo_find(&s->memo, sample.name);
    double value;
    bool named = slot->kind == MT_NAME_METRIC && slot->metric.strength != MT_NAME_WEAK &&
                 mt_span_find_byte(sample.name, '_') != MT_NPOS; /* "anon 4096" is a cgroup's */
    if (named) {
        if (!mt_span_f64(sample.value, &value))
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
    } else if (line.size && line.data[0] != '#') {
        use_sample(s, line);
    }
}

/* -- samples with times ------------------------------------------------------------------- */

static int by_target_and_time(const void *left, const void *right)
{
    const struct timed *a = left, *b = right;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static void write_timed(struct scrapes *s)
{
    if (!s->n_timed)
        return;
    qsort(s->timed, s->n_timed, sizeof *s->timed, by_target_and_time);
    for (size_t i = 0; i < s->n_timed; i++) {
        const struct timed *sample = &s->timed[i];
        struct target *t = s->targets[sample->target];
        mt_recorder_set(&t->r, (enum mt_metric)sample->metric, sample->value);
        if (i + 1 < s->n_timed && sample[1].target == sample->target &&
            sample[1].time_ns == sample->time_ns)
            continue;
        mt_recorder_time(&t->r, sample->time_ns, true);
        t->r.origin = t->name;
        mt_recorder_commit(&t->r);
    }
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct scrapes *s = MT_NEW(out->arena, struct scrapes);
    s->out = out;
    s->time_ns = MT_NO_TIME;
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    s->line = &line;
    mt_wrapped_begin(&wrapped, in, out->arena);
    while (mt_wrapped_next(&wrapped, &line))
        if (!line.unended) /* else its number may lack digits */
            use_line(s, line.text);
    end_scrape(s);
    write_timed(s);
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
        if ((mt_span_starts(line, "go_") || mt_span_starts(line, "process_")) &&
            take_sample(line, &sample) && mt_span_f64(sample.value, &value) &&
            mt_metric_of_name(sample.name, &name))
            metrics++;
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
