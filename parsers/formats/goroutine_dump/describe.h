/* SPDX-License-Identifier: Apache-2.0 */
/* The object that `inspect` prints of goroutine dumps. */
#ifndef MT_GOROUTINE_DUMP_DESCRIBE_H
#define MT_GOROUTINE_DUMP_DESCRIBE_H

#include "parsers/base/jsonout.h"
#include "parsers/model/capture.h"

/* What the reader counts beyond the model; the capture's `detail`. */
struct mt_dump_detail {
    uint64_t ancestors;   /* stacks of ancestors that were passed over */
    uint64_t interleaved; /* lines of other writers inside a goroutine */
    uint64_t panics;      /* dumps that began with a panic, a fatal error or a signal */
};

void mt_dump_inspect(const struct mt_capture *c, struct mt_json_out *out);

#endif
