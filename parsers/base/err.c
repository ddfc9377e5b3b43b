/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const int exit_statuses[] = {
#define MT_CODE_ROW(name, exit_status, meaning) exit_status,
    MT_CODES(MT_CODE_ROW)
#undef MT_CODE_ROW
};

bool mt_fail(struct mt_err *err, enum mt_code code, uint64_t offset, const char *fmt, ...)
{
    if (err->code != MT_ERR_OK)
        return false;
    err->code = code;
    err->offset = offset;
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->what, sizeof err->what, fmt, args);
    va_end(args);
    return false;
}

int mt_code_exit_status(enum mt_code code)
{
    return exit_statuses[code];
}

_Noreturn void mt_out_of_memory(void)
{
    fputs("memtriage: memory ran out\n", stderr);
    exit(70);
}
