/* SPDX-License-Identifier: Apache-2.0 */
/* What a loop around ps or /proc writes: 2026-11-22T20:38:15Z pid=16442 rss_kb=37656 */
#include "parsers/formats/metrics/field_log.h"
#include "parsers/formats/metrics/inspect.h"

static enum mt_match sniff(struct mt_span head)
{
    return mt_field_log_sniff(head, MT_FIELD_LOG_RSS);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    return mt_field_log_read(in, out, "rss-log");
}

const struct mt_reader mt_reader_rss_log = {
    .name = "rss-log",
    .kind = "process memory log",
    .summary = "Lines with the memory, files or threads of a process as key=value",
    .example = "2026-11-22T20:38:15Z pid=16442 rss_kb=37656",
    .how = "while sleep 1; do echo \"$(date -u +%FT%TZ) pid=$PID rss_kb=$(ps -o rss= -p $PID)\"; "
           "done >rss.log",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
