/* SPDX-License-Identifier: Apache-2.0 */
/* runtime.MemStats as JSON, a record a line: {"Time":"2026-...","HeapAlloc":3089720,...} */
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/json_log.h"

static enum mt_match sniff(struct mt_span head)
{
    return mt_json_log_sniff(head, false);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    return mt_json_log_read(in, out, "memstats-json", false);
}

const struct mt_reader mt_reader_memstats_json = {
    .name = "memstats-json",
    .kind = "MemStats log",
    .summary = "JSON objects with fields of runtime.MemStats or runtime/metrics, one a line, also "
               "inside JSON application logs",
    .example = "{\"Time\":\"2026-11-22T19:21:03.6Z\",\"HeapAlloc\":3089720,\"HeapInuse\":3866624,"
               "\"NumGC\":2,\"NumGoroutine\":19}",
    .how = "encode runtime.MemStats and time.Now() with encoding/json every few seconds",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
