/* SPDX-License-Identifier: Apache-2.0 */
/* Files, rows, connections and threads that are opened and not closed. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#define LEAST_SHARE   0.3  /* of the site's value under the constructor of a resource */
#define LEAST_HANDLES 20.0 /* open files or threads, over the window */

static const struct mt_threshold thresholds[] = {
    {"handle-share", "share", LEAST_SHARE, "of the site's bytes or goroutines on a resource"},
    {"least-handles", "handles", LEAST_HANDLES, "growth of open files or threads that counts"},
};

static void handle_evidence(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                            struct mt_site_sums *sums)
{
    static const enum mt_metric metrics[] = {MT_M_OPEN_FDS, MT_M_THREADS};
    (void)sums;
    for (size_t i = 0; i < 2; i++) {
        const struct mt_trend *t = mt_signal_trend(c->signals, metrics[i]);
        if (!mt_trend_grows(t))
            continue;
        f->dimension_agrees[MT_DIM_METRICS] = true;
        const struct mt_series *series = c->signals->by_metric[metrics[i]]->series;
        mt_finding_evidence(out, f, MT_DIM_METRICS, series->source, series->input->path,
                            mt_trend_rise(t), "count", "%s %s over the window",
                            mt_metric_info(metrics[i])->name,
                            mt_fmt_count_delta(out->arena, mt_trend_rise(t)));
    }
    if (f->dimension_agrees[MT_DIM_METRICS] && f->dimension_agrees[MT_DIM_SITES] &&
        f->status == MT_STATUS_WATCH) {
        f->status = MT_STATUS_LEAK;
        f->confidence = MT_CONFIDENCE_MEDIUM;
        f->confidence_reason = "the site and the count of open handles grow together";
    }
}

static void name_user(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                      struct mt_site_sums *sums)
{
    handle_evidence(c, out, f, sums);
    mt_suspect_name_users(c, f, 1u << MT_PATTERN_SQL);
}

static const struct mt_pattern_rule rows = {
    .patterns = {MT_PATTERN_SQL},
    .n_patterns = 1,
    .least_share = LEAST_SHARE,
    .family = "resource-handle",
    .kind = "database rows or connections that stay open",
    .next = "Find the query whose Rows are not closed: defer rows.Close() right after the error "
            "check, and check rows.Err()."};
static const struct mt_pattern_rule files = {
    .patterns = {MT_PATTERN_FILE},
    .n_patterns = 1,
    .least_share = LEAST_SHARE / 3, /* a buffer before the file takes most of the bytes */
    .family = "resource-handle",
    .kind = "files that stay open",
    .next = "Find the path on which the file is not closed: defer f.Close() right after Open, and "
            "no map that keeps files for good."};
static const struct mt_pattern_rule connections = {
    .patterns = {MT_PATTERN_CONN},
    .n_patterns = 1,
    .least_share = LEAST_SHARE,
    .family = "resource-handle",
    .kind = "connections that stay open",
    .next = "Give each connection a deadline (SetReadDeadline before each read) and close it when "
            "the peer is silent."};

static bool is_http(const struct mt_site_sums *sums)
{
    return mt_suspect_pattern(sums, MT_PATTERN_HTTP_CLIENT) >= LEAST_SHARE ||
           mt_suspect_pattern(sums, MT_PATTERN_HTTP_SERVER) >= LEAST_SHARE;
}

/* Idle connections of net/http have rules of their own. */
static void connections_of(const struct mt_rule *self, const struct mt_case *c,
                           struct mt_findings *out, bool goroutines)
{
    struct mt_signals *s = c->signals;
    size_t from = out->n;
    mt_suspect_by_pattern(self, c, out, goroutines, &connections, handle_evidence);
    size_t kept = from;
    for (size_t i = from; i < out->n; i++) {
        const struct mt_site_sums *sums = mt_site_find(goroutines ? &s->goroutines : &s->heap,
                                                       s->symbols, out->items[i]->site->function);
        if (!is_http(sums))
            out->items[kept++] = out->items[i];
    }
    out->n = kept;
}

/* A count of open handles that rises while no site shows it. */
static void counter_alone(const struct mt_rule *self, const struct mt_case *c,
                          struct mt_findings *out, enum mt_metric metric, const char *kind)
{
    const struct mt_trend *t = mt_signal_trend(c->signals, metric);
    if (!mt_trend_grows(t) || mt_trend_rise(t) < LEAST_HANDLES)
        return;
    const struct mt_series *series = c->signals->by_metric[metric]->series;
    struct mt_finding *f = mt_finding_add(out, self, 0.2);
    f->family = "resource-handle";
    f->kind = kind;
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "only the count is known, not who opens them";
    f->metric = metric;
    f->culprit.function = "(handles)";
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->shape_p = t->p;
    mt_finding_evidence(out, f, MT_DIM_METRICS, series->source, series->input->path,
                        mt_trend_rise(t), "count", "%s %s over the window",
                        mt_metric_info(metric)->name,
                        mt_fmt_count_delta(out->arena, mt_trend_rise(t)));
    mt_finding_against(out, f, "A pool that fills up to its limit would look the same so far.");
    f->next = metric == MT_M_THREADS
                  ? "Take goroutine dumps and a threadcreate profile: threads come from blocking "
                    "system calls, cgo and LockOSThread."
                  : "Take goroutine profiles and list /proc/PID/fd at both ends of the window.";
    f->sentence =
        mt_arena_printf(out->arena, "%s rise by %s over the window.", mt_metric_info(metric)->name,
                        mt_fmt_count(out->arena, mt_trend_rise(t)));
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    size_t before = out->n;
    mt_suspect_by_pattern(self, c, out, true, &rows, name_user);
    mt_suspect_by_pattern(self, c, out, false, &rows, name_user);
    mt_suspect_by_pattern(self, c, out, false, &files, handle_evidence);
    connections_of(self, c, out, true);
    connections_of(self, c, out, false);
    if (out->n == before) {
        counter_alone(self, c, out, MT_M_OPEN_FDS, "open files rise");
        counter_alone(self, c, out, MT_M_THREADS, "threads rise");
    }
}

const struct mt_rule mt_rule_resource_handles = {
    .id = "resource-handles",
    .title = "Files, rows, connections and threads that are not closed",
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
