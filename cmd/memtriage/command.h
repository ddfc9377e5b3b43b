/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share: options, messages, loading of bundles. Only cmd/ prints and exits. */
#ifndef MT_CMD_COMMAND_H
#define MT_CMD_COMMAND_H

#include "parsers/formats/reader.h"
#include "parsers/model/bundle.h"
#include "parsers/model/redact.h"

enum { MT_MOST_VALUES = 64 }; /* of an option that may be given several times */

struct mt_values {
    const char *items[MT_MOST_VALUES];
    size_t n;
};

/* Every option of every command; a command accepts those that its bit in the table allows. */
struct mt_options {
    const char *output; /* -o */
    const char *format; /* --format LIST */
    const char *title, *report_url, *asset_base, *stamp, *max_size;
    const char *as_format, *interval, *suppress, *redact, *by;
    const char *policy, *base_label, *head_label, *replicates, *undecided_exit;
    struct mt_values fail_on, labels, limits;
    const char *sample_index, *focus, *ignore, *hide, *show, *show_from, *prune_from, *tagfocus,
        *tagignore, *trim_path;
    const char *jobs;
    bool quiet, no_color, events, normalize, help, version;

    const char *args[4096]; /* what is no option */
    size_t n_args;
};

struct mt_command {
    const char *name;
    const char *synopsis; /* "report BUNDLE" */
    const char *summary;
    unsigned bit; /* in the option table */
    int (*run)(const struct mt_options *options);
};

extern const struct mt_command mt_commands[]; /* name NULL at the end */
enum {
    MT_CMD_REPORT = 1,
    MT_CMD_DIFF = 2,
    MT_CMD_INSPECT = 4,
    MT_CMD_EXPLAIN = 8,
    MT_CMD_FORMATS = 16,
    MT_CMD_CAPTURE = 32
};

int mt_cmd_report(const struct mt_options *options);
int mt_cmd_diff(const struct mt_options *options);
int mt_cmd_inspect(const struct mt_options *options);
int mt_cmd_explain(const struct mt_options *options);
int mt_cmd_formats(const struct mt_options *options);
int mt_cmd_capture_script(const struct mt_options *options);

/* False: a message was printed, exit with 2. */
bool mt_options_parse(struct mt_options *o, const struct mt_command *command, int argc,
                      char **argv);
void mt_options_help(const struct mt_command *command); /* NULL: the whole program */
unsigned mt_options_jobs(const struct mt_options *o);
/* --redact, or what is taken where it is not given: `usual`. The list was checked with the options.
 */
void mt_options_redaction(const struct mt_options *o, unsigned usual, struct mt_arena *arena,
                          struct mt_redaction *r);

/* One line on standard error: "memtriage: PATH: byte N: WHAT". path may be NULL. */
void mt_say(const char *fmt, ...) MT_PRINTF(1, 2);
void mt_say_err(const char *path, const struct mt_err *err);

struct mt_stream;

/* A bundle and everything that was read for it. */
struct mt_loaded {
    struct mt_arena arena;
    struct mt_strings strings;
    struct mt_arena *file_arenas; /* one per input */
    struct mt_stream **streams;   /* likewise; NULL where nothing points into the input */
    struct mt_input *inputs;
    size_t n_inputs;
    struct mt_bundle *bundle;
    size_t n_usable;   /* inputs read or damaged-but-useful */
    size_t n_captures; /* of these, captures: neither manifest nor notes */
    size_t n_damaged;  /* damaged or unreadable, files of no known form not counted */
    size_t n_own;      /* outputs of memtriage, which are left out of the inputs */
};

/* False: the bundle itself cannot be opened (err set). Unusable files are inputs with a reason. */
bool mt_load(struct mt_loaded *l, const char *path, unsigned jobs, int64_t interval_ns,
             struct mt_err *err) MT_WARN_UNUSED;
struct mt_found_files;
/* The same for files that were found already; they live in l->arena, the rest of *l is zero. The
 * last part of `path` names the bundle. */
void mt_load_files(struct mt_loaded *l, const struct mt_found_files *files, const char *path,
                   unsigned jobs, int64_t interval_ns);
/* Damaged and refused inputs on standard error, one line each: nothing is dropped silently. */
void mt_tell_inputs(const struct mt_loaded *l, bool quiet);
void mt_loaded_clear(struct mt_loaded *l);

#endif
