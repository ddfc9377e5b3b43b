/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* SIGXFSZ */
#include "cmd/memtriage/command.h"

#include "report/view/printable.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct mt_command mt_commands[] = {
    {"report", "report BUNDLE", "the report on one bundle of captures", MT_CMD_REPORT,
     mt_cmd_report},
    {"diff", "diff BASE HEAD", "compares captures, bundles or replicates, and gates", MT_CMD_DIFF,
     mt_cmd_diff},
    {"inspect", "inspect FILE...", "what each capture holds, one JSON object a line",
     MT_CMD_INSPECT, mt_cmd_inspect},
    {"explain", "explain [RULE]", "the rules, their thresholds and fixes", MT_CMD_EXPLAIN,
     mt_cmd_explain},
    {"formats", "formats", "every input form and how to capture it", MT_CMD_FORMATS,
     mt_cmd_formats},
    {"capture-script", "capture-script", "prints a shell script that captures a good bundle",
     MT_CMD_CAPTURE, mt_cmd_capture_script},
    {0},
};

/* Names come from inputs: controls would let them write over the terminal. */
static void put_name(const char *name)
{
    struct mt_text text = {0};
    mt_printable_add(&text, mt_span_of(name), false);
    fwrite(text.data, 1, text.size, stderr);
    mt_text_clear(&text);
}

void mt_say(const char *fmt, ...)
{
    char line[4096];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    fputs("memtriage: ", stderr);
    put_name(line);
    fputc('\n', stderr);
}

void mt_say_err(const char *path, const struct mt_err *err)
{
    fputs("memtriage: ", stderr);
    if (path) {
        put_name(path);
        fputs(": ", stderr);
    }
    if (err->offset)
        fprintf(stderr, "byte %llu: ", (unsigned long long)err->offset);
    put_name(err->what);
    fputc('\n', stderr);
}

static const struct mt_command *command_named(const char *name)
{
    for (const struct mt_command *c = mt_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

/* A descriptor that was closed by the caller (>&-) would go to the next file that is opened, and
 * messages into that file. What takes its place can only fail, as the closed one would have. */
static void keep_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            return;
}

/* Standard output may be a full disk. */
static int finish(int status)
{
    if ((fflush(stdout) == 0 && !ferror(stdout)) || status == mt_code_exit_status(MT_ERR_OUTPUT))
        return status;
    mt_say("standard output could not be written");
    return mt_code_exit_status(MT_ERR_OUTPUT);
}

int main(int argc, char **argv)
{
    keep_standard_descriptors();
    signal(SIGXFSZ, SIG_IGN); /* past `ulimit -f` a write fails, like one to a full disk */
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        mt_options_help(NULL);
        return finish(argc > 1 ? 0 : mt_code_exit_status(MT_ERR_USAGE));
    }
    if (strcmp(name, "--version") == 0) {
        puts("memtriage " MT_VERSION);
        return finish(0);
    }
    const struct mt_command *command = command_named(name);
    if (!command) {
        mt_say("%s: no such command; memtriage --help lists them", name);
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    struct mt_options *options = calloc(1, sizeof *options);
    if (!options)
        mt_out_of_memory();
    int status;
    if (!mt_options_parse(options, command, argc - 2, argv + 2)) {
        status = mt_code_exit_status(MT_ERR_USAGE);
    } else if (options->help) {
        mt_options_help(command);
        status = 0;
    } else if (options->version) {
        puts("memtriage " MT_VERSION);
        status = 0;
    } else {
        status = command->run(options);
    }
    free(options);
    return finish(status);
}
