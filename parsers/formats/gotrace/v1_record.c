/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_record.h"

enum { STRING_MOST = 1000000, STACK_MOST = 1000 };

static const struct {
    const char *words;
    uint8_t since;
    bool stack;
    uint8_t args;
} types[MT_V1_TYPE_COUNT] = {
#define TYPE_ROW(name, words, since, stack, args) [MT_V1_##name] = {words, since, stack, args},
    MT_V1_TYPES(TYPE_ROW)
#undef TYPE_ROW
};

/* Arguments that a type did not have yet in an older version. */
static unsigned lacking(unsigned type, unsigned version)
{
    switch (type) {
    case MT_V1_GC_START:
    case MT_V1_GO_START:
    case MT_V1_GO_UNBLOCK: /* the order came from sequence numbers of all events */
        return version < 7 ? 1 : 0;
    case MT_V1_SWEEP_DONE:
        return version < 9 ? 2 : 0;
    case MT_V1_STW_START:
        return version < 10 ? 1 : 0;
    default:
        return 0;
    }
}

/* Records that stand outside of time. 1.5 gave them the sequence number or an unused zero. */
static bool timeless(unsigned type)
{
    return type == MT_V1_BATCH || type == MT_V1_FREQUENCY || type == MT_V1_TIMER_GOROUTINE;
}

void mt_v1_format_init(struct mt_v1_format *f, unsigned version)
{
    *f = (struct mt_v1_format){.version = version,
                               .record_bytes_most = version < 11 ? 1 << 16 : 2048,
                               .inline_more = version < 7 ? 2 : 1,
                               .lead = version < 7 ? 2 : 1};
    for (unsigned t = 0; t < 64; t++) {
        struct mt_v1_shape *shape = &f->shape[t];
        if (t >= MT_V1_TYPE_COUNT || types[t].since > version) {
            shape->n_args = MT_V1_UNKNOWN;
            continue;
        }
        unsigned lead = !timeless(t) ? f->lead : version < 7 ? 1 : 0;
        unsigned own = types[t].args - lacking(t, version);
        shape->own = (uint8_t)own;
        shape->has_stack = types[t].stack;
        shape->n_args = (uint8_t)(lead + own + (types[t].stack ? 1 : 0));
        shape->is_event =
            !timeless(t) && t != MT_V1_STACK && t != MT_V1_STRING && t != MT_V1_CPU_SAMPLE;
        bool brief = shape->n_args < f->inline_more + 3;
        shape->n_inline = shape->is_event && brief ? shape->n_args : 0;
    }
}

const char *mt_v1_type_words(unsigned type)
{
    return type < MT_V1_TYPE_COUNT ? types[type].words : "unknown";
}

const char *mt_v1_fault_words(enum mt_v1_fault fault)
{
    static const char *const words[] = {
        [MT_V1_FINE] = "fine",
        [MT_V1_CUT] = "the input ends inside the record",
        [MT_V1_NUMBER] = "a number does not fit in 64 bit",
        [MT_V1_TYPE] = "no record type of this version",
        [MT_V1_COUNT] = "wrong number of arguments",
        [MT_V1_LONG] = "longer than any record",
        [MT_V1_NAME_ZERO] = "string has the number 0",
        [MT_V1_NAME_EMPTY] = "string of no bytes",
        [MT_V1_NAME_LONG] = "string of more than 1,000,000 bytes",
    };
    return words[fault];
}

static enum mt_v1_fault number_fault(const unsigned char *at, const unsigned char *end)
{
    for (const unsigned char *byte = at; byte < end && byte < at + 10; byte++)
        if (*byte < 0x80)
            return MT_V1_NUMBER;
    return end - at < 10 ? MT_V1_CUT : MT_V1_NUMBER;
}

/* Length and that many bytes. */
static const unsigned char *take_text(const unsigned char *at, const unsigned char *end,
                                      struct mt_span *text, enum mt_v1_fault *fault)
{
    uint64_t size;
    const unsigned char *next = mt_varint(at, end, &size);
    if (!next)
        *fault = number_fault(at, end);
    else if (size > STRING_MOST)
        *fault = MT_V1_NAME_LONG;
    else if (size > (uint64_t)(end - next))
        *fault = MT_V1_CUT;
    else {
        *text = (struct mt_span){next, (size_t)size};
        return next + size;
    }
    return NULL;
}

static const unsigned char *take_string(const unsigned char *at, const unsigned char *end,
                                        struct mt_v1_record *r, enum mt_v1_fault *fault)
{
    const unsigned char *next = mt_varint(at, end, &r->args[0]);
    if (!next) {
        *fault = number_fault(at, end);
        return NULL;
    }
    r->n_args = 1;
    next = take_text(next, end, &r->body, fault);
    if (next && !r->body.size)
        *fault = MT_V1_NAME_EMPTY;
    else if (next && !r->args[0])
        *fault = MT_V1_NAME_ZERO;
    return *fault == MT_V1_FINE ? next : NULL;
}

/* The arguments of a stack: id, number of frames, then numbers for each, one or four. */
static bool stack_fits(const struct mt_v1_format *f, struct mt_v1_record *r, unsigned n_args)
{
    if (n_args < 2 || r->args[1] > STACK_MOST)
        return false;
    return n_args == 2 + r->args[1] * (f->version < 7 ? 1 : 4);
}

/* The numbers between at and end, of which the first are kept; body is what follows two of them. */
static bool take_numbers(const unsigned char *at, const unsigned char *end, struct mt_v1_record *r,
                         enum mt_v1_fault *fault)
{
    r->n_args = 0;
    r->body = (struct mt_span){0};
    while (at < end) {
        uint64_t number;
        const unsigned char *next = mt_varint(at, end, &number);
        if (!next) {
            *fault = number_fault(at, end);
            return false;
        }
        if (r->n_args < MT_V1_ARGS)
            r->args[r->n_args] = number;
        at = next;
        if (++r->n_args == 2)
            r->body = (struct mt_span){at, (size_t)(end - at)};
    }
    return true;
}

static const unsigned char *take_measured(const unsigned char *at, const unsigned char *end,
                                          const struct mt_v1_format *f, struct mt_v1_record *r,
                                          enum mt_v1_fault *fault)
{
    uint64_t size;
    const unsigned char *next = mt_varint(at, end, &size);
    if (!next) {
        *fault = number_fault(at, end);
        return NULL;
    }
    if (size > f->record_bytes_most || size > (uint64_t)(end - next)) {
        *fault = size > f->record_bytes_most ? MT_V1_LONG : MT_V1_CUT;
        return NULL;
    }
    if (!take_numbers(next, next + size, r, fault))
        return NULL;
    next += size;
    return r->type == MT_V1_LOG ? take_text(next, end, &r->body, fault) : next;
}

const unsigned char *mt_v1_record_take(const unsigned char *at, const unsigned char *end,
                                       const struct mt_v1_format *f, struct mt_v1_record *r,
                                       enum mt_v1_fault *fault)
{
    unsigned head = *at++;
    r->type = head & 63;
    unsigned expected = f->shape[r->type].n_args;
    *fault = MT_V1_FINE;
    if (expected == MT_V1_UNKNOWN) {
        *fault = MT_V1_TYPE;
        return NULL;
    }
    if (r->type == MT_V1_STRING)
        return take_string(at, end, r, fault);
    if (head >> 6 == 3) {
        at = take_measured(at, end, f, r, fault);
        if (!at)
            return NULL;
    } else {
        r->n_args = (head >> 6) + f->inline_more;
        for (unsigned i = 0; i < r->n_args; i++) {
            const unsigned char *next = mt_varint(at, end, &r->args[i]);
            if (!next) {
                *fault = number_fault(at, end);
                return NULL;
            }
            at = next;
            if (i == 1)
                r->body = (struct mt_span){at, 0};
        }
        if (r->type == MT_V1_STACK && r->n_args > 2)
            r->body.size = (size_t)(at - r->body.data);
    }
    bool fits = r->type == MT_V1_STACK ? stack_fits(f, r, r->n_args) : r->n_args == expected;
    if (!fits || (r->type == MT_V1_BATCH && head >> 6 != 1)) {
        *fault = MT_V1_COUNT;
        return NULL;
    }
    return at;
}
