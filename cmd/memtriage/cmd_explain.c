/* SPDX-License-Identifier: Apache-2.0 */
/* memtriage explain [RULE]: the same texts as the report's. */
#include "cmd/memtriage/command.h"
#include "report/analysis/rule.h"
#include "report/view/templates.h"

#include <stdio.h>

static void print_rule(const struct mt_rule *rule)
{
    static const struct {
        unsigned bit;
        const char *words;
    } needs[] = {
        {MT_NEED_METRICS, "MemStats, Prometheus or a GC log"},
        {MT_NEED_HEAP, "heap profiles"},
        {MT_NEED_GOROUTINES, "goroutine profiles or dumps"},
        {MT_NEED_DUMPS, "goroutine dumps (debug=2)"},
        {MT_NEED_LEAKPROFILE, "a goroutineleak profile"},
        {MT_NEED_TRACE, "an execution trace"},
        {MT_NEED_RSS, "process memory"},
        {MT_NEED_REQUESTS, "request spans"},
        {MT_NEED_CONTENTION, "a block or mutex profile"},
        {MT_NEED_JVM, "a JVM GC log or recording"},
        {MT_NEED_LABELS, "profiles with labels"},
    };
    printf("%s: %s\n\nNeeds: ", rule->id, rule->title);
    const char *between = "";
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (rule->needs & needs[i].bit) {
            printf("%s%s", between, needs[i].words);
            between = "; ";
        }
    printf("%s\n", *between ? "" : "nothing in particular");
    if (rule->n_thresholds)
        puts("\nThresholds:");
    for (size_t i = 0; i < rule->n_thresholds; i++)
        printf("  %-28s %g %s\n      %s\n", rule->thresholds[i].name, rule->thresholds[i].value,
               rule->thresholds[i].unit, rule->thresholds[i].meaning);
    char name[96];
    snprintf(name, sizeof name, "advice/%s.md", rule->id);
    struct mt_span advice = mt_template_named(name);
    printf("\n%.*s", (int)advice.size, (const char *)advice.data);
}

int mt_cmd_explain(const struct mt_options *options)
{
    if (!options->n_args) {
        for (size_t i = 0; mt_rules[i]; i++)
            printf("%-24s %s\n", mt_rules[i]->id, mt_rules[i]->title);
        return 0;
    }
    for (size_t i = 0; i < options->n_args; i++) {
        const struct mt_rule *rule = mt_rule_named(options->args[i]);
        if (!rule) {
            mt_say("explain %s: no such rule; memtriage explain lists them", options->args[i]);
            return mt_code_exit_status(MT_ERR_USAGE);
        }
        if (i)
            puts("\n----\n");
        print_rule(rule);
    }
    return 0;
}
