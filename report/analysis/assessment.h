/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine found in one bundle: the contract between analysis and view. Everything here is
 * decided and computed; the view only chooses, orders and words. Text is NUL-terminated UTF-8 or
 * raw input bytes (function names), lives in the report's arena, and is never escaped.
 */
#ifndef MT_ANALYSIS_ASSESSMENT_H
#define MT_ANALYSIS_ASSESSMENT_H

#include "parsers/model/bundle.h"

enum mt_status { MT_STATUS_NOTE, MT_STATUS_WATCH, MT_STATUS_LEAK };
enum mt_confidence { MT_CONFIDENCE_LOW, MT_CONFIDENCE_MEDIUM, MT_CONFIDENCE_HIGH };
enum mt_verdict_status {
    MT_VERDICT_UNDECIDED,
    MT_VERDICT_STEADY,
    MT_VERDICT_WATCH,
    MT_VERDICT_LEAK
};
enum mt_dimension { MT_DIM_METRICS, MT_DIM_SITES, MT_DIM_TIMELINE, MT_DIMS };
enum mt_origin { MT_ORIGIN_APP, MT_ORIGIN_DEP, MT_ORIGIN_STD, MT_ORIGIN_RUNTIME, MT_ORIGIN_CGO };
/* Shape of a series of site values or of a metric over the window. */
enum mt_shape {
    MT_SHAPE_UNKNOWN, /* fewer than 4 points */
    MT_SHAPE_STEADY,
    MT_SHAPE_RISING,
    MT_SHAPE_LEVELS_OFF,
    MT_SHAPE_ONE_STEP,
    MT_SHAPE_STEPS, /* two or more up, none down */
    MT_SHAPE_BURST, /* up and back */
    MT_SHAPE_FALLING,
    MT_SHAPE_NOISE,
    MT_SHAPE_CHURN /* allocates much, holds little */
};
enum mt_stage { MT_STAGE_STEADY, MT_STAGE_SLOW_LEAK, MT_STAGE_BURST_LEAK, MT_STAGE_CHURN };

/* Theil-Sen slope with its rank interval, Mann-Kendall one-sided p (leak-engine.md section 2). */
struct mt_trend {
    size_t n;
    double slope, low, high; /* per second; interval of `coverage` */
    double coverage;         /* 0.95, or less where few points allow no more; 0: no trend test */
    double p;                /* one-sided, rising; NaN when there is no test */
    double intercept;        /* value of the line at time_ns = start_ns */
    int64_t start_ns, end_ns;
    double first, last; /* level at both ends, from the line */
    double r2;
    bool significant; /* p < 0.05 and above the minimum effect */
    bool plateau;     /* last third grows at less than half the mean rate */
    bool open_end; /* the samples behind the last third do not tell half the rate from all of it */
    enum mt_shape shape;
};

/* One snapshot's value of a site, with its sampling interval. */
struct mt_point {
    int64_t time_ns;
    double bytes, objects, goroutines; /* NaN where the dimension has none */
    double low, high;                  /* 95% sampling interval of the site's own unit */
    double share;                      /* of that snapshot's total */
};

/* A blame frame over the snapshots of one kind. */
struct mt_site {
    uint32_t function;      /* string id: as in the profile, not normalised */
    uint32_t package, file; /* string ids; file of the heaviest line */
    int64_t line;
    enum mt_origin origin;
    uint32_t creator, wait; /* goroutine sites: who started it, what it waits in; 0 none */
    uint32_t label_key, label_value;
    bool goroutines; /* counts goroutines, not bytes */
    struct mt_point *points;
    size_t n_points;
    struct mt_trend trend;
    double amount_p; /* last against first, conditional binomial; adjusted */
    double sampled_first, sampled_last;
    double growth, growth_objects;  /* last minus first */
    double share_of_growth;         /* of the total's growth, 0..1, may pass 1 */
    bool inside_noise;              /* the change's interval holds 0 */
    double alloc_rate, inuse_rate;  /* objects per second; NaN unknown */
    double age_first_s, age_last_s; /* Little's law; NaN unknown */
    enum mt_stage stage;
    uint32_t *path; /* the heaviest stack, root first: string ids */
    size_t n_path;
    struct { /* heaviest lines within the blame frame */
        uint32_t file;
        int64_t line;
        double bytes;
    } lines[4];
    size_t n_lines;
    const char
        *set_aside; /* why it is no suspect ("levels off", ...); NULL when a finding names it */
    struct mt_finding *finding; /* the finding that names it, or NULL */
    int64_t longest_wait_ns;
};

struct mt_evidence {
    enum mt_dimension dimension;
    const char *source; /* "heap", "memstats", "gctrace", "gotrace" ... */
    const char *input;  /* path in the bundle */
    const char *statement;
    double value;
    const char *unit;
};

/* What a finding without a site measured over time, where no series of the bundle shows it. */
struct mt_course {
    const char *name; /* "Heap floor"; NULL: there is none */
    bool bytes;       /* else a count */
    size_t n;
    const int64_t *time_ns;
    const double *value;
    struct mt_trend trend; /* n 0: no line describes it */
};

enum { MT_MOST_ALSO = 3 }; /* further names of a culprit */

struct mt_culprit {
    const char *function; /* always there; "(non-heap)" where no site explains it */
    const char *package, *file;
    int64_t line;
    const char *creator, *wait, *label; /* NULL where not known */
    const char *also[MT_MOST_ALSO];
    size_t n_also;
};

struct mt_finding {
    const struct mt_rule *rule;
    const char *id;     /* 16 hex digits: no line numbers, no values in it */
    const char *family; /* leak-engine.md section 4 */
    const char *kind;   /* the finer word in the sentence */
    enum mt_status status;
    enum mt_confidence confidence;
    const char *confidence_reason;
    double score; /* 0..1 */
    struct mt_culprit culprit;
    const char **stack; /* root first */
    size_t n_stack;
    struct {
        double bytes, objects, goroutines; /* over the window; NaN unknown */
        bool in_goroutines;                /* unit of the rate */
        double per_second, low, high;
    } growth;
    struct mt_evidence *evidence;
    size_t n_evidence;
    const char **against;
    size_t n_against;
    const char *next;
    const char
        *sentence; /* "cart.(*Registry).Attach holds 111.0 MiB (21.8% of live heap), up ..." */
    struct mt_site *site;              /* its series; NULL for findings without one */
    const struct mt_site *second_site; /* the other effect of the same cause, or NULL */
    enum mt_metric metric; /* finding without a site: the series that grew; else MT_METRIC_COUNT */
    struct mt_course course; /* ... or what was worked out from several */
    bool dimension_agrees[MT_DIMS];
    double amount_p, shape_p;
    bool proven;
    bool suppressed;
    struct mt_finding *joined; /* the finding that speaks for this one; never in the ranked list */
};

struct mt_findings {
    struct mt_arena *arena;
    const struct mt_bundle *bundle;
    struct mt_finding **items;
    size_t n, cap;
};

struct mt_stage_row {
    uint32_t function;
    enum mt_stage stage;
    double alloc_objects_per_second, inuse_objects_per_second;
};

enum mt_check_status { MT_CHECK_AGREE, MT_CHECK_DISAGREE, MT_CHECK_NOT_RUN };
struct mt_crosscheck {
    const char *check, *detail;
    enum mt_check_status status;
};

struct mt_anomaly {
    enum mt_metric metric;
    int64_t time_ns;
    double value, mean, sigma;
    const char *rule;
    const char *nearest_input; /* dump or profile nearest in time, or NULL */
    int64_t nearest_ns;        /* its distance, signed */
};

struct mt_chain { /* spike -> pause -> request */
    int64_t spike_ns, pause_ns, pause_duration_ns, request_ns, request_duration_ns;
    const struct mt_request *request; /* NULL: no request overlaps */
};

struct mt_pause_cause {
    const char *cause; /* "garbage collection", "read mem stats" ... */
    uint64_t count;
    int64_t p50_ns, p99_ns, max_ns, total_ns;
};

struct mt_pause {
    int64_t time_ns, duration_ns;
    const char *cause;
    bool by_capture; /* ReadMemStats, profile writing: the capture's own */
};

struct mt_gc_summary {
    bool present;
    const char *source;
    uint64_t cycles, forced;
    int64_t pause_p50_ns, pause_p99_ns, pause_max_ns, pause_total_ns; /* of the collector */
    uint64_t n_pauses_counted;
    double cpu_share, assist_share; /* NaN unknown */
    struct mt_pause_cause *causes;
    size_t n_causes;
    struct mt_pause *pauses; /* all that are known, by time */
    size_t n_pauses;
    const struct mt_gc_cycle **cycles_by_time; /* of the best log */
    size_t n_cycles_by_time;
    struct mt_chain *chains;
    size_t n_chains;
};

struct mt_goroutine_group {
    uint32_t function; /* frame that blocks: first that is neither runtime nor sync */
    uint32_t creator, wait, label_key, label_value;
    double first, last; /* counts in first and last snapshot; NaN unknown */
    int64_t longest_wait_ns;
    const struct mt_site *site; /* counts per snapshot, or NULL */
    enum mt_origin origin;
};

/* Who waits on what: goroutines blocked on one address, and who holds or feeds it where known. */
struct mt_blocking {
    uint32_t wait; /* "sync.Mutex.Lock", "chan send" */
    uint64_t waiters;
    uint32_t waiter_function;
    uint32_t holder_function; /* 0: not known */
    uint64_t address;
    int64_t longest_wait_ns;
    bool holder_waits; /* the holder is itself blocked: next link of the chain */
    size_t next;       /* index of that link, or SIZE_MAX */
};

struct mt_forecast {
    bool present;
    const char *quantity; /* "heap goal", "RSS" */
    enum mt_metric metric;
    double limit_bytes;
    const char *limit_name;               /* "memory limit", "GOMEMLIMIT" */
    int64_t at_ns, at_low_ns, at_high_ns; /* when the limit is met; high may be INT64_MAX */
    int64_t whole_at_ns;   /* by the trend of the whole window, where the stretch differs */
    struct mt_trend trend; /* of the stretch used */
    bool last_half;        /* the stretch is the last half of the window */
};

/* The floor of live heap and where it came from. */
struct mt_floor {
    bool present;
    const char *source; /* "gctrace", "memstats", "gotrace", "envelope" */
    const char *input;
    size_t n;
    int64_t *time_ns;
    double *bytes;
    struct mt_trend trend, last_half;
    bool explained_by_load;
    double load_correlation; /* NaN: no load series */
};

/* One class of memory of the allocator view. */
struct mt_memory_class {
    const char *name, *meaning;
    enum mt_metric metric; /* MT_METRIC_COUNT for derived ones */
    double first, last;
    struct mt_trend trend;
};

struct mt_series_trend {
    const struct mt_series *series;
    struct mt_trend trend;
};

struct mt_growth_share {        /* parts of the live heap's growth; they add up to the total */
    const struct mt_site *site; /* NULL: the rest, noise included */
    double bytes;
    const char *note; /* "once, at 19:35:47", "levels off", "noise" */
};

struct mt_request_summary {
    bool present;
    uint64_t count, failed;
    uint64_t with_task; /* found in an execution trace, by trace id */
    int64_t p50_ns, p95_ns, p99_ns, max_ns;
    double rate_per_second;
    double expected_goroutines; /* Little's law; NaN unknown */
    /* requests that were under way during a collection; NaN unknown */
    double gc_overlap_share, gc_overlap_share_all; /* of those in slow, of all */
    const struct mt_request **slow;                /* the slowest and the failed, at most 20 */
    double *slow_gc_share;                         /* of each one's time; NaN unknown */
    size_t n_slow;
    /* over time, one value a bucket */
    size_t n_buckets;
    int64_t *bucket_ns;
    double *bucket_p50, *bucket_p95, *bucket_p99, *bucket_count, *bucket_failed;
};

struct mt_rule_run {
    const struct mt_rule *rule;
    bool ran;
    const char *missing; /* what it would need, in words */
};

struct mt_symbols;
struct mt_assessment {
    const struct mt_bundle *bundle;
    const struct mt_symbols *symbols; /* whose code each function is; symbols.h */
    struct {
        enum mt_verdict_status status;
        enum mt_confidence confidence;
        const char *confidence_reason;
        const char *word; /* "Growing", "Watch", "Churn", "Outside heap", "Goroutine growth",
                             "Steady", "Not enough data" */
        const char
            *sentence; /* "the heap floor rises 51.0 MiB per minute; suspect 1 explains 70% ..." */
        const char *consequence; /* forecast or effect; may be NULL */
        const char *next;
        const char **minds; /* warnings that change how to read the report */
        size_t n_minds;
        double detectable_bytes_per_second; /* smallest growth that would have shown; NaN unknown */
    } verdict;

    struct mt_finding **findings; /* ranked: leak, watch, note; then score; then function */
    size_t n_findings;
    struct mt_site *
        *heap_sites; /* every blame frame of the heap snapshots, by last bytes downwards */
    size_t n_heap_sites;
    struct mt_site **goroutine_sites; /* by last count downwards */
    size_t n_goroutine_sites;
    struct mt_site **set_aside; /* large or growing, and no suspect; at most 12 */
    size_t n_set_aside;
    struct mt_growth_share *growth;
    size_t n_growth;
    double growth_total; /* of live heap, first to last snapshot */

    struct mt_stage_row *stages;
    size_t n_stages;
    struct mt_crosscheck *crosschecks;
    size_t n_crosschecks;
    struct mt_anomaly *anomalies;
    size_t n_anomalies;
    struct mt_floor floor;
    struct mt_series_trend *trends; /* one a series of the bundle */
    size_t n_trends;
    struct mt_memory_class *memory;
    size_t n_memory;
    struct mt_forecast forecast;
    struct mt_gc_summary gc;
    struct mt_goroutine_group *groups; /* by growth, then last */
    size_t n_groups;
    double goroutines_first, goroutines_last; /* NaN unknown */
    struct mt_blocking *blocking;
    size_t n_blocking;
    struct mt_request_summary requests;
    struct mt_quality *quality; /* the bundle's and the engine's own */
    size_t n_quality;
    struct mt_rule_run *rules;
    size_t n_rules;
    struct {
        const char *pattern;
        uint64_t uses;
    } * suppressions;
    size_t n_suppressions;
};

struct mt_diff;
struct mt_signals;
struct mt_case {
    struct mt_arena *arena;
    const struct mt_bundle *now;
    const struct mt_bundle *base; /* NULL: no comparison */
    const struct mt_diff *diff;   /* NULL likewise */
    struct mt_assessment
        *assessment; /* signals computed before the rules run: floor, sites, trends ... */
    struct mt_signals *signals; /* the engine's own working data, engine.h */
};

struct mt_assess_options {
    struct mt_span suppressions; /* text of memtriage.suppress, empty: none */
};

/* Runs signals, rules, joining and verdict. The bundle outlives the assessment; arena holds it. */
struct mt_assessment *mt_assess(struct mt_arena *arena, const struct mt_bundle *bundle,
                                const struct mt_assess_options *options);

/* Adds a zeroed finding of the rule (status note, growth unknown). */
struct mt_finding *mt_finding_add(struct mt_findings *out, const struct mt_rule *rule,
                                  double score);
void mt_finding_evidence(struct mt_findings *out, struct mt_finding *f, enum mt_dimension dimension,
                         const char *source, const char *input, double value, const char *unit,
                         const char *fmt, ...) MT_PRINTF(8, 9);
void mt_finding_against(struct mt_findings *out, struct mt_finding *f, const char *fmt, ...)
    MT_PRINTF(3, 4);
/* Counts over time, copied, as the finding's course. Where one has no time, all stand 5 s apart. */
void mt_finding_course(struct mt_findings *out, struct mt_finding *f, const char *name, size_t n,
                       const int64_t *time_ns, const double *value);

#endif
