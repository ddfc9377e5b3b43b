/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a site to a finding: whether its growth passes, which dimensions agree, and the parts that
 * every finding on a site has (culprit, stack, growth, evidence, against). Rules choose the sites
 * and add what is theirs.
 */
#ifndef MT_ANALYSIS_SUSPECT_H
#define MT_ANALYSIS_SUSPECT_H

#include "report/analysis/engine.h"

struct mt_suspicion {
    bool candidate; /* grew by the minimum effect and the amount is no noise */
    bool passes;    /* and the shape is a growth that goes on */
    bool proven;    /* sites alone prove it */
    bool agrees[MT_DIMS];
    bool disagrees[MT_DIMS]; /* measured, and says the opposite */
    bool unsure;       /* grew by the minimum effect, inside the sampling noise or with too few
                          snapshots to tell its shape */
    bool settled;      /* grew, and its shape says that it is over, or that the load explains it */
    bool total_stands; /* goroutines: this group grows while the total does not */
    const char *set_aside; /* why a large or growing site is no suspect, or NULL */
};

struct mt_suspicion mt_suspect_heap(const struct mt_signals *s, const struct mt_site_sums *sums);
struct mt_suspicion mt_suspect_goroutines(const struct mt_signals *s,
                                          const struct mt_site_sums *sums);

/* Adds the finding of a site that is at least a candidate; NULL when it is not. Family and kind
 * stay to be set by the caller, who may also sharpen `next`. */
struct mt_finding *mt_suspect_add(struct mt_findings *out, const struct mt_rule *rule,
                                  const struct mt_case *c, struct mt_site_sums *sums,
                                  const struct mt_suspicion *v);

/* Patterns on the path of the site, as bits: what resources it deals with. */
unsigned mt_path_patterns(const struct mt_signals *s, const struct mt_site *site);

/* Share of the site's last value whose stacks show the pattern. */
double mt_suspect_pattern(const struct mt_site_sums *sums, enum mt_pattern pattern);

/* What a rule on one pattern looks for and says. */
struct mt_pattern_rule {
    enum mt_pattern patterns[4]; /* any of these */
    size_t n_patterns;
    double least_share; /* of the site's last value */
    const char *family, *kind, *next;
};
/* Findings of heap sites or goroutine groups whose stacks show the pattern; `each` (may be NULL)
 * sharpens one. Returns how many. */
size_t mt_suspect_by_pattern(const struct mt_rule *self, const struct mt_case *c,
                             struct mt_findings *out, bool goroutines,
                             const struct mt_pattern_rule *how,
                             void (*each)(const struct mt_case *c, struct mt_findings *out,
                                          struct mt_finding *f, struct mt_site_sums *sums));

/* Own functions on the stacks of growing heap sites that use the same resource, as further names:
 * a standard-library goroutine has no frame of the user. */
void mt_suspect_name_users(const struct mt_case *c, struct mt_finding *f, unsigned resources);

/* Sites whose growth is unsure, the three that grew most, as further names of a finding on a
 * metric. */
void mt_suspect_name_unsure(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                            const struct mt_site_table *t);

/* Trace sites whose goroutines were made in the window and did not end, by creator or start
 * function; sums up created and never_ended. False when no trace knows the site. */
bool mt_suspect_in_traces(const struct mt_signals *s, const struct mt_site_sums *sums,
                          uint64_t *created, uint64_t *never_ended, const char **input);

/* Bytes that one goroutine of the bundle stands for: growth of StackInuse per goroutine. */
double mt_goroutine_bytes(const struct mt_signals *s);

/* Without the import path in front: "cache.(*LRU).Set". */
const char *mt_short_name(const char *function);

/* Text as it is said of a function: its string. */
void mt_finding_stack(struct mt_findings *out, struct mt_finding *f, const uint32_t *path,
                      size_t n_path);
void mt_finding_also(struct mt_finding *f, const char *function);

#endif
