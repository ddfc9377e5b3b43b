/* SPDX-License-Identifier: Apache-2.0 */
/* What a file's or folder's name says about when the file was captured. */
#ifndef MT_MODEL_PATH_TIME_H
#define MT_MODEL_PATH_TIME_H

#include "parsers/model/time.h"

struct mt_path_time {
    bool has_absolute, zone_known; /* 20261122T193517Z, 2026-11-22_19-35-17, Unix time */
    int64_t absolute_ns;
    bool has_day_time; /* 192107: hours, minutes, seconds of an unnamed day */
    int64_t day_time_ns;
    bool has_relative; /* t+037s, t+1m30s: since the capture began */
    int64_t relative_ns;
    bool has_sequence; /* heap.3, heap_003.pb.gz, pprof.shop.003.pb.gz */
    uint64_t sequence;
};

/* Each kind of hint is taken from the last part of the path that has one. */
struct mt_path_time mt_time_of_path(const char *path);

#endif
