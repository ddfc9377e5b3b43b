/* SPDX-License-Identifier: Apache-2.0 */
/* key=value lines with fields of runtime.MemStats */
#include "parsers/formats/metrics/field_log.h"
#include "parsers/formats/metrics/inspect.h"

static enum mt_match sniff(struct mt_span head)
{
    return mt_field_log_sniff(head, MT_FIELD_LOG_LOGFMT);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    return mt_field_log_read(in, out, "logfmt");
}

const struct mt_reader mt_reader_logfmt = {
    .name = "logfmt",
    .kind = "MemStats log",
    .summary = "key=value lines that carry fields of runtime.MemStats",
    .example = "ts=2026-11-22T19:08:29.3Z level=info msg=memstats heap_alloc=4257088 num_gc=1 "
               "goroutines=16",
    .how = "log the fields with slog.NewTextHandler or go-kit/log every few seconds",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
