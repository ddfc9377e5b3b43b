/* SPDX-License-Identifier: Apache-2.0 */
/* What a program logs about its memory among all else: HeapAlloc=2882760 NumGC=3 */
#include "parsers/formats/metrics/field_log.h"
#include "parsers/formats/metrics/inspect.h"

static enum mt_match sniff(struct mt_span head)
{
    return mt_field_log_sniff(head, MT_FIELD_LOG_APP);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    return mt_field_log_read(in, out, "app-log");
}

const struct mt_reader mt_reader_app_log = {
    .name = "app-log",
    .kind = "MemStats log",
    .summary =
        "Lines of an application's log that carry fields of runtime.MemStats, anywhere in the line",
    .example = "2026/11/22 19:05:51 memstats HeapAlloc=2882760 Sys=13194504 NumGC=3 goroutines=16",
    .how = "log.Printf(\"memstats HeapAlloc=%d NumGC=%d goroutines=%d\", ...) every few seconds",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
