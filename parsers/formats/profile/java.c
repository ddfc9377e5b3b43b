/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/profile/java.h"

static struct mt_span last_part(struct mt_span path)
{
    while (path.size > 1 && mt_span_ends(path, "/"))
        path.size--;
    size_t slash = mt_span_find_last_byte(path, '/');
    return slash == MT_NPOS || path.size == 1 ? path : mt_span_from(path, slash + 1);
}

static bool is_blank(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* "name (inside": the last bracket behind a blank with `least` bytes or more behind it. */
static bool split_at_bracket(struct mt_span s, size_t least, struct mt_span *name,
                             struct mt_span *inside)
{
    for (size_t at = s.size; at-- > 1;)
        if (s.data[at] == '(' && is_blank(s.data[at - 1]) && s.size - at - 1 >= least) {
            *name = mt_span_sub(s, 0, at - 1);
            *inside = mt_span_from(s, at + 1);
            return true;
        }
    return false;
}

/* Takes ":12" or ":-1" off the end. */
static bool take_line(struct mt_span *s, int64_t *line)
{
    size_t colon = mt_span_find_last_byte(*s, ':');
    if (colon == MT_NPOS)
        return false;
    struct mt_span number = mt_span_from(*s, colon + 1), digits = number;
    mt_span_take(&digits, "-");
    if (!digits.size || mt_digits_end(digits, 0) != digits.size)
        return false;
    if (!mt_span_i64(number, line) || *line < 0)
        *line = 0;
    *s = mt_span_sub(*s, 0, colon);
    return true;
}

/* "function (File.java:12)", "function (/lib/libjvm.so)", or a state such as "GC". */
static void take_apart(struct mt_span text, struct mt_span *function, struct mt_span *file,
                       int64_t *line)
{
    struct mt_span open = mt_span_sub(text, 0, text.size ? text.size - 1 : 0), with_line = open;
    *function = text;
    *file = (struct mt_span){0};
    *line = 0;
    if (mt_span_ends(text, ")")) {
        if (take_line(&with_line, line) && split_at_bracket(with_line, 1, function, file))
            return;
        *line = 0;
        if (split_at_bracket(open, 0, function, file)) {
            *file = file->size ? last_part(*file) : MT_SPAN(".");
            return;
        }
    }
    if (mt_span_find(text, "generated stub/JIT") != MT_NPOS)
        *function = MT_SPAN("STUB");
}

/* "0x3 text"; false when the line is none. *fits is false when the number is too large. */
static bool take_location(struct mt_span *line, uint64_t *address, bool *fits)
{
    size_t digits = 0;
    if (!mt_span_take(line, "0x"))
        return false;
    while (digits < line->size &&
           ((line->data[digits] >= '0' && line->data[digits] <= '9') ||
            ((line->data[digits] | 32) >= 'a' && (line->data[digits] | 32) <= 'f')))
        digits++;
    if (!digits || digits == line->size || !is_blank(line->data[digits]))
        return false;
    struct mt_span number = mt_span_sub(*line, 0, digits);
    *fits = mt_span_take_hex(&number, address) && !number.size;
    *line = mt_span_trim(mt_span_from(*line, digits));
    return true;
}

static bool read_location(struct mt_stacks *b, struct mt_profile_text *t, struct mt_map64 *by_name)
{
    struct mt_span line = mt_span_trim(t->line), name, file;
    uint64_t address;
    int64_t number;
    bool fits = true;
    if (mt_span_starts(line, "--- heapz ") || mt_span_starts(line, "--- contentionz "))
        return mt_profile_text_fail(t, "a second profile begins; each needs a file of its own");
    if (!take_location(&line, &address, &fits))
        return true;
    if (!fits)
        return mt_profile_text_fail(t, "an address does not fit in 64 bit");
    uint32_t location = mt_map64_get(&b->by_address, address);
    if (!location)
        return true;
    take_apart(line, &name, &file, &number);
    /* A function's file is that of its first location. */
    uint32_t *function = mt_map64_at(by_name, mt_intern(b->out->strings, name));
    if (!*function)
        *function = mt_stacks_function(b, name, file) + 1;
    mt_stacks_symbolise(b, location - 1, *function - 1, number);
    return true;
}

bool mt_java_locations(struct mt_stacks *b, struct mt_profile_text *t)
{
    struct mt_map64 by_name = {.arena = &b->scratch};
    bool good = true;
    while (good && mt_profile_text_next(t))
        good = read_location(b, t, &by_name);
    mt_stacks_no_memory_map(b);
    mt_stacks_finish(b);
    return good;
}
