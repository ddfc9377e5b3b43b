/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/goroutine_dump/line.h"

/* One mark in brackets at the end of a state, with the blank before it. */
static bool drop_mark(struct mt_span *state, const char *mark)
{
    if (!mt_span_ends(*state, mark))
        return false;
    state->size -= mt_span_of(mark).size;
    return true;
}

static void take_state(struct mt_span text, struct mt_dump_header *h)
{
    size_t comma = mt_span_find(text, ", ");
    h->state = comma == MT_NPOS ? text : mt_span_sub(text, 0, comma);
    for (bool more = true; more;) {
        bool leaked = drop_mark(&h->state, " (leaked)");
        h->leaked |= leaked;
        more = leaked || drop_mark(&h->state, " (scan)") || drop_mark(&h->state, " (durable)");
    }
    while (comma != MT_NPOS) {
        text = mt_span_from(text, comma + 2);
        comma = mt_span_find(text, ", ");
        struct mt_span part = comma == MT_NPOS ? text : mt_span_sub(text, 0, comma);
        uint64_t minutes;
        if (mt_span_is(part, "locked to thread"))
            h->locked_to_thread = true;
        else if (mt_span_take_u64(&part, &minutes) && mt_span_starts(part, " minute"))
            h->wait_minutes = minutes;
    }
}

/* " {a: b}" behind the bracket: up to the last brace before the colon, as texts may hold braces. */
static bool take_labels(struct mt_span *s, struct mt_span *labels)
{
    if (!mt_span_take(s, " {"))
        return true;
    bool quoted = false;
    for (size_t i = 0; i < s->size; i++) {
        unsigned char c = s->data[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (c == '}' && !quoted) {
            *labels = mt_span_sub(*s, 0, i);
            *s = mt_span_from(*s, i + 1);
            return true;
        }
    }
    return false;
}

static bool take_word(struct mt_span *s, const char *mark)
{
    if (!mt_span_take(s, mark))
        return false;
    size_t end = 0;
    while (end < s->size && s->data[end] != ' ' && s->data[end] != '[')
        end++;
    *s = mt_span_from(*s, end);
    return true;
}

bool mt_dump_take_header(struct mt_span *s, struct mt_dump_header *header)
{
    struct mt_span rest = *s;
    struct mt_dump_header h = {0};
    if (!mt_span_take(&rest, "goroutine ") || !mt_span_take_u64(&rest, &h.id))
        return false;
    while (take_word(&rest, " gp=") || take_word(&rest, " m=") || take_word(&rest, " mp="))
        continue;
    if (!mt_span_take(&rest, " ["))
        return false;
    size_t end = mt_span_find_byte(rest, ']');
    if (end == MT_NPOS || !end)
        return false;
    take_state(mt_span_sub(rest, 0, end), &h);
    rest = mt_span_from(rest, end + 1);
    if (!take_labels(&rest, &h.labels) || !mt_span_take(&rest, ":"))
        return false;
    *header = h;
    *s = rest;
    return true;
}

size_t mt_dump_find_header(struct mt_span line)
{
    struct mt_dump_header ignored;
    for (size_t at = 0;;) {
        size_t hit = mt_span_find(mt_span_from(line, at), "goroutine ");
        if (hit == MT_NPOS)
            return MT_NPOS;
        at += hit;
        struct mt_span s = mt_span_from(line, at);
        if (mt_dump_take_header(&s, &ignored))
            return at;
        at++;
    }
}

/* Up to one of the ends, or a text in quotes. */
static bool take_label_text(struct mt_span *s, const char *ends, struct mt_span *text, bool *quoted)
{
    *quoted = mt_span_take(s, "\"");
    size_t i = 0;
    if (*quoted) {
        while (i < s->size && s->data[i] != '"')
            i += s->data[i] == '\\' ? 2 : 1;
        if (i >= s->size)
            return false;
    } else {
        while (i < s->size && mt_span_find_byte(mt_span_of(ends), s->data[i]) == MT_NPOS)
            i++;
    }
    *text = mt_span_sub(*s, 0, i);
    *s = mt_span_from(*s, *quoted ? i + 1 : i);
    return true;
}

bool mt_dump_take_label(struct mt_span *labels, struct mt_dump_label *label)
{
    struct mt_span rest = *labels;
    while (rest.size && (rest.data[0] == ',' || rest.data[0] == ' '))
        rest = mt_span_from(rest, 1);
    if (!rest.size || !take_label_text(&rest, ":=,", &label->key, &label->key_quoted) ||
        !rest.size || rest.data[0] == ',')
        return false;
    rest = mt_span_from(rest, 1);
    mt_span_take(&rest, " ");
    if (!take_label_text(&rest, ",", &label->value, &label->value_quoted))
        return false;
    *labels = rest;
    return true;
}

/* Exactly n hex digits behind "\x". */
static bool take_hex(struct mt_span *text, size_t n, uint64_t *value)
{
    struct mt_span digits = mt_span_sub(*text, 2, n);
    if (digits.size < n || (n > 1 && (digits.data[1] | 0x20) == 'x') ||
        !mt_span_take_hex(&digits, value) || digits.size)
        return false;
    *text = mt_span_from(*text, 2 + n);
    return true;
}

static size_t take_escape(struct mt_span *text, unsigned char *to)
{
    uint64_t value;
    unsigned char c = text->size > 1 ? text->data[1] : 0;
    if (c == 'x' && take_hex(text, 2, &value)) {
        to[0] = (unsigned char)value;
        return 1;
    }
    if ((c == 'u' && take_hex(text, 4, &value)) || (c == 'U' && take_hex(text, 8, &value)))
        return mt_utf8_put(to, value);
    bool known = c == 'n' || c == 'r' || c == 't' || c == '\\' || c == '"' || c == '/';
    to[0] = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : known ? c : '\\';
    *text = mt_span_from(*text, known ? 2 : 1);
    return 1;
}

size_t mt_dump_unquote(struct mt_span text, unsigned char *to)
{
    size_t n = 0;
    while (text.size) {
        if (text.data[0] == '\\') {
            n += take_escape(&text, to + n);
        } else {
            to[n++] = text.data[0];
            text = mt_span_from(text, 1);
        }
    }
    return n;
}

bool mt_dump_bare_function(struct mt_span line)
{
    return line.size && line.data[0] > ' ' && line.data[0] != '#' &&
           mt_span_find_byte(line, ' ') == MT_NPOS;
}

bool mt_dump_function(struct mt_span line, struct mt_span *name, struct mt_span *arguments)
{
    if (line.size < 3 || line.data[line.size - 1] != ')' || line.data[0] == ' ')
        return false;
    size_t open = mt_span_find_last_byte(line, '(');
    if (open == MT_NPOS || !open)
        return false;
    *name = mt_span_sub(line, 0, open);
    *arguments = mt_span_sub(line, open + 1, line.size - open - 2);
    return true;
}

static bool take_indent(struct mt_span *s)
{
    size_t before = s->size;
    while (s->size && (s->data[0] == '\t' || s->data[0] == ' '))
        *s = mt_span_from(*s, 1);
    return s->size < before || mt_span_take(s, "#011");
}

/* "+0x5f"; gccgo has "+106", too. */
static bool is_offset(struct mt_span word)
{
    uint64_t value;
    if (!mt_span_take(&word, "+"))
        return false;
    return mt_span_starts(word, "0x") ||
           (mt_span_take_u64(&word, &value) && (!word.size || word.data[0] == ' '));
}

/* Offset of the blank before "+0x", "fp=" or "pc=", which only follow a place. */
static size_t place_end(struct mt_span s)
{
    for (size_t at = s.size; at > 0; at--) {
        if (s.data[at - 1] != ' ')
            continue;
        struct mt_span word = mt_span_from(s, at);
        if (!is_offset(word) && !mt_span_starts(word, "fp=") && !mt_span_starts(word, "sp=") &&
            !mt_span_starts(word, "pc="))
            return s.size;
        s.size = at - 1;
    }
    return s.size;
}

bool mt_dump_place(struct mt_span line, struct mt_span *file, uint32_t *number)
{
    if (!take_indent(&line))
        return false;
    if (mt_span_starts(line, "pc=0x") || mt_span_is(line, ":0")) { /* of C: no place is known */
        *file = (struct mt_span){0};
        *number = 0;
        return true;
    }
    line.size = place_end(line);
    size_t colon = mt_span_find_last_byte(line, ':');
    uint64_t value;
    if (colon == MT_NPOS || !colon || !mt_span_u64(mt_span_from(line, colon + 1), &value))
        return false;
    *file = mt_span_sub(line, 0, colon);
    *number = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    return true;
}

bool mt_dump_created(struct mt_span line, struct mt_span *name, uint64_t *creator)
{
    if (!mt_span_take(&line, "created by "))
        return false;
    *creator = 0;
    *name = line;
    size_t at = mt_span_find(line, " in goroutine ");
    uint64_t id;
    if (at != MT_NPOS && mt_span_u64(mt_span_from(line, at + 14), &id)) {
        *name = mt_span_sub(line, 0, at);
        *creator = id;
    }
    return name->size > 0;
}

bool mt_dump_origin(struct mt_span line, uint64_t *ancestor)
{
    return mt_span_take(&line, "[originating from goroutine ") &&
           mt_span_take_u64(&line, ancestor) && mt_span_starts(line, "]");
}

bool mt_dump_elided(struct mt_span line)
{
    return mt_span_starts(line, "...") && mt_span_ends(line, " frames elided...");
}

bool mt_dump_unavailable(struct mt_span line)
{
    return take_indent(&line) && mt_span_starts(line, "goroutine running on other thread");
}

uint64_t mt_dump_first_argument(struct mt_span arguments)
{
    uint64_t value;
    while (mt_span_take(&arguments, "{"))
        continue;
    if (!mt_span_starts(arguments, "0x") || !mt_span_take_hex(&arguments, &value) ||
        mt_span_starts(arguments, "?"))
        return 0;
    return value;
}
