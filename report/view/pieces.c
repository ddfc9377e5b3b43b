/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/pieces.h"

#include <string.h>

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool may_be_code(struct mt_span w)
{
    for (size_t i = 0; i < w.size; i++)
        if (!is_letter(w.data[i]) && !strchr("0123456789./()*[]-:", w.data[i]))
            return false;
    return true;
}

/* A letter first, a dot between letters, nothing a sentence would hold. */
static bool is_code(struct mt_span w)
{
    if (w.size < 4 || !is_letter(w.data[0]))
        return false;
    if (mt_span_find(w, "(*") != MT_NPOS || mt_span_find(w, ".go:") != MT_NPOS)
        return true;
    bool dotted = false; /* closures end in counters: "main.main.func1.2" */
    for (size_t i = 2; i + 1 < w.size && !dotted; i++)
        dotted = w.data[i] == '.' && is_letter(w.data[i + 1]);
    return dotted && may_be_code(w);
}

/* Marks of a sentence that stick to a word are not part of it. */
static size_t core_size(struct mt_span w)
{
    size_t size = w.size;
    while (size && strchr(".,;:!?", w.data[size - 1]))
        size--;
    if (size && w.data[size - 1] == ')' &&
        mt_span_find_byte(mt_span_sub(w, 0, size), '(') == MT_NPOS)
        size--;
    return size;
}

static size_t word_end(struct mt_span s)
{
    size_t at = 0;
    while (at < s.size && s.data[at] != ' ')
        at++;
    return at;
}

static size_t take_suspect(struct mt_span s, unsigned suspects, struct mt_piece *piece)
{
    struct mt_span rest = s;
    uint64_t number;
    if (!mt_span_take(&rest, "suspect ") && !mt_span_take(&rest, "Suspect "))
        return 0;
    if (!mt_span_take_u64(&rest, &number) || !number || number > suspects)
        return 0;
    *piece = (struct mt_piece){MT_PIECE_SUSPECT, mt_span_sub(s, 0, s.size - rest.size),
                               (unsigned)number};
    return s.size - rest.size;
}

/* The size of a special piece at the front, 0 when plain text stands there. */
static size_t special(struct mt_span s, unsigned suspects, struct mt_piece *piece)
{
    size_t size = take_suspect(s, suspects, piece);
    if (size)
        return size;
    if (s.data[0] == '`') {
        size_t end = mt_span_find_byte(mt_span_from(s, 1), '`');
        if (end == MT_NPOS || !end)
            return 0;
        *piece = (struct mt_piece){MT_PIECE_CODE, mt_span_sub(s, 1, end), 0};
        return end + 2;
    }
    struct mt_span word = mt_span_sub(s, 0, word_end(s));
    word.size = core_size(word);
    if (!is_code(word))
        return 0;
    *piece = (struct mt_piece){MT_PIECE_CODE, word, 0};
    return word.size;
}

bool mt_piece_next(struct mt_span *rest, unsigned suspects, struct mt_piece *piece)
{
    if (!rest->size)
        return false;
    size_t taken = special(*rest, suspects, piece);
    if (taken) {
        *rest = mt_span_from(*rest, taken);
        return true;
    }
    struct mt_piece next;
    size_t at = 1;
    for (; at < rest->size; at++) {
        unsigned char before = rest->data[at - 1];
        if ((before == ' ' || before == '(') && special(mt_span_from(*rest, at), suspects, &next))
            break;
    }
    *piece = (struct mt_piece){MT_PIECE_TEXT, mt_span_sub(*rest, 0, at), 0};
    *rest = mt_span_from(*rest, at);
    return true;
}
