/* SPDX-License-Identifier: Apache-2.0 */
/* What /debug/vars serves: {"cmdline": [...], "memstats": {"HeapAlloc": 3089720, ...}, ...} */
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/metrics/json_log.h"

static enum mt_match sniff(struct mt_span head)
{
    return mt_json_log_sniff(head, true);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    return mt_json_log_read(in, out, "expvar", true);
}

const struct mt_reader mt_reader_expvar = {
    .name = "expvar",
    .kind = "MemStats log",
    .summary = "Answers of expvar's /debug/vars, one or many, a line each or as served",
    .example = "{\"cmdline\": [\"/srv/shop\"], \"memstats\": {\"Alloc\":2920384,\"TotalAlloc\":"
               "7823104,\"Sys\":17668360,...}}",
    .how = "while sleep 5; do date -u +%FT%T.%NZ; curl -s localhost:6060/debug/vars; done "
           ">vars.log",
    .mixes = true,
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
