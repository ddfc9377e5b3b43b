/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as outputs show them: the same cells in the page, in Markdown and in the comment. */
#ifndef MT_VIEW_SHEET_H
#define MT_VIEW_SHEET_H

#include "parsers/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum mt_cell_kind {
    MT_CELL_TEXT,
    MT_CELL_CODE,  /* a function, a file, a hash */
    MT_CELL_PATH,  /* call path, root first */
    MT_CELL_BAR,   /* decoration of a neighbouring number; left out of Markdown */
    MT_CELL_SPARK, /* likewise: a series of a word's size */
    MT_CELL_RANGE  /* likewise: a value and its interval about zero */
};

/* A line of a word's size: 0..1 in both directions, zero at the bottom. */
struct mt_spark {
    size_t n;
    const double *x, *y;
    bool steps;
};

struct mt_path_part {
    const char *text, *full;
    uint32_t function; /* string id */
    bool own;          /* the service's code */
};

struct mt_cell {
    enum mt_cell_kind kind;
    const char *text;  /* NULL: empty */
    const char *title; /* the exact value or the whole name; NULL: none */
    bool strong, quiet;
    unsigned suspect;  /* number of the suspect to mark it with, 0 none */
    uint32_t function; /* string id that joins rows, frames and bands; 0 none */
    double bar;        /* -1..1 */
    double low, high;  /* of a range, cut to -1..1; NaN: none */
    struct mt_spark spark;
    const struct mt_path_part *path;
    size_t n_path, more; /* more: frames left out in front */
};

struct mt_column {
    const char *head;
    bool left;      /* words; figures stand right */
    bool bar;       /* holds bars or sparks: no text */
    bool both_ways; /* the bar grows to either side of zero */
    bool wraps;
};

struct mt_sheet {
    const char *caption;
    const struct mt_column *columns;
    size_t n_columns;
    struct mt_cell *cells; /* by row; the first of a row is its header */
    size_t n_rows, cap_rows;
    size_t of_rows; /* how many there were; more than n_rows when cut */
};

struct mt_sheet *mt_sheet_new(struct mt_arena *a, const char *caption,
                              const struct mt_column *columns, size_t n_columns);
/* Cells of a new row, all empty. */
struct mt_cell *mt_sheet_row(struct mt_arena *a, struct mt_sheet *sheet);

#define MT_TEXT_CELL(words)         ((struct mt_cell){.text = (words)})
#define MT_CODE_CELL(words)         ((struct mt_cell){.kind = MT_CELL_CODE, .text = (words)})
#define MT_EXACT_CELL(words, exact) ((struct mt_cell){.text = (words), .title = (exact)})

#endif
