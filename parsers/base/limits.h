/* SPDX-License-Identifier: Apache-2.0 */
/* Named limits on what an input may ask for; each can be changed with --limit NAME=VALUE. */
#ifndef MT_BASE_LIMITS_H
#define MT_BASE_LIMITS_H

#include <stdint.h>

/* enum name, option name, default, unit in words */
#define MT_LIMITS(X)                                                                               \
    X(INFLATED, "inflated-bytes", 1ull << 30, "bytes one whole-file reader may hold")              \
    X(RATIO, "inflate-ratio", 250, "inflated bytes per compressed byte, past 256 MiB")             \
    X(LINE, "line-bytes", 4ull << 20, "bytes of one text line")                                    \
    X(STACK, "stack-frames", 1ull << 16, "frames of one stack")                                    \
    X(RECORDS, "records", 1ull << 30, "records of one kind in one file")                           \
    X(GOROUTINES, "goroutines", 1ull << 24, "goroutines of all dumps in one file")                 \
    X(STRING, "string-bytes", 1ull << 20, "bytes of one name")                                     \
    X(FILES, "files", 1ull << 16, "files in one bundle")                                           \
    X(DEPTH, "depth", 64, "nesting of folders, JSON and messages")

enum mt_limit {
#define MT_LIMIT_ENUM(name, option, value, words) MT_LIMIT_##name,
    MT_LIMITS(MT_LIMIT_ENUM)
#undef MT_LIMIT_ENUM
        MT_LIMIT_COUNT
};

/* Set while options are read, before any input is opened; constant afterwards. */
void mt_limit_set(enum mt_limit limit, uint64_t value);
uint64_t mt_limit(enum mt_limit limit);

#endif
