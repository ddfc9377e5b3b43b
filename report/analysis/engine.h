/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine works out before the rules run, beyond what the assessment shows: snapshots,
 * aggregated sites, the load, helpers that rules share. Only analysis includes this.
 */
#ifndef MT_ANALYSIS_ENGINE_H
#define MT_ANALYSIS_ENGINE_H

#include "report/analysis/patterns.h"
#include "report/analysis/rule.h"
#include "report/analysis/statistics/trend.h"
#include "report/analysis/symbols.h"

#define MT_KIB 1024.0
#define MT_MIB (1024.0 * 1024.0)

/* --- thresholds that several rules share (leak-engine.md sections 1 to 5) --- */
#define MT_LEAST_SNAPSHOTS     4    /* points without which a trend has no test */
#define MT_PROOF_SNAPSHOTS     5    /* points from which sites alone may prove */
#define MT_SIGNIFICANT         0.05 /* one-sided p of a trend; false discovery rate of amounts */
#define MT_PROOF_SHAPE_P       0.01
#define MT_PROOF_AMOUNT_P      0.001
#define MT_PROOF_BYTES         (2 * MT_MIB)
#define MT_LEAST_RELATIVE      0.05 /* growth over the window, of the series' own level */
#define MT_LEAST_BYTES         MT_MIB
#define MT_LEAST_BYTES_GCTRACE (2 * MT_MIB)
#define MT_LEAST_OBJECTS       1000.0
#define MT_LEAST_GOROUTINES    20.0
#define MT_SAME_SNAPSHOT       0.02 /* of the window: profiles closer than this are one snapshot */
#define MT_LOAD_MOVES          0.10 /* load that moves less explains nothing */
#define MT_STEADY_SECONDS      15.0 /* window without which nothing is called steady */
#define MT_MOST_CANDIDATES     100 /* sites of a table, those that grew most, that may be suspects */
#define MT_UNTIMED_STEP_NS                                                                         \
    (5 * MT_SECOND_NS) /* between captures of which only the order is known */
#define MT_COVERS 0.6  /* of the window, to be preferred over series with more points */
#define MT_GOROUTINE_STACK                                                                         \
    (8 * MT_KIB) /* bytes of a parked goroutine where StackInuse is unknown */

/* One moment of the heap or of the goroutines. */
struct mt_snapshot {
    int64_t time_ns;
    const struct mt_profile *profile; /* NULL: goroutines known from a dump only */
    const struct mt_goroutine_dump *dump;
    const struct mt_input *input;
    double total, objects; /* bytes and objects, or goroutines in `total` */
    bool stale;            /* the same collection as the snapshot before */
};

struct mt_snapshots {
    struct mt_snapshot *items;
    size_t n;
    bool timed; /* the times are on the one clock; else only their order is known */
    int64_t start_ns, end_ns;
};

/* One site while it is summed up, and what the assessment does not show of it. */
struct mt_site_sums {
    struct mt_site *site;
    double *sampled;     /* by snapshot: samples behind the value */
    double *variance;    /* by snapshot: of the bytes, from sampling */
    double *allocated;   /* by snapshot: cumulative objects */
    double *alloc_bytes; /* by snapshot: cumulative bytes */
    /* the heaviest stack of the last snapshot that has one; from a profile or from a dump */
    double best;
    size_t best_at; /* snapshot + 1 */
    const struct mt_profile *best_profile;
    const struct mt_sample *best_sample;
    const struct mt_goroutine_dump *best_dump;
    const struct mt_goroutine *best_goroutine;
    struct mt_blame best_blame;
    uint32_t root, blocks; /* functions of that stack: outermost, blocking; 0 none */
    double foreign;        /* share of the last value made by code below the blamed frame */
    unsigned touches;      /* patterns of all its stacks, even of those that hold nothing */
    bool crowded;          /* MT_MOST_CANDIDATES others grew more */
    bool own, capture;     /* blamed frame is app code; the stack is the capture's own work */
    double by_pattern[MT_PATTERNS]; /* of its last snapshot: value whose stack shows the pattern */
    size_t ids_kept; /* goroutines: ids that stand in the first and in the last dump */
};

struct mt_site_table {
    bool goroutines; /* counts goroutines, not bytes */
    struct mt_snapshots snapshots;
    struct mt_site_sums **sums; /* after mt_sites_close: sums[i]->site is items[i] */
    struct mt_site **items;
    size_t n, cap;
    uint32_t *by_key; /* symbol key -> index + 1 */
    size_t n_keys;
    struct mt_trend total; /* of the snapshots' totals */
    size_t n_crowded;
};

/* Work done by time: requests, allocated bytes or collections per second. */
struct mt_load {
    const char *source;              /* "request spans", "allocation rate"; NULL: none */
    const struct mt_series *counter; /* a cumulative series behind it, or NULL */
    bool moves;                      /* by MT_LOAD_MOVES or more */
    size_t n;
    const int64_t *time_ns; /* middle of each bucket */
    const double *rate;
};

struct mt_signals {
    struct mt_arena *arena;
    const struct mt_bundle *bundle;
    struct mt_symbols *symbols;
    unsigned *patterns; /* bits by string id */
    struct mt_assessment *assessment;
    struct mt_site_table heap, goroutines;
    struct mt_load load;
    int64_t start_ns, end_ns;                                 /* window of what was measured */
    int go_minor;                                             /* 26 of "go1.26"; 0 unknown */
    const struct mt_series_trend *by_metric[MT_METRIC_COUNT]; /* the best series of each, or NULL */
    bool floor_rises;  /* passes: significant, no plateau, not load */
    bool floor_agrees; /* rises, over the whole window or on in its last half: supports a site */
    bool floor_falls;
    bool floor_weak;        /* HeapAlloc at a random phase: may agree, decides nothing alone */
    bool floor_jvm;         /* the floor is a JVM's old generation: there is no Go heap here */
    bool trace_floor_rises; /* live heap after the collections of a trace */
    double floor_growth;    /* bytes over its window, NaN unknown */
};

static inline const char *mt_sig_text(const struct mt_signals *s, uint32_t id)
{
    return mt_string_text(s->bundle->strings, id);
}

/* --- snapshots.c --- */
void mt_snapshots_heap(const struct mt_signals *s, struct mt_snapshots *out);
void mt_snapshots_goroutines(const struct mt_signals *s, struct mt_snapshots *out);

/* --- sites --- */
void mt_sites_heap(struct mt_signals *s);
void mt_sites_goroutines(struct mt_signals *s);
/* Trends, intervals, amounts, stages of a filled table (site_growth.c). */
void mt_sites_judge(struct mt_site_table *t);
struct mt_site_sums *mt_site_find(const struct mt_site_table *t, const struct mt_symbols *symbols,
                                  uint32_t function);

/* --- metrics --- */
void mt_signal_trends(struct mt_signals *s); /* series_trends.c */
void mt_signal_load(struct mt_signals *s);   /* load.c */
void mt_signal_floor(struct mt_signals *s);  /* floor.c */
/* The lower envelope of polls at random phases of the collector: the least of every 8, of those
 * alone that saw a collection where gc (NumGC or LastGC of the same polls) is not NULL. Both arrays
 * hold series->n / 8 at most; returns how many. */
size_t mt_signal_envelope(const struct mt_series *series, const struct mt_series *gc,
                          int64_t *time_ns, double *value);
void mt_signal_gc(struct mt_signals *s);       /* gc_summary.c */
void mt_signal_requests(struct mt_signals *s); /* requests.c; after the collections */
void mt_signal_chains(struct mt_signals *s);   /* chains.c; after both */
void mt_signal_groups(struct mt_signals *s);   /* groups.c */
void mt_signal_anomalies(struct mt_signals *s);
void mt_signal_forecast(struct mt_signals *s);
void mt_signal_crosschecks(struct mt_signals *s);
void mt_signal_quality(struct mt_signals *s);
/* A row of the data-quality list of the engine's own. */
void mt_quality_add(struct mt_signals *s, const struct mt_input *input, bool severe, const char *id,
                    const char *statement);

/* The growth of y is what its relation to the load predicts: they move together, and what is left
 * of y has no trend. */
bool mt_load_explains(const struct mt_signals *s, const int64_t *time_ns, const double *y, size_t n,
                      const struct mt_effect *effect, double *correlation);

/* Where a GC log was read from, or NULL. */
const struct mt_input *mt_input_of_log(const struct mt_bundle *b, const struct mt_gc_log *log);

/* Trend of a metric's best series; NULL when there is none. */
const struct mt_trend *mt_signal_trend(const struct mt_signals *s, enum mt_metric metric);
/* Significant, above the minimum effect, no plateau. */
bool mt_trend_grows(const struct mt_trend *t);
double mt_trend_rise(const struct mt_trend *t); /* last less first, by the line */

/* What the bundle lacks of a rule's needs, in words; NULL when nothing. */
const char *mt_missing_needs(const struct mt_signals *s, unsigned needs);

/* --- derived series --- */
struct mt_derived {
    size_t n;
    int64_t *time_ns;
    double *value;
    const struct mt_input *input; /* of the first operand */
    const char *source;
};
/* The value of a series at a time: linear between points, NaN outside by more than one step. */
double mt_series_at(const struct mt_series *series, int64_t time_ns);
/* first - sum of the others (NULLs skipped), at the times of the first. n 0 when first is NULL. */
struct mt_derived mt_derive(struct mt_arena *a, const struct mt_series *first,
                            const struct mt_series *minus, const struct mt_series *plus);
const struct mt_series *mt_signal_series(const struct mt_signals *s, enum mt_metric metric);
/* The series of another metric out of the same table, or NULL. */
const struct mt_series *mt_series_beside(const struct mt_bundle *b, const struct mt_series *series,
                                         enum mt_metric metric);

#endif
