/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's rules: memtriage.policy (JSON), the shorthand of --fail-on, and the built-in ones. */
#include "parsers/base/json.h"
#include "report/analysis/diff/gate.h"

#include <math.h>
#include <string.h>

bool mt_pattern_matches_name(const char *pattern, const char *name)
{
    if (!strchr(pattern, '*'))
        return strstr(name, pattern) != NULL;
    const char *star = NULL, *back = NULL;
    while (*name) { /* the usual two-pointer match: on a mismatch the last star takes one more */
        if (*pattern == '*') {
            star = ++pattern;
            back = name;
        } else if (*pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++back;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool mt_policy_suppresses(const struct mt_policy *p, const char *function)
{
    for (size_t i = 0; function && i < p->n_suppress; i++)
        if (mt_pattern_matches_name(p->suppress[i], function))
            return true;
    return false;
}

bool mt_policy_covers(const struct mt_policy *p, const char *metric, enum mt_scope scope,
                      const char *function)
{
    if (mt_policy_suppresses(p, function))
        return false;
    for (size_t i = 0; i < p->n_rules; i++) {
        const struct mt_policy_rule *r = &p->rules[i];
        if (strcmp(r->metric, metric) == 0 && r->scope == scope &&
            (!r->pattern || (function && mt_pattern_matches_name(r->pattern, function))))
            return true;
    }
    return false;
}

/* -- limits ---------------------------------------------------------------------------------- */

/* "5%", "2 MiB", "20", "1.5MB", "10 ms": share or amount. */
static bool parse_limit(struct mt_span text, double *share, double *absolute)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {{"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"kB", 1e3},
                 {"KB", 1e3},   {"MB", 1e6},      {"GB", 1e9},         {"B", 1},
                 {"ms", 1e6},   {"us", 1e3},      {"ns", 1},           {"s", 1e9},
                 {"", 1}};
    double value;
    struct mt_span s = mt_span_trim(text);
    if (!mt_span_take_f64(&s, &value) || !(value >= 0 && value < 1e18))
        return false;
    s = mt_span_trim(s);
    if (mt_span_is(s, "%")) {
        *share = value / 100;
        return true;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (mt_span_is(s, units[i].unit)) {
            *absolute = value * units[i].factor;
            return true;
        }
    return false;
}

static bool add_limit(struct mt_arena *arena, struct mt_policy_rule *rule, struct mt_span text)
{
    if (!parse_limit(text, &rule->max_share, &rule->max_absolute))
        return false;
    struct mt_span words = mt_span_trim(text);
    rule->text = rule->text ? mt_arena_printf(arena, "%s and %.*s", rule->text, (int)words.size,
                                              (const char *)words.data)
                            : mt_arena_copy(arena, words.data, words.size);
    return true;
}

static bool known_metric(struct mt_span name)
{
    static const char *const names[] = {"inuse_space",       "inuse_objects", "alloc_space",
                                        "alloc_objects",     "goroutines",    "heap_floor",
                                        "heap_floor_slope",  "rss",           "gc_cpu",
                                        "pause_p99",         "request_p99",   "block_delay",
                                        "block_contentions", "mutex_delay",   "mutex_contentions",
                                        "cpu_cpu",           "cpu_samples"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mt_span_is(name, names[i]))
            return true;
    return false;
}

static bool parse_scope(struct mt_arena *arena, struct mt_span text, struct mt_policy_rule *rule)
{
    if (mt_span_is(text, "total")) {
        rule->scope = MT_SCOPE_TOTAL;
    } else if (mt_span_is(text, "any-function")) {
        rule->scope = MT_SCOPE_FUNCTION;
    } else if (mt_span_take(&text, "function:") && text.size) {
        rule->scope = MT_SCOPE_FUNCTION;
        rule->pattern = mt_arena_copy(arena, text.data, text.size);
    } else {
        return false;
    }
    return true;
}

static struct mt_policy_rule *add_rule(struct mt_arena *arena, struct mt_policy *policy)
{
    policy->rules = mt_arena_grow(arena, policy->rules, policy->n_rules, policy->n_rules + 1,
                                  sizeof *policy->rules);
    struct mt_policy_rule *rule = &policy->rules[policy->n_rules++];
    *rule = (struct mt_policy_rule){.max_share = NAN, .max_absolute = NAN};
    return rule;
}

/* -- the built-in policy ------------------------------------------------------------------------
 */

const struct mt_policy *mt_policy_default(struct mt_arena *arena)
{
    static const struct {
        const char *metric, *amount;
    } metrics[] = {{"inuse_space", "1 MiB"}, {"alloc_space", "1 MiB"}, {"goroutines", "20"}};
    struct mt_policy *p = MT_NEW(arena, struct mt_policy);
    p->by_default = true;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        for (int any = 0; any < 2; any++) {
            struct mt_policy_rule *rule = add_rule(arena, p);
            rule->metric = metrics[i].metric;
            rule->scope = any ? MT_SCOPE_FUNCTION : MT_SCOPE_TOTAL;
            add_limit(arena, rule, MT_SPAN("5%"));
            add_limit(arena, rule, mt_span_of(metrics[i].amount));
        }
    return p;
}

/* -- JSON -----------------------------------------------------------------------------------------
 */

static bool parse_rule(struct mt_arena *arena, const struct mt_json_value *v, size_t number,
                       struct mt_policy *policy, struct mt_err *err)
{
    struct mt_span metric = {0}, scope = MT_SPAN("total"), severity = MT_SPAN("fail"), limit;
    const struct mt_json_value *most = mt_json_member(v, "max-increase");
    if (!mt_json_as_text(mt_json_member(v, "metric"), &metric) || !known_metric(metric))
        return mt_fail(err, MT_ERR_USAGE, 0,
                       "rule %zu: \"metric\" names no metric that is compared", number);
    struct mt_policy_rule *rule = add_rule(arena, policy);
    rule->metric = mt_arena_copy(arena, metric.data, metric.size);
    (void)mt_json_as_text(mt_json_member(v, "scope"), &scope);
    if (!parse_scope(arena, scope, rule))
        return mt_fail(err, MT_ERR_USAGE, 0,
                       "rule %zu: \"scope\" is total, any-function or function:PATTERN", number);
    (void)mt_json_as_text(mt_json_member(v, "severity"), &severity);
    if (!mt_span_is(severity, "fail") && !mt_span_is(severity, "warn"))
        return mt_fail(err, MT_ERR_USAGE, 0, "rule %zu: \"severity\" is fail or warn", number);
    rule->warn_only = mt_span_is(severity, "warn");
    bool fine = false;
    if (mt_json_type_of(most) == MT_JSON_ARRAY) {
        fine = mt_json_size(most) > 0 && mt_json_size(most) <= 2;
        for (size_t i = 0; fine && i < mt_json_size(most); i++)
            fine = mt_json_as_text(mt_json_item(most, i), &limit) && add_limit(arena, rule, limit);
    } else {
        fine = mt_json_as_text(most, &limit) && add_limit(arena, rule, limit);
    }
    if (!fine)
        return mt_fail(err, MT_ERR_USAGE, 0,
                       "rule %zu: \"max-increase\" is \"5%%\", \"2 MiB\" or both in a list",
                       number);
    return true;
}

/* "on-undecided" and "single-run": one of two words. */
static bool parse_choice(const struct mt_json_value *root, const char *key, const char *first,
                         const char *second, bool *given, bool *is_first, struct mt_err *err)
{
    const struct mt_json_value *v = mt_json_member(root, key);
    struct mt_span word;
    *given = mt_json_type_of(v) != MT_JSON_ABSENT;
    if (!*given)
        return true;
    if (!mt_json_as_text(v, &word) || (!mt_span_is(word, first) && !mt_span_is(word, second)))
        return mt_fail(err, MT_ERR_USAGE, 0, "\"%s\" is \"%s\" or \"%s\"", key, first, second);
    *is_first = mt_span_is(word, first);
    return true;
}

static bool parse_suppressions(struct mt_arena *arena, const struct mt_json_value *list,
                               struct mt_policy *policy, struct mt_err *err)
{
    policy->suppress = MT_NEW_N(arena, const char *, mt_json_size(list) + 1);
    for (size_t i = 0; i < mt_json_size(list); i++) {
        struct mt_span pattern;
        if (!mt_json_as_text(mt_json_item(list, i), &pattern) || !pattern.size)
            return mt_fail(err, MT_ERR_USAGE, 0, "\"suppress\" is a list of function patterns");
        policy->suppress[policy->n_suppress++] = mt_arena_copy(arena, pattern.data, pattern.size);
    }
    return true;
}

bool mt_policy_parse(struct mt_arena *arena, struct mt_span text, struct mt_policy *policy,
                     struct mt_err *err)
{
    struct mt_json_doc doc;
    bool fine = mt_json_parse(&doc, text, err), single_given, undecided_first = false,
         single_first = false;
    if (fine) {
        const struct mt_json_value *rules = mt_json_member(doc.root, "rules");
        for (struct mt_json_walk w = {.object = doc.root}; fine && mt_json_walk(&w);)
            if (!mt_span_is(w.key, "rules") && !mt_span_is(w.key, "on-undecided") &&
                !mt_span_is(w.key, "single-run") && !mt_span_is(w.key, "suppress"))
                fine = mt_fail(err, MT_ERR_USAGE, 0, "\"%.*s\" is no member of a policy",
                               (int)(w.key.size < 40 ? w.key.size : 40), (const char *)w.key.data);
        if (fine && mt_json_type_of(rules) != MT_JSON_ARRAY)
            fine = mt_fail(err, MT_ERR_USAGE, 0, "\"rules\", a list of rules, was expected");
        for (size_t i = 0; fine && i < mt_json_size(rules); i++)
            fine = parse_rule(arena, mt_json_item(rules, i), i + 1, policy, err);
        fine = fine &&
               parse_choice(doc.root, "on-undecided", "fail", "pass", &policy->has_on_undecided,
                            &undecided_first, err) &&
               parse_choice(doc.root, "single-run", "fail", "undecided", &single_given,
                            &single_first, err) &&
               parse_suppressions(arena, mt_json_member(doc.root, "suppress"), policy, err);
        policy->undecided_fails = undecided_first;
        policy->single_run_fails = single_first;
    }
    mt_json_doc_clear(&doc);
    return fine;
}

bool mt_policy_shorthand(struct mt_arena *arena, struct mt_span text, struct mt_policy *policy,
                         struct mt_err *err)
{
    struct mt_span rest = text, left, scope = MT_SPAN("total");
    if (!mt_span_split(&rest, '>', &left) || !rest.size)
        return mt_fail(err, MT_ERR_USAGE, 0, "METRIC>LIMIT was expected, such as inuse_space>5%%");
    struct mt_span metric = mt_span_trim(left);
    size_t colon = mt_span_find_byte(metric, ':');
    if (colon != MT_NPOS) {
        scope = mt_span_from(metric, colon + 1);
        metric = mt_span_sub(metric, 0, colon);
    }
    if (!known_metric(metric))
        return mt_fail(err, MT_ERR_USAGE, 0, "%.*s is no metric that is compared",
                       (int)(metric.size < 40 ? metric.size : 40), (const char *)metric.data);
    struct mt_policy_rule *rule = add_rule(arena, policy);
    rule->metric = mt_arena_copy(arena, metric.data, metric.size);
    if (!parse_scope(arena, scope, rule))
        return mt_fail(err, MT_ERR_USAGE, 0,
                       "the scope is total, any-function or function:PATTERN");
    for (struct mt_span limit; mt_span_split(&rest, '+', &limit);)
        if (!add_limit(arena, rule, limit))
            return mt_fail(err, MT_ERR_USAGE, 0,
                           "the limit is a percentage (5%%) or an amount (2MiB, 20)");
    return true;
}
