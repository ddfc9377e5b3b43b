/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notes.md, or any other Markdown text: what people wrote down about the capture. It is taken last,
 * and only with marks that prose has and logs have not: a log that nobody knows is no note.
 */
#include "parsers/formats/reader.h"

enum { NOTES_MOST = 256 << 10 }; /* bytes kept; more would drown the report it is printed in */

struct marks {
    unsigned headings, others; /* lists, fences, quotes, links */
    unsigned lines, words;     /* lines that are not blank; those with words and nothing of a log */
};

/* "# Title" and "## Title"; not "#!/bin/sh", "# HELP", "#comment". */
static bool heading(struct mt_span line)
{
    size_t level = 0;
    while (level < line.size && line.data[level] == '#')
        level++;
    struct mt_span title = mt_span_from(line, level);
    return level && level <= 6 && mt_span_take(&title, " ") && title.size &&
           !mt_span_starts(title, "HELP ") && !mt_span_starts(title, "TYPE ") &&
           mt_span_find(title, " = ") == MT_NPOS;
}

/* A line of === or --- below text makes that text a heading. */
static bool underline(struct mt_span line)
{
    if (line.size < 3 || (line.data[0] != '=' && line.data[0] != '-'))
        return false;
    for (size_t i = 1; i < line.size; i++)
        if (line.data[i] != line.data[0])
            return false;
    return true;
}

static bool other_mark(struct mt_span line)
{
    struct mt_span text = mt_span_trim(line);
    uint64_t number;
    struct mt_span item = text;
    if (mt_span_take_u64(&item, &number) && number < 1000 &&
        (mt_span_starts(item, ". ") || mt_span_starts(item, ") ")))
        return true;
    return mt_span_starts(text, "- ") || mt_span_starts(text, "* ") || mt_span_starts(text, "> ") ||
           mt_span_starts(text, "```") || mt_span_starts(text, "~~~") ||
           mt_span_starts(text, "| ") || mt_span_find(text, "](") != MT_NPOS;
}

/* Two words or more of letters in front: no time stamp, no key=value, no JSON. */
static bool wordy(struct mt_span line)
{
    unsigned words = 0;
    struct mt_span word;
    for (unsigned i = 0; i < 3 && mt_span_word(&line, &word); i++) {
        bool letters = word.size > 1;
        for (size_t k = 0; k + 1 < word.size; k++)
            letters &= (word.data[k] | 0x20) >= 'a' || word.data[k] == '\'' || word.data[k] == '-';
        words += letters && mt_span_find_byte(word, '=') == MT_NPOS;
    }
    return words > 1;
}

/* Up to the last whole line when the head is cut, so a letter of several bytes is not torn. */
static struct mt_span whole_lines(struct mt_span head)
{
    size_t end = mt_span_find_last_byte(head, '\n');
    return head.size < 4096 || end == MT_NPOS ? head : mt_span_sub(head, 0, end + 1);
}

static enum mt_match sniff(struct mt_span head)
{
    mt_span_take(&head, "\xef\xbb\xbf");
    struct mt_span rest = whole_lines(head), line;
    struct mt_span first = mt_span_trim(rest);
    if (!first.size || first.data[0] == '<' || first.data[0] == '{' ||
        mt_span_starts(first, "#!") || mt_span_find_byte(rest, 0) != MT_NPOS ||
        !mt_span_is_utf8(rest))
        return MT_NO;
    struct marks m = {0};
    bool after_text = false;
    while (mt_span_line(&rest, &line)) {
        bool blank = !mt_span_trim(line).size;
        m.headings += heading(line) || (after_text && underline(line));
        m.others += other_mark(line);
        m.lines += !blank;
        m.words += wordy(line) || heading(line) || other_mark(line);
        after_text = !blank && wordy(line);
    }
    if (m.words * 2 < m.lines)
        return MT_NO;
    return m.headings || (m.others > 1 && m.words > m.others) ? MT_MAYBE : MT_NO;
}

static bool read_notes(struct mt_cursor *in, struct mt_capture *out)
{
    struct mt_span text = mt_cur_all(in);
    if (!mt_cur_ok(in))
        return false;
    mt_span_take(&text, "\xef\xbb\xbf");
    uint64_t whole = text.size;
    if (text.size > NOTES_MOST) {
        text = mt_span_sub(text, 0, NOTES_MOST);
        size_t end = mt_span_find_last_byte(text, '\n');
        if (end != MT_NPOS)
            text = mt_span_sub(text, 0, end + 1);
        mt_capture_remark(out, false, "notes-cut", "the notes are cut after %zu of %llu bytes",
                          text.size, (unsigned long long)whole);
    }
    out->notes = (struct mt_span){
        (const unsigned char *)mt_arena_copy(out->arena, text.data, text.size), text.size};
    struct mt_span line;
    while (mt_span_line(&text, &line))
        out->records++;
    return true;
}

static void inspect(const struct mt_capture *c, struct mt_json_out *j)
{
    struct mt_span rest = c->notes, line;
    uint64_t headings = 0;
    while (mt_span_line(&rest, &line))
        headings += heading(line);
    mt_json_kv_u64(j, "lines", c->records);
    mt_json_kv_u64(j, "headings", headings);
}

const struct mt_reader mt_reader_notes = {
    .name = "notes",
    .kind = "notes",
    .summary = "Markdown text: printed in the report, raw HTML removed",
    .example = "# checkout, 22 November",
    .how = "write what you know into notes.md beside the captures",
    .sniff = sniff,
    .read = read_notes,
    .inspect = inspect,
};
