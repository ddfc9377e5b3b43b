/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jvm_gc/record.h"

#include "parsers/model/gc.h"

/* Brackets nest: the heap's figures stand right inside the record's, a generation's in a pair of
 * its own, everything deeper is a phase. */
enum { RECORD = 1, GENERATION = 2 };

static const struct generation {
    const char *name, *collector;
    bool young;
} generations[] = {
    {"PSYoungGen", "Parallel", true}, {"ParOldGen", "Parallel", false},
    {"PSOldGen", "Parallel", false},  {"DefNew", "Serial", true},
    {"Tenured", "Serial", false},     {"ParNew", "CMS", true},
    {"ASParNew", "CMS", true},        {"CMS", "CMS", false},
};

/* "CMS" is the old generation, "CMS Perm : ..." and "CMS-concurrent-..." are not. */
static const struct generation *generation_of(struct mt_span text)
{
    for (size_t i = 0; i < sizeof generations / sizeof *generations; i++) {
        struct mt_span rest = text;
        if (mt_span_take(&rest, generations[i].name))
            return mt_span_starts(rest, " Perm") || mt_span_starts(rest, "-") ? NULL
                                                                              : &generations[i];
    }
    return NULL;
}

static void take_generation(struct mt_jvm_record *r, struct mt_span text)
{
    const struct generation *g = generation_of(text);
    struct mt_jvm_change change;
    if (!g || !mt_jvm_find_change(text, &change, NULL))
        return;
    if (!r->collector)
        r->collector = g->collector;
    *(g->young ? &r->young : &r->old) = change;
    *(g->young ? &r->has_young : &r->has_old) = true;
}

/* "(cause)" at the front, brackets inside counted. */
static struct mt_span take_brackets(struct mt_span *s)
{
    size_t depth = 0;
    for (size_t i = 0; i < s->size; i++) {
        depth += s->data[i] == '(';
        depth -= depth && s->data[i] == ')';
        if (!depth) {
            struct mt_span inside = i ? mt_span_sub(*s, 1, i - 1) : (struct mt_span){0};
            *s = mt_span_from(*s, i ? i + 1 : 0);
            return inside;
        }
    }
    return (struct mt_span){0};
}

/* What follows "[GC pause": "(G1 Evacuation Pause) (young) (initial-mark)"; up to JDK 7 without the
 * cause. */
static void take_g1_pause(struct mt_jvm_record *r, struct mt_span text)
{
    r->g1_pause = true;
    r->collector = "G1";
    struct mt_span inside;
    do {
        text = mt_span_trim(text);
        inside = take_brackets(&text);
        if (mt_span_is(inside, "mixed"))
            r->kind = MT_JVM_MIXED;
        else if (!r->cause.size && !mt_span_is(inside, "young") && !mt_span_is(inside, "partial"))
            r->cause = inside;
    } while (inside.size);
}

static void take_title(struct mt_jvm_record *r, struct mt_span text)
{
    bool full = mt_span_take(&text, "[Full GC");
    if (!full)
        mt_span_take(&text, "[GC");
    mt_span_take(&text, "--"); /* the survivors did not fit */
    text = mt_span_trim(mt_span_sub(text, 0, 512));
    r->kind = full ? MT_JVM_FULL : MT_JVM_YOUNG;
    if (mt_span_take(&text, "pause")) {
        take_g1_pause(r, text);
        return;
    }
    if (mt_span_starts(text, "concurrent-")) {
        r->kind = MT_JVM_G1_CONCURRENT;
        r->ends = mt_span_find(text, "-abort") != MT_NPOS;
    } else if (mt_span_starts(text, "remark")) {
        r->kind = MT_JVM_G1_REMARK;
    } else if (mt_span_starts(text, "cleanup")) {
        r->kind = MT_JVM_G1_CLEANUP;
    } else if (mt_span_starts(text, "(")) {
        r->cause = take_brackets(&text);
    }
}

/* "1 CMS-initial-mark: 100000K(174784K)", "1 CMS-remark: ..." */
static void take_cms(struct mt_jvm_record *r, struct mt_span text)
{
    if (mt_span_take(&text, "1 CMS-initial-mark: ")) {
        r->kind = MT_JVM_CMS_INITIAL_MARK;
        mt_jvm_take_size(&text, &r->occupied_bytes);
    } else if (mt_span_starts(text, "1 CMS-remark: ")) {
        r->kind = MT_JVM_CMS_REMARK;
    }
}

/* ", 0.0123456 secs" before the record's last bracket. */
static void take_duration(struct mt_jvm_record *r, struct mt_span text)
{
    struct mt_span before;
    static const char secs[] = " secs";
    if (!mt_span_ends(text, secs))
        return;
    struct mt_span number = mt_span_sub(text, 0, text.size - (sizeof secs - 1));
    size_t begin = mt_span_find_last_byte(number, ' ');
    before = mt_span_from(number, begin == MT_NPOS ? 0 : begin + 1);
    if (!mt_jvm_take_decimal(&before, 9, &r->duration_ns))
        r->duration_ns = -1;
}

struct walk {
    struct mt_span text;
    size_t depth;
    size_t group;   /* where the text of the open generation's bracket begins */
    size_t outside; /* where the last text right inside the record begins */
};

static void heap_figures(struct mt_jvm_record *r, struct mt_span text)
{
    struct mt_jvm_change change;
    if (mt_jvm_find_change(text, &change, NULL)) {
        r->heap = change;
        r->has_heap = true;
    }
}

static void open_bracket(struct mt_jvm_record *r, struct walk *w, size_t at)
{
    if (w->depth == RECORD)
        heap_figures(r, mt_span_sub(w->text, w->outside, at - w->outside));
    w->depth++;
    if (w->depth == GENERATION)
        w->group = at + 1;
}

static void close_bracket(struct mt_jvm_record *r, struct walk *w, size_t at)
{
    if (w->depth == GENERATION) {
        struct mt_span text = mt_span_sub(w->text, w->group, at - w->group);
        take_generation(r, text);
        take_cms(r, text);
        w->outside = at + 1;
    } else if (w->depth == RECORD) {
        struct mt_span text = mt_span_sub(w->text, w->outside, at - w->outside);
        heap_figures(r, text);
        take_duration(r, text);
    }
    w->depth--;
}

enum mt_jvm_record_state mt_jvm_take_record(struct mt_span *s, struct mt_jvm_record *record)
{
    *record = (struct mt_jvm_record){.duration_ns = -1, .occupied_bytes = MT_NO_BYTES};
    take_title(record, *s);
    struct walk w = {.text = *s};
    for (size_t i = 0; i < s->size; i++) {
        if (s->data[i] == '[') {
            open_bracket(record, &w, i);
        } else if (s->data[i] == ']' && w.depth) {
            close_bracket(record, &w, i);
            if (!w.depth) {
                *s = mt_span_from(*s, i + 1);
                if (record->has_old && record->kind == MT_JVM_YOUNG)
                    record->kind = MT_JVM_FULL; /* it went on to the old generation */
                return MT_JVM_RECORD_WHOLE;
            }
        }
    }
    return MT_JVM_RECORD_OPEN;
}
