/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of Prometheus's HTTP API to a query, one or many in a file, indented or not:
 *
 *     {"status":"success","data":{"resultType":"matrix","result":[
 *       {"metric":{"__name__":"go_goroutines","instance":"shop-0"},
 *        "values":[[1795638506,"18"],[1795638516,"19"]]}]}}
 *
 * An instant query has "value" with one pair. Read token by token: memory is that of the samples
 * with names of ours. After damage the scanner gives nothing but MT_TOKEN_BAD, and all loops end.
 */
#include "parsers/base/jsonscan.h"
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/scraped.h"
#include "parsers/formats/reader.h"

#include <math.h>

struct api {
    struct mt_json_scan scan;
    struct mt_capture *out;
    struct mt_name_memo memo;
    struct mt_recorder r;
    struct mt_scraped samples;
    struct mt_span *targets;
    size_t n_targets, cap_targets;
    uint64_t nameless; /* series */
};

struct series {
    struct mt_span target; /* copied */
    size_t rank;           /* of the label it is from; less is better */
    bool known, named;
    uint32_t number; /* of the target */
    struct mt_metric_name metric;
};

/* -- tokens ------------------------------------------------------------------------------- */

static bool open_value(struct api *a, enum mt_token wanted)
{
    enum mt_token token = mt_json_scan_next(&a->scan);
    if (token == wanted)
        return true;
    mt_json_scan_skip(&a->scan, token);
    return false;
}

static bool next_key(struct api *a)
{
    return mt_json_scan_next(&a->scan) == MT_TOKEN_KEY;
}

/* The next container of that kind in an array, all else passed over. False at its end. */
static bool next_inside(struct api *a, enum mt_token wanted)
{
    for (;;) {
        enum mt_token token = mt_json_scan_next(&a->scan);
        if (token == wanted)
            return true;
        if (token == MT_TOKEN_ARRAY_END || !mt_json_scan_skip(&a->scan, token))
            return false;
    }
}

/* A text or a number as it stands; empty for anything else. */
static struct mt_span take_scalar(struct api *a)
{
    enum mt_token token = mt_json_scan_next(&a->scan);
    if (token == MT_TOKEN_TEXT || token == MT_TOKEN_NUMBER)
        return a->scan.text;
    mt_json_scan_skip(&a->scan, token);
    return (struct mt_span){0};
}

/* -- series ------------------------------------------------------------------------------- */

/* The text of the last token, to stay. */
static struct mt_span keep_text(struct api *a)
{
    struct mt_span text = mt_json_scan_text(&a->scan, a->out->arena);
    return (struct mt_span){(unsigned char *)mt_arena_copy(a->out->arena, text.data, text.size),
                            text.size};
}

/* Which label for a target this key is, the best first; SIZE_MAX: none. */
static size_t rank_of(struct mt_span key)
{
    for (size_t i = 0; mt_scraped_target_labels[i]; i++)
        if (mt_span_is(key, mt_scraped_target_labels[i]))
            return i;
    return SIZE_MAX;
}

static void read_labels(struct api *a, struct series *s)
{
    struct mt_span version = {0};
    bool info = false;
    if (!open_value(a, MT_TOKEN_OBJECT))
        return;
    while (next_key(a)) {
        bool name = mt_span_is(a->scan.text, "__name__");
        bool is_version = mt_span_is(a->scan.text, "version");
        size_t rank = rank_of(a->scan.text);
        struct mt_span value = take_scalar(a);
        if (name) {
            const struct mt_name_slot *slot = mt_scraped_metric(&a->memo, value);
            s->named = true;
            s->known = slot != NULL;
            info = mt_span_is(value, "go_info");
            if (slot)
                s->metric = slot->metric;
        } else if (is_version && value.size) {
            version = keep_text(a);
        } else if (value.size && rank < s->rank) {
            s->rank = rank;
            s->target = keep_text(a);
        }
    }
    if (info && version.size && !a->out->go_version)
        a->out->go_version = mt_intern(a->out->strings, version);
}

/* False: there are too many. */
static bool number_target(struct api *a, struct series *s)
{
    size_t i = 0;
    while (i < a->n_targets && !mt_span_equal(a->targets[i], s->target))
        i++;
    if (i == MT_SCRAPED_TARGETS)
        return false;
    if (i == a->n_targets) {
        MT_RESERVE(a->out->arena, a->targets, a->n_targets, a->cap_targets);
        a->targets[a->n_targets++] = s->target;
    }
    s->number = (uint32_t)i;
    return true;
}

/* Behind the bracket of [1795638506.125,"91552616"]. */
static void read_pair(struct api *a, const struct series *s)
{
    int64_t time_ns = 0;
    double value = 0;
    size_t sound = 0, n = 0;
    for (enum mt_token token; (token = mt_json_scan_next(&a->scan)) != MT_TOKEN_ARRAY_END; n++) {
        bool scalar = token == MT_TOKEN_TEXT || token == MT_TOKEN_NUMBER;
        if (!scalar && !mt_json_scan_skip(&a->scan, token))
            return;
        if (scalar && n == 0)
            sound += mt_scraped_time(a->scan.text, &time_ns);
        if (scalar && n == 1)
            sound += mt_span_f64(a->scan.text, &value);
    }
    if (sound < 2)
        a->out->skipped++;
    else if (!isnan(value))
        mt_scraped_add(&a->samples, s->number, time_ns, s->metric.metric, value * s->metric.scale);
}

static void read_series(struct api *a)
{
    struct series s = {.rank = SIZE_MAX};
    bool wanted = false;
    while (next_key(a)) {
        if (mt_span_is(a->scan.text, "metric")) {
            read_labels(a, &s);
            a->nameless += !s.named;
            wanted = s.known && number_target(a, &s);
            a->out->skipped += s.known && !wanted;
            if (wanted)
                a->r.unit_named[s.metric.metric] |= s.metric.unit_named;
        } else if (wanted && mt_span_is(a->scan.text, "values")) {
            if (open_value(a, MT_TOKEN_ARRAY))
                while (next_inside(a, MT_TOKEN_ARRAY))
                    read_pair(a, &s);
        } else if (wanted && mt_span_is(a->scan.text, "value")) {
            if (open_value(a, MT_TOKEN_ARRAY))
                read_pair(a, &s);
        } else {
            mt_json_scan_skip_value(&a->scan);
        }
    }
}

/* The object of one answer; false when it holds no result. */
static bool read_answer(struct api *a)
{
    bool any = false;
    while (next_key(a)) {
        if (!mt_span_is(a->scan.text, "data")) {
            mt_json_scan_skip_value(&a->scan);
        } else if (open_value(a, MT_TOKEN_OBJECT)) {
            while (next_key(a)) {
                bool result = mt_span_is(a->scan.text, "result");
                any |= result;
                if (!result)
                    mt_json_scan_skip_value(&a->scan);
                else if (open_value(a, MT_TOKEN_ARRAY))
                    while (next_inside(a, MT_TOKEN_OBJECT))
                        read_series(a);
            }
        }
    }
    return any;
}

/* -- the file ----------------------------------------------------------------------------- */

static bool begins_document(struct mt_span rest)
{
    rest = mt_span_trim(rest);
    return !rest.size || rest.data[0] == '{' || rest.data[0] == '[';
}

/* Lines between two answers, such as those of `date`: the answers have times of their own. */
static void skip_lines(struct mt_cursor *in)
{
    struct mt_span line;
    while (mt_cur_has(in, 1) && !begins_document(mt_span_sub(in->rest, 0, 64)))
        if (!mt_cur_line(in, &line))
            return;
}

static struct mt_recorder *recorder_of(void *whose, uint32_t target)
{
    struct api *a = whose;
    a->r.origin = a->targets[target];
    return &a->r;
}

static void finish(struct api *a)
{
    mt_scraped_rows(&a->samples, recorder_of, a);
    mt_recorder_finish(&a->r);
    if (a->nameless)
        mt_capture_remark(a->out, false, "nameless-series",
                          "%llu series without a name, as rates and sums are, were left out: query "
                          "the metric itself",
                          (unsigned long long)a->nameless);
}

/* Where no answer is sound the file is damaged where it first broke; broken ones between sound ones
 * are counted. */
static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct api *a = MT_NEW(out->arena, struct api);
    struct mt_json_scan damage = {0};
    bool any_sound = false;
    a->out = out;
    a->samples.arena = out->arena;
    mt_recorder_begin(&a->r, out, "prometheus-api");
    for (;;) {
        skip_lines(in);
        a->scan = mt_json_scan_over(in);
        enum mt_token token = mt_json_scan_next(&a->scan);
        if (token == MT_TOKEN_END)
            break;
        if (token == MT_TOKEN_OBJECT)
            any_sound |= read_answer(a) && !a->scan.bad;
        else
            mt_json_scan_skip(&a->scan, token);
        if (a->scan.bad) {
            if (!damage.bad)
                damage = a->scan;
            out->skipped++;
            mt_json_scan_resync(&a->scan);
        }
        mt_cur_release(in);
    }
    finish(a);
    if (damage.bad && !any_sound)
        mt_fail(in->err, MT_ERR_INPUT, damage.bad_offset, "%s was expected", damage.bad);
    return mt_cur_ok(in);
}

/* {"status":"success","data":{"resultType":"matrix", perhaps with warnings before, perhaps below
 * the output of `date`. */
static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    int64_t time_ns;
    bool zone_known;
    struct mt_span rest = head, line;
    while (mt_span_line(&rest, &line) &&
           (!mt_span_trim(line).size || mt_stamp_alone(line, &time_ns, &zone_known)))
        in.rest = rest;
    struct mt_json_scan scan = mt_json_scan_over(&in);
    bool status = false;
    if (mt_json_scan_next(&scan) != MT_TOKEN_OBJECT)
        return MT_NO;
    while (mt_json_scan_next(&scan) == MT_TOKEN_KEY) {
        status |= mt_span_is(scan.text, "status");
        if (!mt_span_is(scan.text, "data")) {
            if (!mt_json_scan_skip_value(&scan))
                break;
            continue;
        }
        if (!status || mt_json_scan_next(&scan) != MT_TOKEN_OBJECT ||
            mt_json_scan_next(&scan) != MT_TOKEN_KEY || !mt_span_is(scan.text, "resultType"))
            break;
        return MT_CERTAIN;
    }
    return MT_NO;
}

const struct mt_reader mt_reader_prometheus_api = {
    .name = "prometheus-api",
    .kind = "metrics",
    .summary = "Answers of Prometheus's HTTP API to queries of the Go and process collectors' "
               "metrics",
    .example = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[...]}}",
    .how = "curl -G localhost:9090/api/v1/query_range -d start=$FROM -d end=$TO -d step=15 "
           "--data-urlencode 'query={__name__=~\"go_.*|process_.*\",job=\"shop\"}' >range.json",
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
