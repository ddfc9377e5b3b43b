/* SPDX-License-Identifier: Apache-2.0 */
/* One table: name, argument, help, which commands, where the value goes. */
#include "cmd/memtriage/command.h"
#include "parsers/base/limits.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { TEXT, FLAG, LIST };

struct option {
    const char *name, *argument, *help;
    enum kind kind;
    size_t offset;
    unsigned commands;
};

enum { REPORTS = MT_CMD_REPORT | MT_CMD_DIFF, STACKS = REPORTS | MT_CMD_INSPECT, ALL = 63 };

#define AT(field) offsetof(struct mt_options, field)
static const struct option table[] = {
    {"-o", "PATH", "folder for the standard set, a file for one format, or - for standard output",
     TEXT, AT(output), REPORTS | MT_CMD_CAPTURE},
    {"--format", "LIST", "outputs to write: html,md,svg,json,... (see --help of the command)", TEXT,
     AT(format), REPORTS},
    {"--title", "TEXT", "name in the heading (default: the service's)", TEXT, AT(title), REPORTS},
    {"--max-size", "BYTES", "hard limit of report.html (default 10 MiB)", TEXT, AT(max_size),
     REPORTS},
    {"--report-url", "URL", "where the page will be, for links in the comment", TEXT,
     AT(report_url), REPORTS},
    {"--asset-base", "URL", "where the SVGs will be, for images in Markdown", TEXT, AT(asset_base),
     REPORTS},
    {"--stamp", "TEXT",
     "printed as the time of the report; without it no clock gets into the output", TEXT, AT(stamp),
     REPORTS},
    {"--label", "KEY=VALUE", "adds a label to the subject; may be repeated", LIST, AT(labels),
     REPORTS},
    {"--by", "LABEL", "a table of heap and goroutines per value of this label (or namespace)", TEXT,
     AT(by), MT_CMD_REPORT},
    {"--redact", "LIST",
     "of secrets,paths,labels,args to replace in everything shown, or none (default: secrets; "
     "inspect: none)",
     TEXT, AT(redact), STACKS},
    {"--interval", "SECONDS", "between records that carry no time of their own", TEXT, AT(interval),
     REPORTS},
    {"--suppress", "FILE", "findings to leave out (memtriage.suppress)", TEXT, AT(suppress),
     REPORTS},
    {"--fail-on", "RULE", "report: leak or watch ends with 1; diff: 'inuse_space>5%' adds a rule",
     LIST, AT(fail_on), REPORTS},
    {"--policy", "FILE", "rules of the gate (memtriage.policy)", TEXT, AT(policy), MT_CMD_DIFF},
    {"--base-label", "TEXT", "what to call the base", TEXT, AT(base_label), MT_CMD_DIFF},
    {"--head-label", "TEXT", "what to call the head", TEXT, AT(head_label), MT_CMD_DIFF},
    {"--replicates", "yes|no",
     "whether BASE and HEAD hold one folder a run (default: by their names)", TEXT, AT(replicates),
     MT_CMD_DIFF},
    {"--undecided-exit", "N",
     "exit status when the evidence does not decide (default 5; 125 for git bisect)", TEXT,
     AT(undecided_exit), MT_CMD_DIFF},
    {"--normalize", NULL, "scale the base to the head's total before comparing", FLAG,
     AT(normalize), MT_CMD_DIFF},
    {"--as", "FORMAT", "read as this format, whatever it looks like", TEXT, AT(as_format),
     MT_CMD_INSPECT},
    {"--events", NULL, "list a trace's events, one a line", FLAG, AT(events), MT_CMD_INSPECT},
    {"--sample-index", "TYPE", "which sample type to show", TEXT, AT(sample_index), STACKS},
    {"--focus", "REGEX", "only samples with a matching frame", TEXT, AT(focus), STACKS},
    {"--ignore", "REGEX", "no samples with a matching frame", TEXT, AT(ignore), STACKS},
    {"--hide", "REGEX", "take matching frames out", TEXT, AT(hide), STACKS},
    {"--show", "REGEX", "keep matching frames only", TEXT, AT(show), STACKS},
    {"--show-from", "REGEX", "drop frames above the highest matching one", TEXT, AT(show_from),
     STACKS},
    {"--prune-from", "REGEX", "drop frames below the matching one", TEXT, AT(prune_from), STACKS},
    {"--tagfocus", "REGEX", "only samples with a matching label", TEXT, AT(tagfocus), STACKS},
    {"--tagignore", "REGEX", "no samples with a matching label", TEXT, AT(tagignore), STACKS},
    {"--trim-path", "PREFIXES", "path prefixes to cut from file names", TEXT, AT(trim_path),
     STACKS},
    {"--limit", "NAME=VALUE", "changes a limit on inputs; may be repeated", LIST, AT(limits), ALL},
    {"--jobs", "N", "files read at the same time (default: processors)", TEXT, AT(jobs), ALL},
    {"--quiet", NULL, "no progress and no summary on standard error", FLAG, AT(quiet), ALL},
    {"--no-color", NULL, "no colour on standard error", FLAG, AT(no_color), ALL},
    {"--version", NULL, "print name and version", FLAG, AT(version), ALL},
    {"--help", NULL, "print this help", FLAG, AT(help), ALL},
};
enum { OPTIONS = sizeof table / sizeof *table };

static const struct option *find(const char *name, size_t size)
{
    if (size == 2 && strncmp(name, "-h", 2) == 0)
        return &table[OPTIONS - 1];
    if (size == 2 && strncmp(name, "-q", 2) == 0)
        return find("--quiet", 7);
    for (size_t i = 0; i < OPTIONS; i++)
        if (strlen(table[i].name) == size && strncmp(table[i].name, name, size) == 0)
            return &table[i];
    return NULL;
}

static bool store(struct mt_options *o, const struct option *option, const char *value)
{
    char *field = (char *)o + option->offset;
    if (option->kind == FLAG) {
        *(bool *)(void *)field = true;
    } else if (option->kind == TEXT) {
        *(const char **)(void *)field = value;
    } else {
        struct mt_values *list = (struct mt_values *)(void *)field;
        if (list->n == MT_MOST_VALUES) {
            mt_say("%s is given more than %d times", option->name, MT_MOST_VALUES);
            return false;
        }
        list->items[list->n++] = value;
    }
    return true;
}

static bool set_limit(const char *text)
{
    static const char *const names[] = {
#define LIMIT_NAME(name, option, value, words) option,
        MT_LIMITS(LIMIT_NAME)
#undef LIMIT_NAME
    };
    struct mt_span rest = mt_span_of(text), name;
    uint64_t value;
    mt_span_split(&rest, '=', &name);
    for (int i = 0; i < MT_LIMIT_COUNT; i++)
        if (mt_span_is(name, names[i]) && mt_span_u64(rest, &value) && value > 0) {
            mt_limit_set((enum mt_limit)i, value);
            return true;
        }
    mt_say(
        "--limit %s: NAME=VALUE with a whole number above 0 and one of these names was expected:",
        text);
    for (int i = 0; i < MT_LIMIT_COUNT; i++)
        fprintf(stderr, "  %s\n", names[i]);
    return false;
}

static bool valid_texts(const struct mt_options *o)
{
    uint64_t bytes;
    if (o->max_size && (!mt_span_u64(mt_span_of(o->max_size), &bytes) || !bytes)) {
        mt_say("--max-size %s: a number of bytes was expected", o->max_size);
        return false;
    }
    for (size_t i = 0; i < o->labels.n; i++) {
        const char *equals = strchr(o->labels.items[i], '=');
        if (!equals || equals == o->labels.items[i]) {
            mt_say("--label %s: KEY=VALUE was expected", o->labels.items[i]);
            return false;
        }
    }
    return true;
}

static bool valid(const struct mt_options *o)
{
    for (size_t i = 0; i < o->limits.n; i++)
        if (!set_limit(o->limits.items[i]))
            return false;
    uint64_t jobs;
    if (o->jobs && (!mt_span_u64(mt_span_of(o->jobs), &jobs) || !jobs || jobs > 1024)) {
        mt_say("--jobs %s: a number from 1 to 1024 was expected", o->jobs);
        return false;
    }
    if (o->output && !*o->output) {
        mt_say("-o: a path was expected, not nothing");
        return false;
    }
    unsigned what;
    struct mt_span word;
    if (o->redact && !mt_redaction_parse(o->redact, &what, &word)) {
        mt_say("--redact %s: secrets, paths, labels, args, or none was expected", o->redact);
        return false;
    }
    return valid_texts(o);
}

/* A flag by the environment says yes or no. */
static bool store_flag(struct mt_options *o, const struct option *option, const char *name,
                       const char *value)
{
    static const char *const words[] = {"0", "no", "false", "off", "1", "yes", "true", "on"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (mt_span_is_nocase(mt_span_of(value), words[i]))
            return i < 4 || store(o, option, NULL);
    mt_say("%s=%s: 1 or 0 was expected", name, value);
    return false;
}

/* Environment first, so that a flag on the command line wins. --help and --version are for people:
 * a pipeline that keeps a version in MEMTRIAGE_VERSION must not pass its gate by printing ours. */
static bool from_environment(struct mt_options *o, const struct mt_command *command)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (!(table[i].commands & command->bit) || table[i].name[1] != '-' ||
            table[i].kind == LIST || table[i].offset == AT(help) || table[i].offset == AT(version))
            continue;
        char name[64] = "MEMTRIAGE_";
        size_t at = strlen(name);
        for (const char *c = table[i].name + 2; *c && at + 1 < sizeof name; c++)
            name[at++] = *c == '-' ? '_' : (char)(*c - 32);
        name[at] = '\0';
        const char *value = getenv(name);
        if (value && *value &&
            !(table[i].kind == FLAG ? store_flag(o, &table[i], name, value)
                                    : store(o, &table[i], value)))
            return false;
    }
    return true;
}

static bool parse_one(struct mt_options *o, const struct mt_command *command, int argc, char **argv,
                      int *at)
{
    const char *word = argv[*at];
    const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t size = equals ? (size_t)(equals - word) : strlen(word);
    const struct option *option = find(word, size);
    if (!option || !(option->commands & command->bit)) {
        mt_say("%s: no such option of `memtriage %s`; --help lists them", word, command->name);
        return false;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (option->kind == FLAG && value) {
        mt_say("%s takes no value", option->name);
        return false;
    }
    if (option->kind != FLAG && !value) {
        if (*at + 1 >= argc) {
            mt_say("%s: %s is missing", option->name, option->argument);
            return false;
        }
        value = argv[++*at];
    }
    return store(o, option, value);
}

bool mt_options_parse(struct mt_options *o, const struct mt_command *command, int argc, char **argv)
{
    bool only_args = false;
    if (!from_environment(o, command))
        return false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!only_args && strcmp(word, "--") == 0) {
            only_args = true;
        } else if (only_args || word[0] != '-' || word[1] == '\0') {
            if (o->n_args == sizeof o->args / sizeof *o->args) {
                mt_say("more than %zu arguments", o->n_args);
                return false;
            }
            o->args[o->n_args++] = word;
        } else if (!parse_one(o, command, argc, argv, &i)) {
            return false;
        }
    }
    return valid(o);
}

void mt_options_help(const struct mt_command *command)
{
    if (!command) {
        puts("usage: memtriage COMMAND [OPTION]... ARGUMENT...\n\n"
             "Says from captured profiles, traces and logs of a Go service whether it leaks "
             "memory, where\n"
             "and how sure that is, and writes a report. Offline: no socket is ever opened.\n");
        for (const struct mt_command *c = mt_commands; c->name; c++)
            printf("  %-28s %s\n", c->synopsis, c->summary);
        puts("\n`memtriage COMMAND --help` lists a command's options; man 1 memtriage has it all.");
        return;
    }
    printf("usage: memtriage %s [OPTION]...\n\n%s\n\n", command->synopsis, command->summary);
    for (size_t i = 0; i < OPTIONS; i++) {
        if (!(table[i].commands & command->bit))
            continue;
        char left[48];
        snprintf(left, sizeof left, "%s %s", table[i].name,
                 table[i].argument ? table[i].argument : "");
        printf("  %-24s %s\n", left, table[i].help);
    }
}

unsigned mt_options_jobs(const struct mt_options *o)
{
    uint64_t jobs;
    if (o->jobs && mt_span_u64(mt_span_of(o->jobs), &jobs))
        return (unsigned)jobs;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors > 0 ? (unsigned)processors : 1;
}

void mt_options_redaction(const struct mt_options *o, unsigned usual, struct mt_arena *arena,
                          struct mt_redaction *r)
{
    unsigned what = usual;
    struct mt_span word;
    if (o->redact && !mt_redaction_parse(o->redact, &what, &word))
        what = MT_REDACT_SECRETS;
    mt_redaction_init(r, arena, what);
}
