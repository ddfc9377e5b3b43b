/* SPDX-License-Identifier: Apache-2.0 */
/* One error value: code, place, expectation. Callees fill it, callers pass it on; only cmd/ prints.
 */
#ifndef MT_BASE_ERR_H
#define MT_BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__GNUC__)
#define MT_WARN_UNUSED       __attribute__((warn_unused_result))
#define MT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define MT_ALWAYS_INLINE     inline __attribute__((always_inline)) /* measured hot loops only */
#else
#define MT_WARN_UNUSED
#define MT_ALWAYS_INLINE inline
#define MT_PRINTF(fmt, args)
#endif

/* name, exit status, meaning */
#define MT_CODES(X)                                                                                \
    X(OK, 0, "ok")                                                                                 \
    X(USAGE, 2, "bad command line")                                                                \
    X(INPUT, 3, "input is damaged or not what it claims")                                          \
    X(LIMIT, 3, "input asks for more than the set limit")                                          \
    X(OUTPUT, 4, "a report could not be written")                                                  \
    X(UNDECIDED, 5, "not enough data to decide")

enum mt_code {
#define MT_CODE_ENUM(name, exit_status, meaning) MT_ERR_##name,
    MT_CODES(MT_CODE_ENUM)
#undef MT_CODE_ENUM
};

struct mt_err {
    enum mt_code code;
    uint64_t offset; /* byte in the decompressed input */
    char what[160];  /* what was found and what was expected, no full stop */
};

/* Keeps the first report. Always false, so a failing function ends in `return mt_fail(...)`. */
bool mt_fail(struct mt_err *err, enum mt_code code, uint64_t offset, const char *fmt, ...)
    MT_PRINTF(4, 5);

int mt_code_exit_status(enum mt_code code);

/* The machine has no memory left: says so on standard error and exits 70. Never returns. */
_Noreturn void mt_out_of_memory(void);

#endif
