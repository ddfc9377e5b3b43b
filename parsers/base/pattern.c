/* SPDX-License-Identifier: Apache-2.0 */
/* The only home of PCRE2. */
#include "parsers/base/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_STEPS = 1000000, MATCH_DEPTH = 10000, HEAP_KIB = 32 << 10 };

struct mt_pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *limits;
    unsigned exceeded; /* how often a match ran into a limit */
    unsigned *counter; /* of `exceeded`: matching changes nothing else */
};

static bool finish(struct mt_pattern *p)
{
    p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
    p->limits = pcre2_match_context_create(NULL);
    if (!p->match || !p->limits)
        return false;
    pcre2_set_match_limit(p->limits, MATCH_STEPS);
    pcre2_set_depth_limit(p->limits, MATCH_DEPTH);
    pcre2_set_heap_limit(p->limits, HEAP_KIB);
    return true;
}

struct mt_pattern *mt_pattern_compile(struct mt_span expression, struct mt_err *err)
{
    int reason;
    PCRE2_SIZE at;
    uint32_t options =
        PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *code = pcre2_compile(expression.data ? expression.data : (PCRE2_SPTR) "",
                                     expression.size, options, &reason, &at, NULL);
    if (!code) {
        PCRE2_UCHAR words[120];
        if (err && pcre2_get_error_message(reason, words, sizeof words) >= 0)
            mt_fail(err, MT_ERR_INPUT, at, "not a regular expression: %s", (const char *)words);
        return NULL;
    }
    struct mt_pattern *p = calloc(1, sizeof *p);
    if (!p)
        mt_out_of_memory();
    p->code = code;
    p->counter = &p->exceeded;
    if (!finish(p))
        mt_out_of_memory();
    return p;
}

struct mt_pattern *mt_pattern_compile_whole(struct mt_span expression, struct mt_err *err)
{
    unsigned char *whole = malloc(expression.size + 4);
    if (!whole)
        mt_out_of_memory();
    memcpy(whole, "^(", 2);
    if (expression.size)
        memcpy(whole + 2, expression.data, expression.size);
    memcpy(whole + 2 + expression.size, ")$", 2);
    struct mt_pattern *p = mt_pattern_compile((struct mt_span){whole, expression.size + 4}, err);
    free(whole);
    return p;
}

void mt_pattern_free(struct mt_pattern *p)
{
    if (!p)
        return;
    pcre2_match_context_free(p->limits);
    pcre2_match_data_free(p->match);
    pcre2_code_free(p->code);
    free(p);
}

bool mt_pattern_find(const struct mt_pattern *p, struct mt_span text, size_t *at, size_t *size)
{
    if (p->exceeded >= MT_PATTERN_GIVES_UP)
        return false;
    int found = pcre2_match(p->code, text.data ? text.data : (PCRE2_SPTR) "", text.size, 0, 0,
                            p->match, p->limits);
    *p->counter += found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT ||
                   found == PCRE2_ERROR_HEAPLIMIT;
    if (found < 0)
        return false;
    const PCRE2_SIZE *where = pcre2_get_ovector_pointer(p->match);
    *at = where[0];
    *size = where[1] > where[0] ? where[1] - where[0] : 0;
    return true;
}

bool mt_pattern_groups(const struct mt_pattern *p, struct mt_span text, struct mt_span *group,
                       size_t n)
{
    size_t at, size;
    bool found = mt_pattern_find(p, text, &at, &size);
    size_t pairs = found ? pcre2_get_ovector_count(p->match) : 0;
    const PCRE2_SIZE *where = pcre2_get_ovector_pointer(p->match);
    for (size_t i = 0; i < n; i++) {
        bool took_part = i < pairs && where[2 * i] != PCRE2_UNSET;
        group[i] = took_part ? mt_span_sub(text, where[2 * i], where[2 * i + 1] - where[2 * i])
                             : (struct mt_span){0};
    }
    return found;
}

bool mt_pattern_matches(const struct mt_pattern *p, struct mt_span text)
{
    size_t at, size;
    return mt_pattern_find(p, text, &at, &size);
}
