/* SPDX-License-Identifier: Apache-2.0 */
/* Connections of HTTP clients that pile up: a transport per request, or bodies never closed. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#define LEAST_SHARE 0.5 /* of the site's last value under net/http's client */

static const struct mt_threshold thresholds[] = {
    {"client-share", "share", LEAST_SHARE,
     "of the goroutines or bytes whose stacks go through net/http's client"},
};

static const struct mt_pattern_rule pattern = {
    .patterns = {MT_PATTERN_HTTP_CLIENT},
    .n_patterns = 1,
    .least_share = LEAST_SHARE,
    .family = "http-client",
    .kind = "client connections that stay open",
    .next = "Find where the http.Client or Transport is made and where bodies are closed: one "
            "client for all requests, and Body.Close on every path, errors included."};

static void name_user(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                      struct mt_site_sums *sums)
{
    mt_suspect_name_users(c, f, 1u << MT_PATTERN_HTTP_CLIENT);
    const struct mt_trend *spans = mt_signal_trend(c->signals, MT_M_MSPAN_INUSE);
    if (spans && mt_trend_grows(spans) && sums->site->goroutines)
        mt_finding_evidence(out, f, MT_DIM_METRICS,
                            c->signals->by_metric[MT_M_MSPAN_INUSE]->series->source, NULL,
                            mt_trend_rise(spans), "bytes",
                            "MSpanInuse %s over the window: each connection keeps buffers in spans "
                            "of their own",
                            mt_fmt_bytes_delta(out->arena, mt_trend_rise(spans)));
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    mt_suspect_by_pattern(self, c, out, true, &pattern, name_user);
    mt_suspect_by_pattern(self, c, out, false, &pattern, name_user);
}

const struct mt_rule mt_rule_http_client = {
    .id = "http-client",
    .title = "HTTP client connections that pile up",
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
