/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions, in the syntax that Go's regexp and PCRE share. Both the expression and the
 * text may come from an input: matching has a step limit, and what exceeds it does not match. An
 * expression that has exceeded it MT_PATTERN_GIVES_UP times matches nothing any more.
 */
#ifndef MT_BASE_PATTERN_H
#define MT_BASE_PATTERN_H

#include "parsers/base/span.h"

struct mt_pattern;

enum { MT_PATTERN_GIVES_UP = 100 };

/* NULL when the expression does not compile, with the reason in *err (which may be NULL). `$` and
 * `^` are the ends of the text, not of a line. Free with mt_pattern_free. */
struct mt_pattern *mt_pattern_compile(struct mt_span expression, struct mt_err *err);
/* ^(expression)$ */
struct mt_pattern *mt_pattern_compile_whole(struct mt_span expression, struct mt_err *err);
void mt_pattern_free(struct mt_pattern *p); /* NULL is fine */

/* True when the expression matches anywhere in the text. Not for two threads at a time. */
bool mt_pattern_matches(const struct mt_pattern *p, struct mt_span text);
/* As above; *at and *size say where the leftmost match is. */
bool mt_pattern_find(const struct mt_pattern *p, struct mt_span text, size_t *at, size_t *size);
/* As above, with the parts in brackets: group[0] is the whole match, those that took no part and
 * those past the last are empty. */
bool mt_pattern_groups(const struct mt_pattern *p, struct mt_span text, struct mt_span *group,
                       size_t n);

#endif
