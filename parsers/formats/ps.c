/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of `ps` (any columns) or `top -b`, one after the other:
 *
 *     Sun Nov 22 19:17:39 UTC 2026
 *       PID   RSS    VSZ NLWP ELAPSED COMMAND
 *     18086 12928 1233340   7       1 edge
 *
 * The header says what a column is. The time stands on a line of its own before it.
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/block.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/largest.h"
#include "parsers/formats/metrics/process.h"
#include "parsers/formats/reader.h"

enum { MOST_COLUMNS = 64, MOST_WORDS = 256, SNIFF_LINES = 200 };

enum column {
    COLUMN_OTHER,
    COLUMN_PID,
    COLUMN_RSS,
    COLUMN_VIRTUAL,
    COLUMN_THREADS,
    COLUMN_CPU_TIME,
    COLUMN_STARTED, /* one word, "Nov 22", or a whole date */
    COLUMN_COMMAND  /* any number of words */
};

struct header {
    enum column columns[MOST_COLUMNS];
    size_t n, command; /* index of the command's column, n when there is none */
};

struct words {
    struct mt_span at[MOST_WORDS];
    size_t n;
};

/* -- header ------------------------------------------------------------------------------- */

static enum column column_of(struct mt_span title)
{
    static const struct {
        const char *title;
        enum column column;
    } titles[] = {
        {"PID", COLUMN_PID},         {"RSS", COLUMN_RSS},         {"RSZ", COLUMN_RSS},
        {"RSSIZE", COLUMN_RSS},      {"RES", COLUMN_RSS},         {"VSZ", COLUMN_VIRTUAL},
        {"VSIZE", COLUMN_VIRTUAL},   {"VIRT", COLUMN_VIRTUAL},    {"NLWP", COLUMN_THREADS},
        {"THCNT", COLUMN_THREADS},   {"nTH", COLUMN_THREADS},     {"TIME", COLUMN_CPU_TIME},
        {"TIME+", COLUMN_CPU_TIME},  {"STARTED", COLUMN_STARTED}, {"START", COLUMN_STARTED},
        {"COMMAND", COLUMN_COMMAND}, {"CMD", COLUMN_COMMAND},
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (mt_span_is(title, titles[i].title))
            return titles[i].column;
    return COLUMN_OTHER;
}

static bool is_title(struct mt_span word)
{
    for (size_t i = 0; i < word.size; i++)
        if (!((word.data[i] >= 'A' && word.data[i] <= 'Z') || word.data[i] == '%' ||
              word.data[i] == '+' || word.data[i] == '_' || word.data[i] == '-' ||
              mt_span_is(word, "nTH")))
            return false;
    return true;
}

/* A line of titles with the memory of a process among them. */
static bool parse_header(struct mt_span line, struct header *h)
{
    struct mt_span word;
    bool memory = false;
    h->n = 0;
    h->command = MOST_COLUMNS;
    while (mt_span_word(&line, &word)) {
        if (h->n == MOST_COLUMNS || !is_title(word))
            return false;
        enum column column = column_of(word);
        memory |= column == COLUMN_RSS;
        if (column == COLUMN_COMMAND && h->command == MOST_COLUMNS)
            h->command = h->n;
        h->columns[h->n++] = column;
    }
    if (h->command == MOST_COLUMNS)
        h->command = h->n;
    return memory;
}

/* -- rows --------------------------------------------------------------------------------- */

/* "00:00:02", "1:07.84", "1-02:03:04", seconds. */
static bool parse_cpu_time(struct mt_span text, double *ns)
{
    double days = 0, value = 0, part;
    size_t dash = mt_span_find_byte(text, '-');
    if (dash != MT_NPOS) {
        if (!mt_span_f64(mt_span_sub(text, 0, dash), &days))
            return false;
        text = mt_span_from(text, dash + 1);
    }
    struct mt_span piece;
    while (mt_span_split(&text, ':', &piece)) {
        if (!mt_span_f64(piece, &part))
            return false;
        value = value * 60 + part;
    }
    *ns = (days * 86400 + value) * 1e9;
    return true;
}

static size_t words_of_start(const struct words *w, size_t at)
{
    static const char weekdays[] = "Sun Mon Tue Wed Thu Fri Sat",
                      months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    struct mt_span word = w->at[at];
    for (size_t i = 0; word.size == 3 && i < sizeof weekdays; i += 4)
        if (mt_span_equal(word, mt_span_sub(mt_span_of(weekdays), i, 3)))
            return 5;
    for (size_t i = 0; word.size == 3 && i < sizeof months; i += 4)
        if (mt_span_equal(word, mt_span_sub(mt_span_of(months), i, 3)))
            return 2;
    return 1;
}

/* top writes larger sizes as 1.2g. */
static bool use_word(struct mt_recorder *r, enum column column, struct mt_span word)
{
    double ns;
    switch (column) {
    case COLUMN_PID:
        return mt_process_take(r, MT_PROCESS_PID, word);
    case COLUMN_RSS:
        return mt_process_take(r, MT_PROCESS_RSS, word);
    case COLUMN_VIRTUAL:
        return mt_process_take(r, MT_PROCESS_VIRTUAL, word);
    case COLUMN_THREADS:
        return mt_process_take(r, MT_PROCESS_THREADS, word);
    case COLUMN_CPU_TIME:
        if (parse_cpu_time(word, &ns))
            mt_recorder_set(r, MT_M_CPU_SECONDS, ns);
        return true;
    default:
        return true;
    }
}

/* False: the line is no row of this table. */
static bool parse_row(const struct header *h, const struct words *w, struct mt_recorder *r)
{
    size_t at = 0, behind = h->n > h->command ? h->n - h->command - 1 : 0;
    for (size_t i = 0; i < h->command; i++) { /* up to the command, from the left */
        if (at >= w->n)
            return false;
        if (!use_word(r, h->columns[i], w->at[at]))
            return false;
        at += h->columns[i] == COLUMN_STARTED ? words_of_start(w, at) : 1;
    }
    if (h->command == h->n)
        return at == w->n;
    if (at + behind >= w->n)
        return false;
    r->origin = mt_process_base_name(w->at[at]);
    for (size_t i = 0; i < behind; i++) /* and behind it from the right */
        if (!use_word(r, h->columns[h->n - 1 - i], w->at[w->n - 1 - i]))
            return false;
    return true;
}

static void split_words(struct mt_span line, struct words *w)
{
    struct mt_span word;
    w->n = 0;
    while (w->n < MOST_WORDS && mt_span_word(&line, &word))
        w->at[w->n++] = word;
}

struct listing {
    struct mt_block block;
    struct header header; /* n = 0: not inside a table */
    struct words words;
};

static void use_line(struct listing *l, const struct mt_wrapped_line *line)
{
    struct header header;
    struct mt_recorder *r = &l->block.r;
    if (mt_block_time(&l->block, line->text)) {
        l->header.n = 0;
        return;
    }
    if (parse_header(line->text, &header)) {
        if (l->header.n) /* a table without a time of its own */
            l->block.time_ns = MT_NO_TIME;
        l->header = header;
        return;
    }
    split_words(line->text, &l->words);
    if (!l->header.n || !l->words.n)
        return;
    bool row = parse_row(&l->header, &l->words, r) && !line->unended;
    if (row && mt_recorder_has(r, MT_M_RSS) &&
        r->values[MT_M_RSS] > 0) { /* threads of the kernel have none */
        mt_block_end(&l->block, true);
        return;
    }
    mt_recorder_drop(r);
    if (row)
        return;
    uint64_t pid;
    bool damaged = mt_span_u64(l->words.at[0], &pid);
    r->out->skipped += damaged;
    if (!damaged)
        l->header.n = 0; /* something else begins */
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    struct listing *l = MT_NEW(out->arena, struct listing);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    size_t first = out->n_tables;
    mt_block_begin(&l->block, out, "ps");
    mt_wrapped_begin(&w, in, out->arena);
    while (mt_wrapped_next(&w, &line))
        use_line(l, &line);
    mt_recorder_finish(&l->block.r);
    mt_keep_largest(out, first, MT_M_RSS);
    return mt_cur_ok(in);
}

static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    struct mt_recorder r;
    struct header header = {.n = 0};
    struct words words;
    size_t others = 0;
    mt_recorder_begin(&r, NULL, "");
    mt_wrapped_begin(&w, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&w, &line); n++) {
        int64_t time_ns;
        bool zone_known;
        if (header.n) { /* the line behind a header */
            split_words(line.text, &words);
            bool row = parse_row(&header, &words, &r);
            mt_recorder_drop(&r);
            if (row)
                return others ? MT_LIKELY : MT_CERTAIN;
            header.n = 0;
        }
        if (!parse_header(line.text, &header)) {
            header.n = 0;
            others += line.text.size && !mt_stamp_alone(line.text, &time_ns, &zone_known);
        }
    }
    return MT_NO;
}

const struct mt_reader mt_reader_ps = {
    .name = "ps",
    .kind = "process memory log",
    .summary = "Tables of ps or top -b, one after the other, with the output of date between",
    .example = "  PID   RSS    VSZ NLWP ELAPSED COMMAND\n    PID USER      PR  NI    VIRT    RES   "
               " SHR S  %CPU  %MEM     TIME+ COMMAND",
    .how = "while sleep 1; do date -u; ps -o pid,rss,vsz,nlwp,etimes,comm -p $PID; done >ps.txt\n"
           "while sleep 1; do date -u; top -b -n1 -p $PID; done >top.txt",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
