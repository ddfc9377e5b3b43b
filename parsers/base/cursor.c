/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/cursor.h"

#include "parsers/base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SKIP_STEP = 64 << 10, CR_STEP = 16 << 10 };

struct mt_cursor mt_cur_over(struct mt_span bytes, struct mt_err *err)
{
    return (struct mt_cursor){.rest = bytes, .err = err};
}

bool mt_cur_ok(const struct mt_cursor *in)
{
    return in->err->code == MT_ERR_OK;
}

bool mt_cur_has(struct mt_cursor *in, size_t n)
{
    if (in->rest.size >= n)
        return mt_cur_ok(in);
    if (!mt_cur_ok(in) || !in->source)
        return false;
    if (!in->source->calls->refill(in->source, &in->rest, n, in->err))
        return false;
    return in->rest.size >= n;
}

bool mt_cur_at_end(struct mt_cursor *in)
{
    return !mt_cur_has(in, 1);
}

static void advance(struct mt_cursor *in, size_t n)
{
    in->rest.data += n;
    in->rest.size -= n;
    in->offset += n;
}

static bool need(struct mt_cursor *in, size_t n)
{
    if (in->rest.size >= n && mt_cur_ok(in))
        return true;
    if (mt_cur_has(in, n))
        return true;
    mt_fail(in->err, MT_ERR_INPUT, in->offset + in->rest.size,
            "input ends here, %zu more bytes were expected",
            n - (in->rest.size < n ? in->rest.size : n));
    return false;
}

uint8_t mt_cur_u8(struct mt_cursor *in)
{
    if (!need(in, 1))
        return 0;
    uint8_t value = in->rest.data[0];
    advance(in, 1);
    return value;
}

static uint64_t fixed(struct mt_cursor *in, size_t size, bool big_endian)
{
    if (!need(in, size))
        return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | in->rest.data[big_endian ? i : size - 1 - i];
    advance(in, size);
    return value;
}

uint16_t mt_cur_u16be(struct mt_cursor *in)
{
    return (uint16_t)fixed(in, 2, true);
}

uint32_t mt_cur_u32le(struct mt_cursor *in)
{
    return (uint32_t)fixed(in, 4, false);
}

uint32_t mt_cur_u32be(struct mt_cursor *in)
{
    return (uint32_t)fixed(in, 4, true);
}

uint64_t mt_cur_u64be(struct mt_cursor *in)
{
    return fixed(in, 8, true);
}

uint64_t mt_cur_varint(struct mt_cursor *in)
{
    if (in->rest.size && in->rest.data[0] < 0x80 && mt_cur_ok(in)) {
        uint64_t small = in->rest.data[0];
        advance(in, 1);
        return small;
    }
    mt_cur_has(in, 10);
    uint64_t value = 0;
    for (size_t i = 0; i < 10; i++) {
        if (!mt_cur_ok(in))
            return 0;
        if (i >= in->rest.size) {
            need(in, i + 1);
            return 0;
        }
        uint64_t byte = in->rest.data[i];
        if (i == 9 && byte > 1)
            break;
        value |= (byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            advance(in, i + 1);
            return value;
        }
    }
    mt_cur_fail(in, "number does not fit in 64 bit");
    return 0;
}

struct mt_span mt_cur_bytes(struct mt_cursor *in, uint64_t len)
{
    if (len > SIZE_MAX / 2 || !need(in, (size_t)len)) {
        mt_cur_fail(in, "%llu bytes do not fit in what remains", (unsigned long long)len);
        return (struct mt_span){0};
    }
    struct mt_span bytes = {in->rest.data, (size_t)len};
    advance(in, (size_t)len);
    return bytes;
}

void mt_cur_skip(struct mt_cursor *in, uint64_t len)
{
    while (len && mt_cur_ok(in)) {
        size_t step = len < SKIP_STEP ? (size_t)len : SKIP_STEP;
        mt_cur_bytes(in, step);
        len -= step;
    }
}

struct mt_cursor mt_cur_sub(struct mt_cursor *in, uint64_t len)
{
    uint64_t offset = in->offset;
    struct mt_span bytes = mt_cur_bytes(in, len);
    return (struct mt_cursor){.rest = bytes, .offset = offset, .err = in->err};
}

size_t mt_cur_count(struct mt_cursor *in, uint64_t count, size_t least)
{
    if (mt_cur_ok(in) && count > in->rest.size / (least ? least : 1)) {
        mt_cur_fail(in, "%llu records do not fit in the %zu bytes that remain",
                    (unsigned long long)count, in->rest.size);
        return 0;
    }
    return mt_cur_ok(in) ? (size_t)count : 0;
}

struct mt_span mt_cur_all(struct mt_cursor *in)
{
    if (in->source && mt_cur_ok(in)) {
        uint64_t most = mt_limit(MT_LIMIT_INFLATED);
        if (mt_cur_has(in, (size_t)most)) {
            mt_fail(in->err, MT_ERR_LIMIT, in->offset + most,
                    "input goes on past %llu bytes (--limit inflated-bytes)",
                    (unsigned long long)most);
        }
    }
    if (!mt_cur_ok(in))
        return (struct mt_span){0};
    struct mt_span all = in->rest;
    advance(in, all.size);
    return all;
}

/* The first LF or CR among the window's bytes [from, to). Most texts have no CR, so one is looked
 * for in long steps and what was found out is kept for the lines to come. */
static size_t find_end(struct mt_cursor *in, size_t from, size_t to)
{
    while (from < to) {
        if (in->offset + from >= in->no_cr_until) {
            size_t step = to - from < CR_STEP ? to - from : CR_STEP;
            size_t cr = mt_span_find_byte(mt_span_sub(in->rest, from, step), '\r');
            in->cr_there = cr != MT_NPOS;
            in->no_cr_until = in->offset + from + (in->cr_there ? cr : step);
        }
        uint64_t clear = in->no_cr_until - in->offset;
        size_t until = clear < to ? (size_t)clear : to;
        size_t lf = mt_span_find_byte(mt_span_sub(in->rest, from, until - from), '\n');
        if (lf != MT_NPOS)
            return from + lf;
        if (until < to && in->cr_there)
            return until;
        from = until;
    }
    return MT_NPOS;
}

/* Where the line ends that begins the window, which grows as needed; MT_NPOS: not within `most`
 * bytes. Asks the source for no more than the next byte: bytes in front of a damage count. */
static size_t line_end(struct mt_cursor *in, size_t most)
{
    size_t seen = 0;
    do {
        size_t to = in->rest.size < most ? in->rest.size : most;
        size_t end = find_end(in, seen, to);
        if (end != MT_NPOS)
            return end;
        seen = to;
    } while (seen < most && mt_cur_has(in, seen + 1));
    return MT_NPOS;
}

static void take_line_end(struct mt_cursor *in)
{
    if (in->rest.data[0] == '\r' && mt_cur_has(in, 2) && in->rest.data[1] == '\n')
        advance(in, 1);
    advance(in, 1);
}

/* What is left of a line that was cut. */
static void skip_line(struct mt_cursor *in)
{
    size_t end = MT_NPOS;
    uint64_t from = in->offset;
    while (end == MT_NPOS && mt_cur_has(in, 1)) {
        end = mt_span_find_line_end(in->rest);
        advance(in, end == MT_NPOS ? in->rest.size : end);
    }
    in->cut_lines += in->offset > from;
    if (end != MT_NPOS)
        take_line_end(in);
    in->in_line = false;
}

bool mt_cur_line(struct mt_cursor *in, struct mt_span *line)
{
    if (in->in_line)
        skip_line(in);
    if (mt_cur_at_end(in))
        return false;
    size_t most = (size_t)mt_limit(MT_LIMIT_LINE);
    size_t end = line_end(in, most);
    if (!mt_cur_ok(in))
        return false;
    if (end == MT_NPOS) { /* the input's last line, or one too long */
        *line = mt_span_sub(in->rest, 0, most);
        advance(in, line->size);
        in->in_line = true;
        return true;
    }
    bool crlf =
        in->rest.data[end] == '\r' && mt_cur_has(in, end + 2) && in->rest.data[end + 1] == '\n';
    *line = mt_span_sub(in->rest, 0, end);
    advance(in, end + (crlf ? 2 : 1));
    return true;
}

bool mt_cur_fail(struct mt_cursor *in, const char *fmt, ...)
{
    if (!mt_cur_ok(in))
        return false;
    va_list args;
    va_start(args, fmt);
    char what[sizeof in->err->what];
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    return mt_fail(in->err, MT_ERR_INPUT, in->offset, "%s", what);
}

void mt_cur_release(struct mt_cursor *in)
{
    if (in->source && in->source->calls->release)
        in->source->calls->release(in->source, in->rest);
}

bool mt_cur_keeps(const struct mt_cursor *in)
{
    return !in->source || in->source->keeps;
}

void mt_cur_drop(struct mt_cursor *in)
{
    if (in->source && in->source->keeps && in->source->calls->drop)
        in->source->calls->drop(in->source, in->rest);
}
