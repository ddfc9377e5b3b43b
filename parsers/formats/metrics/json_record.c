/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/json_record.h"

#include "parsers/formats/lines/stamp.h"

#include <string.h>

enum role {
    ROLE_FREE,
    ROLE_OTHER,
    ROLE_METRIC,
    ROLE_TIME,
    ROLE_PID,
    ROLE_ORIGIN,
    ROLE_MESSAGE,
    ROLE_PAUSES,     /* PauseNs: the metric LastPauseNs, or the ring of the last 256 pauses */
    ROLE_PAUSE_ENDS, /* PauseEnd: likewise */
    ROLE_MEMSTATS,   /* expvar's object */
    ROLE_GC_EVENT    /* a record of one collection, which is no poll */
};

enum { RING = 256, MOST_LEVELS = 8, EXACT_DIGITS = 18 };

struct scan {
    struct mt_json_memo *memo;
    struct mt_recorder *r;
    struct mt_span text;
    size_t at;
    size_t member;                 /* ordinal, for the memo's order */
    uint16_t parents[MOST_LEVELS]; /* slots of the open objects */
    size_t depth;
    struct mt_span pauses, pause_ends;
    bool has_time, gc_event;
    size_t set_before;
};

/* -- names -------------------------------------------------------------------------------- */

static bool is_any(struct mt_span name, const char *const *names)
{
    for (; *names; names++)
        if (mt_span_is_nocase(name, *names))
            return true;
    return false;
}

static enum role role_of(struct mt_span name)
{
    static const char *const messages[] = {"msg", "message", NULL};
    if (mt_span_is_nocase(name, "pausens") || mt_span_is_nocase(name, "pause_ns"))
        return ROLE_PAUSES;
    if (mt_span_is_nocase(name, "pauseend") || mt_span_is_nocase(name, "pause_end"))
        return ROLE_PAUSE_ENDS;
    if (mt_span_is_nocase(name, "memstats"))
        return ROLE_MEMSTATS;
    if (mt_span_is_nocase(name, "gcpausestart") || mt_span_is_nocase(name, "gc_pause_start"))
        return ROLE_GC_EVENT;
    if (mt_name_is_time(name))
        return ROLE_TIME;
    if (mt_name_is_pid(name))
        return ROLE_PID;
    if (mt_name_is_origin(name))
        return ROLE_ORIGIN;
    return is_any(name, messages) ? ROLE_MESSAGE : ROLE_OTHER;
}

/* "heap": {"alloc": 1} means heap.alloc; a name that is clear by itself may stand anywhere. */
static bool metric_in(const struct mt_json_memo_slot *parent, struct mt_span name,
                      struct mt_metric_name *metric)
{
    if (parent) {
        unsigned char joined[2 * MT_MEMO_NAME];
        memcpy(joined, parent->name, parent->size);
        memcpy(joined + parent->size, name.data, name.size);
        struct mt_span both = {joined, parent->size + name.size};
        if (mt_metric_of_name(both, metric))
            return true;
        return mt_metric_of_name(name, metric) && metric->strength == MT_NAME_STRONG;
    }
    return mt_metric_of_name(name, metric);
}

static bool same(const struct mt_json_memo_slot *slot, uint16_t parent, struct mt_span name)
{
    return slot->parent == parent && slot->size == name.size &&
           memcmp(slot->name, name.data, name.size) == 0;
}

/* The slot of a name, made when it is new; 0 when it is none of ours or there is no room. */
static uint16_t slot_of(struct mt_json_memo *memo, uint16_t parent, struct mt_span name)
{
    if (!name.size || name.size > MT_MEMO_NAME)
        return 0;
    uint32_t hash = parent * 2654435761u;
    for (size_t i = 0; i < name.size; i++)
        hash = (hash ^ name.data[i]) * 16777619u;
    size_t i = (hash ^ hash >> 15) % MT_MEMO_SLOTS;
    for (;; i = (i + 1) % MT_MEMO_SLOTS) {
        if (i == 0) /* stands for "none" */
            continue;
        if (memo->slots[i].role == ROLE_FREE)
            break;
        if (same(&memo->slots[i], parent, name))
            return (uint16_t)i;
    }
    if (memo->n_slots >= MT_MEMO_SLOTS / 2)
        return 0;
    struct mt_json_memo_slot *slot = &memo->slots[i];
    memo->n_slots++;
    slot->parent = parent;
    slot->size = (uint8_t)name.size;
    memcpy(slot->name, name.data, name.size);
    slot->role = (uint8_t)role_of(name);
    if (slot->role == ROLE_OTHER &&
        metric_in(parent ? &memo->slots[parent] : NULL, name, &slot->metric))
        slot->role = ROLE_METRIC;
    if (slot->role == ROLE_PAUSES)
        slot->metric = (struct mt_metric_name){MT_M_LAST_PAUSE, 1, true, true, MT_NAME_STRONG};
    if (slot->role == ROLE_PAUSE_ENDS)
        slot->metric = (struct mt_metric_name){MT_M_LAST_GC, 1, true, false, MT_NAME_STRONG};
    return (uint16_t)i;
}

/* -- bytes -------------------------------------------------------------------------------- */

static void skip_blanks(struct scan *s)
{
    if (s->at < s->text.size && s->text.data[s->at] > ' ')
        return;
    while (s->at < s->text.size && (s->text.data[s->at] == ' ' || s->text.data[s->at] == '\t' ||
                                    s->text.data[s->at] == '\n' || s->text.data[s->at] == '\r'))
        s->at++;
}

static bool take(struct scan *s, unsigned char byte)
{
    if (s->at >= s->text.size || s->text.data[s->at] != byte)
        return false;
    s->at++;
    return true;
}

/* Behind an opening quote: the text up to the closing one, which is taken, too. */
static bool take_string(struct scan *s, struct mt_span *string)
{
    size_t begin = s->at;
    for (;;) {
        size_t quote = mt_span_find_byte(mt_span_from(s->text, s->at), '"');
        if (quote == MT_NPOS)
            return false;
        quote += s->at;
        s->at = quote + 1;
        size_t backslashes = 0;
        while (quote - backslashes > begin && s->text.data[quote - backslashes - 1] == '\\')
            backslashes++;
        if (backslashes % 2 == 0) {
            *string = mt_span_sub(s->text, begin, quote - begin);
            return true;
        }
    }
}

/* Behind an opening bracket: what it holds, by its brackets alone. */
static bool take_container(struct scan *s, struct mt_span *inside)
{
    size_t begin = s->at, open = 1;
    struct mt_span string;
    while (s->at < s->text.size) {
        unsigned char c = s->text.data[s->at++];
        if (c == '"') {
            if (!take_string(s, &string))
                return false;
        } else if (c == '[' || c == '{') {
            open++;
        } else if ((c == ']' || c == '}') && --open == 0) {
            *inside = mt_span_sub(s->text, begin, s->at - 1 - begin);
            return true;
        }
    }
    return false;
}

/* The slot of the next name and the colon behind it. */
static bool take_name(struct scan *s, uint16_t parent, uint16_t *slot)
{
    if (!take(s, '"'))
        return false;
    struct mt_json_memo *memo = s->memo;
    uint16_t *expected = s->member < MT_MEMO_ORDER ? &memo->order[s->member] : NULL;
    s->member++;
    const struct mt_json_memo_slot *guess = expected ? &memo->slots[*expected] : NULL;
    struct mt_span name = guess ? mt_span_sub(s->text, s->at, guess->size) : (struct mt_span){0};
    if (guess && guess->role != ROLE_FREE && s->at + guess->size < s->text.size &&
        s->text.data[s->at + guess->size] == '"' && same(guess, parent, name)) {
        *slot = *expected;
        s->at += name.size + 1U;
    } else {
        if (!take_string(s, &name))
            return false;
        *slot = slot_of(memo, parent, name);
        if (expected)
            *expected = *slot;
    }
    skip_blanks(s);
    return take(s, ':');
}

/* -- values ------------------------------------------------------------------------------- */

static void take_time(struct scan *s, struct mt_span text)
{
    int64_t time_ns;
    bool zone_known = true;
    double number;
    if (s->has_time)
        return;
    if (!mt_time_parse(text, &time_ns, &zone_known)) {
        struct mt_span rest = text;
        if (!mt_span_f64(text, &number) ? !mt_stamp_take(&rest, &time_ns, &zone_known) || rest.size
                                        : !mt_stamp_from_number(number, &time_ns))
            return;
    }
    s->has_time = true;
    mt_recorder_time(s->r, time_ns, zone_known);
}

static void use_string(struct scan *s, const struct mt_json_memo_slot *slot, struct mt_span string)
{
    switch ((enum role)slot->role) {
    case ROLE_METRIC:
    case ROLE_PAUSES:
    case ROLE_PAUSE_ENDS:
        mt_recorder_text(s->r, &slot->metric, string);
        break;
    case ROLE_TIME:
        take_time(s, string);
        break;
    case ROLE_ORIGIN:
        if (!s->r->origin.size)
            s->r->origin = string;
        break;
    case ROLE_MESSAGE:
        s->memo->message = string;
        break;
    case ROLE_GC_EVENT:
        s->gc_event = true;
        break;
    default:
        break;
    }
}

static void use_number(struct scan *s, const struct mt_json_memo_slot *slot, double value,
                       struct mt_span text)
{
    switch ((enum role)slot->role) {
    case ROLE_METRIC:
    case ROLE_PAUSES:
    case ROLE_PAUSE_ENDS:
        mt_recorder_number(s->r, &slot->metric, value);
        break;
    case ROLE_TIME:
        take_time(s, text);
        break;
    case ROLE_PID:
        if (value >= 1 && value <= UINT32_MAX)
            s->r->pid = (uint32_t)value;
        break;
    default:
        break;
    }
}

static bool take_number(struct scan *s, const struct mt_json_memo_slot *slot)
{
    const struct mt_span text = s->text;
    const size_t begin = s->at, most = begin + EXACT_DIGITS;
    size_t at = begin;
    uint64_t whole = 0;
    for (unsigned digit;
         at < text.size && at < most && (digit = text.data[at] - (unsigned)'0') < 10; at++)
        whole = whole * 10 + digit;
    size_t digits = at - begin;
    s->at = at;
    unsigned char next = at < text.size ? text.data[at] : 0;
    double value = (double)whole;
    bool goes_on = next == '.' || next == 'e' || next == 'E' || (next >= '0' && next <= '9');
    if (!digits || goes_on) {
        struct mt_span rest = mt_span_from(s->text, begin);
        if (!mt_span_take_f64(&rest, &value))
            return false;
        s->at = s->text.size - rest.size;
    }
    if (!slot)
        return true;
    if (slot->role == ROLE_METRIC && s->depth > 1 &&
        s->memo->slots[s->parents[s->depth - 1]].role == ROLE_MEMSTATS)
        s->memo->in_memstats = true;
    if (slot->role == ROLE_METRIC && slot->metric.plain && digits && !goes_on) {
        mt_recorder_put(s->r, &slot->metric, value);
    } else {
        use_number(s, slot, value, mt_span_sub(s->text, begin, s->at - begin));
    }
    return true;
}

static bool take_word(struct scan *s)
{
    struct mt_span rest = mt_span_from(s->text, s->at);
    if (!mt_span_take(&rest, "true") && !mt_span_take(&rest, "false") &&
        !mt_span_take(&rest, "null"))
        return false;
    s->at = s->text.size - rest.size;
    return true;
}

static bool take_array(struct scan *s, const struct mt_json_memo_slot *slot)
{
    struct mt_span inside;
    if (!take_container(s, &inside))
        return false;
    if (slot && slot->role == ROLE_PAUSES)
        s->pauses = inside;
    if (slot && slot->role == ROLE_PAUSE_ENDS)
        s->pause_ends = inside;
    return true;
}

/* The value of the member in `index`'s slot. An inner object is only opened. */
static bool take_value(struct scan *s, uint16_t index)
{
    const struct mt_json_memo_slot *slot = index ? &s->memo->slots[index] : NULL;
    struct mt_span inside;
    unsigned char c = s->at < s->text.size ? s->text.data[s->at] : 0;
    switch (c) {
    case '"':
        s->at++;
        if (!take_string(s, &inside))
            return false;
        if (slot)
            use_string(s, slot, inside);
        return true;
    case '[':
        s->at++;
        return take_array(s, slot);
    case '{':
        s->at++;
        if (!slot || s->depth == MOST_LEVELS)
            return take_container(s, &inside);
        s->parents[s->depth++] = index;
        return true;
    default:
        return (c >= '0' && c <= '9') || c == '-' ? take_number(s, slot) : take_word(s);
    }
}

/* From behind the opening bracket to behind the closing one. */
static bool take_members(struct scan *s)
{
    bool first = true;
    while (s->depth) {
        skip_blanks(s);
        if (take(s, '}')) {
            s->depth--;
            first = false;
            continue;
        }
        if (!first && !take(s, ','))
            return false;
        skip_blanks(s);
        uint16_t slot;
        if (!take_name(s, s->parents[s->depth - 1], &slot))
            return false;
        skip_blanks(s);
        size_t depth = s->depth;
        if (!take_value(s, slot))
            return false;
        first = s->depth > depth;
    }
    return true;
}

/* -- the rings of the last 256 collections ------------------------------------------------ */

/* The newest entry: the circular buffer is written at (NumGC + 255) % 256. */
static bool newest_of(struct mt_span ring, double num_gc, double *value)
{
    if (!(num_gc >= 1 && num_gc < 0x1p53))
        return false;
    struct mt_span part = {0};
    for (uint64_t i = ((uint64_t)num_gc + RING - 1) % RING + 1; i; i--)
        if (!mt_span_split(&ring, ',', &part))
            return false;
    return mt_span_f64(mt_span_trim(part), value);
}

static void use_rings(struct scan *s)
{
    struct mt_recorder *r = s->r;
    double value;
    if (!mt_recorder_has(r, MT_M_NUM_GC) || (!s->pauses.size && !s->pause_ends.size))
        return;
    double num_gc = r->values[MT_M_NUM_GC];
    if (!mt_recorder_has(r, MT_M_LAST_PAUSE) && newest_of(s->pauses, num_gc, &value))
        mt_recorder_set(r, MT_M_LAST_PAUSE, value);
    if (!mt_recorder_has(r, MT_M_LAST_GC) && newest_of(s->pause_ends, num_gc, &value))
        mt_recorder_set(r, MT_M_LAST_GC, value);
}

enum mt_json_record mt_json_record_take(struct mt_json_memo *memo, struct mt_span *text,
                                        struct mt_recorder *r)
{
    struct scan s = {.memo = memo, .r = r, .text = *text, .set_before = r->n_set};
    memo->message = (struct mt_span){0};
    memo->in_memstats = false;
    skip_blanks(&s);
    if (!take(&s, '{'))
        return MT_RECORD_BAD;
    s.depth = 1;
    if (!take_members(&s))
        return MT_RECORD_BAD;
    *text = mt_span_from(*text, s.at);
    use_rings(&s);
    return s.gc_event || r->n_set == s.set_before ? MT_RECORD_OTHER : MT_RECORD_METRICS;
}
