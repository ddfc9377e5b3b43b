/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comments behind a heap profile in text form (debug=1), cut out of many profiles:
 *
 *     # Alloc = 4276392                      grep '^# ' heap-*.txt prints the file in front:
 *     # HeapAlloc = 4276392                  heap-20261122T193517Z.txt:# HeapAlloc = 4276392
 *     # Stack = 524288 / 524288
 *     # PauseNs = [132589 230354 ...]
 *
 * A record ends where a name comes again, where the file in front changes and at a line that is
 * nothing but a time.
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/block.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/name_memo.h"
#include "parsers/formats/metrics/recorder.h"
#include "parsers/formats/reader.h"
#include "parsers/model/clock_names.h"

enum { STAMP_SIZE = 120, SNIFF_FIELDS = 3, RING = 256 };

struct log {
    struct mt_recorder r;
    struct mt_name_memo names;
    struct mt_span path;            /* in front of the record at hand; a copy */
    uint32_t record;                /* its number */
    uint32_t seen[MT_NAME_METRICS]; /* by the name's id: record in which it was last seen */
    int64_t time_ns;                /* of the record at hand */
    bool zone_known;
    double pauses[RING]; /* of the record at hand */
    size_t n_pauses;
    uint64_t samples; /* of profiles whose first line is missing */
};

struct field {
    struct mt_span path, name, value;
};

/* -- one line ----------------------------------------------------------------------------- */

/* Where "# " stands: at the front, or behind a path and the colon or dash of grep. */
static size_t find_mark(struct mt_span line)
{
    if (mt_span_starts(line, "# "))
        return 0;
    size_t colon = mt_span_find(line, ":# "), dash = mt_span_find(line, "-# ");
    size_t at = colon < dash ? colon : dash;
    return at == MT_NPOS ? MT_NPOS : at + 1;
}

static bool is_word(struct mt_span name)
{
    for (size_t i = 0; i < name.size; i++)
        if (!((name.data[i] >= 'a' && name.data[i] <= 'z') ||
              (name.data[i] >= 'A' && name.data[i] <= 'Z')))
            return false;
    return name.size > 0;
}

static bool take_field(struct mt_span line, struct field *f)
{
    size_t mark = find_mark(line);
    if (mark == MT_NPOS)
        return false;
    struct mt_span rest = mt_span_from(line, mark + 2);
    size_t equals = mt_span_find(rest, " = ");
    if (equals == MT_NPOS)
        return false;
    f->path = mt_span_sub(line, 0, mark ? mark - 1 : 0);
    size_t end = f->path.size; /* the line number of grep -n */
    while (end && f->path.data[end - 1] >= '0' && f->path.data[end - 1] <= '9')
        end--;
    if (end && end < f->path.size && (f->path.data[end - 1] == ':' || f->path.data[end - 1] == '-'))
        f->path.size = end - 1;
    f->name = mt_span_trim(mt_span_sub(rest, 0, equals));
    f->value = mt_span_trim(mt_span_from(rest, equals + 3));
    return is_word(f->name);
}

/* -- records ------------------------------------------------------------------------------ */

/* The newest entry of the ring, and the sum as long as it still holds all pauses. */
static void use_pauses(struct log *l)
{
    struct mt_recorder *r = &l->r;
    if (!mt_recorder_has(r, MT_M_NUM_GC) || !l->n_pauses)
        return;
    double num_gc = r->values[MT_M_NUM_GC];
    if (!(num_gc >= 1 && num_gc < 0x1p53))
        return;
    size_t newest = (size_t)(((uint64_t)num_gc + RING - 1) % RING);
    if (newest < l->n_pauses)
        mt_recorder_set(r, MT_M_LAST_PAUSE, l->pauses[newest]);
    if (num_gc <= RING && l->n_pauses >= (size_t)num_gc) {
        double sum = 0;
        for (size_t i = 0; i < (size_t)num_gc; i++)
            sum += l->pauses[i];
        mt_recorder_set(r, MT_M_PAUSE_TOTAL, sum);
    }
}

static void end_record(struct log *l)
{
    use_pauses(l);
    l->n_pauses = 0;
    if (l->time_ns != MT_NO_TIME)
        mt_recorder_time(&l->r, l->time_ns, l->zone_known);
    l->time_ns = MT_NO_TIME;
    l->record++;
    mt_recorder_commit(&l->r);
}

/* Another file begins: its name may say when it was written. */
static void change_path(struct log *l, struct mt_span path)
{
    end_record(l);
    l->path = (struct mt_span){
        (unsigned char *)mt_arena_copy(l->r.out->arena, path.data, path.size), path.size};
    struct mt_path_hint hint;
    if (mt_time_from_path(path, &hint) && hint.kind == MT_PATH_ABSOLUTE) {
        l->time_ns = hint.time_ns;
        l->zone_known = hint.zone_known;
    }
}

static void set(struct log *l, struct mt_span name, struct mt_span value)
{
    const struct mt_name_slot *slot = mt_name_memo_find(&l->names, name);
    if (slot->kind != MT_NAME_METRIC)
        return;
    if (l->seen[slot->id] == l->record)
        end_record(l);
    l->seen[slot->id] = l->record;
    l->r.out->skipped += !mt_recorder_text(&l->r, &slot->metric, value);
}

/* "655360 / 655360": in use and taken from the system. */
static bool use_pair(struct log *l, const struct field *f)
{
    static const struct {
        const char *name, *inuse, *sys;
    } pairs[] = {{"Stack", "StackInuse", "StackSys"},
                 {"MSpan", "MSpanInuse", "MSpanSys"},
                 {"MCache", "MCacheInuse", "MCacheSys"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!mt_span_is(f->name, pairs[i].name))
            continue;
        struct mt_span value = f->value, inuse;
        mt_span_split(&value, '/', &inuse);
        set(l, mt_span_of(pairs[i].inuse), inuse);
        set(l, mt_span_of(pairs[i].sys), value);
        return true;
    }
    return false;
}

static bool use_ring(struct log *l, const struct field *f)
{
    if (!mt_span_is(f->name, "PauseNs"))
        return false;
    if (l->n_pauses)
        end_record(l);
    struct mt_span rest = f->value, word;
    mt_span_take(&rest, "[");
    while (l->n_pauses < RING && mt_span_word(&rest, &word)) {
        uint64_t pause;
        if (!mt_span_take_u64(&word, &pause))
            break;
        l->pauses[l->n_pauses++] = (double)pause;
    }
    return true;
}

static void use_field(struct log *l, const struct field *f)
{
    if (!mt_span_equal(f->path, l->path))
        change_path(l, f->path);
    if (!use_pair(l, f) && !use_ring(l, f))
        set(l, f->name, f->value);
}

static void use_line(struct log *l, const struct mt_wrapped_line *line)
{
    struct field f;
    int64_t time_ns;
    bool zone_known;
    if (take_field(line->text, &f)) {
        if (!line->unended) /* a number may lack digits */
            use_field(l, &f);
    } else if (line->text.size <= STAMP_SIZE && mt_stamp_alone(line->text, &time_ns, &zone_known)) {
        end_record(l);
        l->time_ns = time_ns;
        l->zone_known = zone_known;
    } else if (mt_span_find(line->text, "] @ 0x") != MT_NPOS) {
        l->samples++;
    }
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct log *l = MT_NEW(out->arena, struct log);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    mt_recorder_begin(&l->r, out, "memstats-text");
    l->record = 1;
    l->time_ns = MT_NO_TIME;
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line))
        use_line(l, &line);
    end_record(l);
    mt_recorder_finish(&l->r);
    if (l->samples)
        mt_capture_remark(out, true, "samples-lost",
                          "%llu samples of a heap profile were passed over: its first line, "
                          "\"heap profile: ...\", is missing",
                          (unsigned long long)l->samples);
    return mt_cur_ok(in);
}

static enum mt_line_is look(struct mt_span line)
{
    struct field f;
    struct mt_metric_name name;
    struct mt_quantity q;
    if (take_field(line, &f) && mt_metric_of_name(f.name, &name) &&
        mt_quantity_parse(f.value, mt_metric_info(name.metric)->unit, &q))
        return MT_LINE_FIGURE;
    return find_mark(line) == MT_NPOS ? MT_LINE_STRANGE : MT_LINE_NEUTRAL;
}

static enum mt_match sniff(struct mt_span head)
{
    if (mt_span_starts(head, "heap profile: ")) /* a whole profile */
        return MT_NO;
    return mt_block_sniff(head, SNIFF_FIELDS, look);
}

const struct mt_reader mt_reader_memstats_text = {
    .name = "memstats-text",
    .kind = "MemStats log",
    .summary =
        "The \"# HeapAlloc = N\" comments of heap profiles in text form, cut out of one or many",
    .example = "# HeapAlloc = 4276392",
    .how = "while sleep 5; do date -u; curl -s 'localhost:6060/debug/pprof/heap?debug=1' | "
           "grep '^# '; done >memstats.txt",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
