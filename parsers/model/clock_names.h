/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the names of files and folders say about when a capture was taken. Only hints: names lie,
 * so the clock stage asks them after everything that stands inside the files.
 */
#ifndef MT_MODEL_CLOCK_NAMES_H
#define MT_MODEL_CLOCK_NAMES_H

#include "parsers/model/time.h"

enum mt_path_time {
    MT_PATH_NO_TIME,
    MT_PATH_ABSOLUTE, /* 20261122T193517Z, 2026-11-22_19-35-17, 1795376117 (Unix, 10 to 19 digits)
                       */
    MT_PATH_TIME_OF_DAY, /* 192107, 19-21-07: the day is not said */
    MT_PATH_RELATIVE     /* t+037s, t+1m30s: since the capture began */
};

struct mt_path_hint {
    enum mt_path_time kind;
    int64_t time_ns; /* since the epoch, since midnight, or since the beginning, by kind */
    int64_t step_ns; /* the name's own grain: one second, one minute (1935), one of its units */
    bool zone_known; /* absolute with "Z" or an offset, or a Unix time; else UTC is assumed */
    bool has_sequence;
    uint64_t sequence; /* "heap_003.pb.gz" */
    /* The sequence is the last part of the name, behind what looks like a whole name ("x.txt.2").
     * Numbered copies grow with time; of a rotated log the highest is the oldest. */
    bool sequence_is_suffix;
};

/* Looks at the file's own name first, then at its folders from the inside out; the first that says
 * something counts, for time and for sequence apart. A date in a folder completes a time of day
 * further in ("2026-11-22/heap-192107.pb.gz" is absolute). "debug=1" and "debug2" are no sequence,
 * nor are digits inside a word ("7f9c4d"). False when there is neither. */
bool mt_time_from_path(struct mt_span path, struct mt_path_hint *hint);

/* Order of names as people number them: runs of digits compare by value, the rest bytewise; names
 * that are alike but for leading zeros compare bytewise. Zero only for equal bytes. */
int mt_natural_compare(struct mt_span a, struct mt_span b);

#endif
