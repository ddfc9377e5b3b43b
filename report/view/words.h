/* SPDX-License-Identifier: Apache-2.0 */
/* The fixed words of states, as outputs name them. */
#ifndef MT_VIEW_WORDS_H
#define MT_VIEW_WORDS_H

#include "report/analysis/assessment.h"

/* Words of report.json. */
const char *mt_word_verdict(enum mt_verdict_status status);    /* "leak", "watch", ... */
const char *mt_word_status(enum mt_status status);             /* "leak", "watch", "note" */
const char *mt_word_confidence(enum mt_confidence confidence); /* "low", "medium", "high" */
const char *mt_word_dimension(enum mt_dimension dimension);    /* "metrics", "sites", "timeline" */
const char *mt_word_stage(enum mt_stage stage);                /* "slow-leak" */
const char *mt_word_check(enum mt_check_status status);        /* "agree", "not-run" */
const char *mt_word_input(enum mt_input_status status);        /* "read", "damaged", "skipped" */
const char *mt_word_unit(enum mt_unit unit);                   /* "bytes", "count", "ns" ... */

#endif
