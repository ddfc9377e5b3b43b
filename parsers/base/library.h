/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A shared library that is loaded when it is first needed: libxml2 and libarchive pull in a dozen
 * others, which a small profile need not wait for. The library's home lists its calls once:
 *
 *     #define CALLS(X) X(archive_read_new) X(archive_read_free)
 *     struct calls { CALLS(MT_LIBRARY_FIELD) };
 *     static const struct mt_library_call calls[] = {CALLS(MT_LIBRARY_CALL)};
 */
#ifndef MT_BASE_LIBRARY_H
#define MT_BASE_LIBRARY_H

#include "parsers/base/err.h"

#include <stddef.h>

struct mt_library_call {
    const char *name;
    size_t offset; /* of its field in struct calls */
};

#define MT_LIBRARY_FIELD(name) __typeof__(&name) name;
#define MT_LIBRARY_CALL(name)  {#name, offsetof(struct calls, name)},

/* Fills the n fields of `into`. Fails with `code` where the library, or one of its calls, is not
 * there; `purpose` ends "... is needed to". The library stays loaded. */
bool mt_library_load(const char *library, const char *purpose, const struct mt_library_call *calls,
                     size_t n, void *into, enum mt_code code, struct mt_err *err);

#endif
