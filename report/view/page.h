/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report as a reader meets it: sections in order, every word and figure chosen. HTML, Markdown
 * and SVG files are drawn from this and from nothing else. Built once for a view, on first use.
 * Text may hold raw bytes of inputs; whoever writes it out makes it printable and escapes it.
 */
#ifndef MT_VIEW_PAGE_H
#define MT_VIEW_PAGE_H

#include "report/view/diff_trees.h"
#include "report/view/flame.h"
#include "report/view/lanes.h"
#include "report/view/names.h"
#include "report/view/sheet.h"
#include "report/view/thin.h"
#include "report/view/view.h"

enum { MT_MOST_SUSPECTS = 10, MT_MOST_FACTS = 6 };

/* A heap profile as a point in time. */
struct mt_shot {
    const struct mt_profile *profile;
    const struct mt_input *input;
    int64_t time_ns; /* MT_NO_TIME: order only */
    uint32_t bytes_type, objects_type;
    double bytes, objects;
};

enum mt_tone { MT_TONE_PLAIN, MT_TONE_BAD, MT_TONE_WARN, MT_TONE_OK, MT_TONE_GC };

struct mt_fact {
    const char *name, *value, *comparison;
    const char *exact; /* tooltip; may be NULL */
    struct mt_spark spark;
    enum mt_tone tone;
};

struct mt_page_head {
    const char *subject;  /* "shop-api" */
    const char *what;     /* "memory report" */
    const char *title;    /* of the document: the verdict */
    const char *meta;     /* window, counts, versions */
    const char *redacted; /* NULL: nothing */
};

struct mt_page_verdict {
    const char *glyph, *word, *sentence; /* "▲", "Growing", "the heap floor ..." */
    enum mt_tone tone;
    const char *holds; /* what the first suspect holds; NULL without one */
    const char *consequence;
    const char *evidence, *doubt;    /* of the first suspect, in short; NULL without one */
    const char *confidence, *reason; /* confidence NULL: not graded, reason is the evidence */
    unsigned dots;                   /* of 3 */
    const char *gate;                /* of a diff: "fail: 2 of 6 rules"; else NULL */
    const char *next;
    const char *const *minds;
    size_t n_minds;
};

/* Points with intervals over time, and a straight line where the shape is one. */
struct mt_evidence_chart {
    const char *title, *description, *caption;
    struct mt_byte_unit unit; /* bytes 1, name NULL: counts */
    size_t n;
    const int64_t *time_ns;
    const double *value, *low, *high; /* low NULL: no intervals */
    bool dots;                        /* few points: dots; else a step line */
    bool has_line;
    double line_first, line_last; /* at the first and last point */
    double slope, slope_low, slope_high, pivot_value;
    int64_t pivot_ns;
    const char *end_label, *end_error; /* "111.0 MiB", "±14.6" */
    int64_t start_ns, end_ns;
    enum mt_tone tone;
};

struct mt_growth_part {
    const char *name, *amount, *share, *note;
    double fraction; /* of the whole bar, 0..1 */
    unsigned suspect;
    bool quiet;
    uint32_t function;
};

struct mt_forecast_chart {
    const char *title, *description, *caption, *quantity, *limit_name, *at_label;
    struct mt_points points;
    double limit;
    double now_value, slope_low, slope_high; /* the fan starts where data end */
    int64_t start_ns, end_ns, at_ns, at_low_ns, at_high_ns, whole_at_ns, until_ns;
    bool open_end; /* the interval has no upper end in sight */
};

struct mt_place {
    const char *file_line, *amount;
};

struct mt_reason {
    const char *label, *in_words, *text; /* "Sites", "sites", "rose in 19 of 19 ..." */
};

struct mt_suspect {
    unsigned number;
    const struct mt_finding *finding;
    uint32_t function;
    struct mt_name name;
    const char *glyph, *word;
    enum mt_tone tone;
    const char *code, *claim,
        *rest; /* heading: function, "holds 111.0 MiB", "(21.8% ...), up ..." */
    struct mt_reason *why;
    size_t n_why;
    struct mt_place *places;
    size_t n_places;
    struct mt_path_part *path;
    size_t n_path, more_frames; /* frames left out in the middle of the path */
    const char *const *against;
    size_t n_against;
    const char *next;
    struct mt_span advice; /* Markdown of the rule; may be empty */
    const char *const *keywords;
    size_t n_keywords;
    const char *confidence, *reason;
    unsigned dots;
    struct mt_evidence_chart *chart;
    struct mt_sheet *evidence;
};

/* A large or growing site that is no suspect. */
struct mt_aside {
    const char *anchor; /* id of its element */
    uint32_t function;
    struct mt_name name;
    const char *claim, *glyph, *word, *reason, *against;
    struct mt_spark spark;
    struct mt_evidence_chart *chart;
};

/* A finding that is worth a line but no suspect. */
struct mt_remark_line {
    const char *word, *text, *next;
};

struct mt_change {
    bool present;
    const char *lede;
    const char *what;    /* "live heap" */
    const char *amounts; /* unit of the values as mt_fmt_amount takes it: "bytes" */
    const bool *noise;   /* by node: inside noise; NULL: the period decides */
    const char *before_label, *after_label;
    const struct mt_tree *tree;
    struct mt_byte_unit unit; /* of labels; bytes 1: counts */
    double period;            /* bytes a sample stands for; 0 unknown */
    const char *root;
    struct mt_sheet *totals, *growers, *shrinkers;
};

/* Each run's value on both sides, the interval of the change, and the policy's limit. */
struct mt_sides_chart {
    const char *title, *description, *caption;
    const char *unit;           /* as mt_fmt_amount takes it */
    struct mt_byte_unit column; /* of the axis; bytes 1: as it is */
    const char *column_name;    /* "MiB/s"; empty for counts */
    const double *values;       /* the base's first */
    size_t n_base, n;
    double base, head; /* the values that are compared */
    double low, high;  /* where the head would be by the interval; NaN: none */
    double limit;      /* what the head must not pass; NaN: none */
    const char *base_label, *head_label, *limit_label;
    enum mt_tone tone;
};

/* Lines of all runs of a diff over the time since each began. */
struct mt_run_line {
    bool head;
    const char *name;
    size_t n;
    const double *seconds, *value;
};
struct mt_runs_chart {
    const char *id, *title, *description, *caption;
    const char *base_label, *head_label; /* at the right end: "base 1.8 MiB/s" */
    bool bytes;                          /* else counts */
    struct mt_run_line *lines;           /* base's first */
    size_t n;
};

/* Sections of a diff's page are lists of blocks. */
enum mt_block_kind {
    MT_BLOCK_SHEET,
    MT_BLOCK_FOLDED, /* a sheet folded away under `text` */
    MT_BLOCK_NOTE,   /* a line of small print */
    MT_BLOCK_WORDS,  /* a paragraph */
    MT_BLOCK_CHANGE, /* the diff flame graph of mt_page.change, with its legend */
    MT_BLOCK_RUNS    /* a chart of runs */
};
struct mt_block {
    enum mt_block_kind kind;
    const char *text;
    const struct mt_sheet *sheet;
    const struct mt_runs_chart *runs;
};
enum { MT_MOST_BLOCKS = 12 };
struct mt_page_section {
    const char *id, *heading, *link, *lede;
    struct mt_block blocks[MT_MOST_BLOCKS];
    size_t n_blocks;
};

struct mt_blocking_box {
    const char *function, *wait, *count;
    uint32_t holder; /* index + 1 of the box that holds what this one waits for, 0 none */
    const char *edge;
};

struct mt_stop_row {
    const char *cause;
    size_t n;
    double *duration_ns;
    double median_ns;
    enum mt_tone tone;
};

struct mt_definition {
    const char *term, *text;
    const char *anchor; /* of a glossary's term; else NULL */
};

struct mt_page {
    struct mt_page_head head;
    struct mt_page_verdict verdict;
    struct mt_fact facts[MT_MOST_FACTS];
    size_t n_facts;
    struct mt_forecast_chart *forecast;

    const char *suspects_lede;
    struct mt_growth_part *growth;
    size_t n_growth;
    const char *growth_caption;
    struct mt_growth_part *memory_parts; /* of Sys at the end */
    size_t n_memory_parts;
    const char *memory_caption;
    struct mt_sheet *memory, *anomalies;
    struct mt_suspect *suspects;
    size_t n_suspects;
    struct mt_aside *asides;
    size_t n_asides;
    struct mt_remark_line *remarks;
    size_t n_remarks;

    struct mt_shot *snapshots;
    size_t n_snapshots;
    const char *time_lede;
    struct mt_lanes *lanes;
    struct mt_sheet *by_snapshot;

    const char *flame_lede;
    const char *flame_root;          /* "root · 509.2 MiB, snapshot 20 of 20" */
    const char *flame_metric;        /* "live bytes" */
    const char *flame_type;          /* "inuse_space": letters, digits, underlines */
    bool flame_bytes;                /* else counts */
    enum mt_profile_kind flame_kind; /* of the profile that is drawn */
    const char *self_objects;       /* heading of the count beside it; NULL: the profile has none */
    const struct mt_tree *tree;     /* NULL: the lede says why */
    struct mt_byte_unit flame_unit; /* bytes 1: counts */
    struct mt_sheet *paths;
    struct mt_sheet *holders; /* paths of references: who holds it */

    struct mt_change change;

    const char *functions_lede;
    struct mt_sheet *functions;
    const char *by_lede; /* NULL: no label was asked for */
    struct mt_sheet *by_label;

    const char *gc_lede;
    struct mt_definition *gc_facts;
    size_t n_gc_facts;
    struct mt_stop_row *stops;
    size_t n_stops;
    struct mt_sheet *pauses, *longest, *chains;

    const char *goroutines_lede, *goroutines_note;
    struct mt_sheet *groups;
    struct mt_sheet *never_ended; /* made while a trace ran and still there at its end */
    const char *never_ended_note;
    struct mt_blocking_box *blocking;
    size_t n_blocking;

    struct mt_sheet *requests;
    const char *requests_lede;

    const char *inputs_lede;
    struct mt_sheet *inputs_by_kind, *inputs, *quality;

    struct mt_definition *method;
    size_t n_method;
    struct mt_sheet *thresholds, *crosschecks, *rules;
    const struct mt_definition *glossary;
    size_t n_glossary;

    /* of a diff only */
    const struct mt_sides_chart *sides; /* of what the verdict speaks of; NULL: not comparable */
    const struct mt_diff_trees *trees;
    struct mt_page_section *sections;
    size_t n_sections;
    struct mt_runs_chart *runs; /* slopes before and after; the first is that of the floor */
    size_t n_runs;
};

const struct mt_page *mt_page_of(const struct mt_view *view);

/* The number of the suspect that blames the function, 0 none. */
unsigned mt_page_suspect(const struct mt_page *page, uint32_t function);

#endif
