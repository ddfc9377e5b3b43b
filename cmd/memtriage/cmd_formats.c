/* SPDX-License-Identifier: Apache-2.0 */
/* memtriage formats: every input form with an example line and how to capture it. */
#include "cmd/memtriage/command.h"

#include <stdio.h>

/* A line for each form that a reader takes. */
static void print_lines(const char *title, const char *lines)
{
    struct mt_span rest = mt_span_of(lines ? lines : ""), line;
    for (; mt_span_split(&rest, '\n', &line); title = "")
        printf("    %-14s%.*s\n", title, (int)line.size, (const char *)line.data);
}

/* What may lie around any of them. */
static const char around[] =
    "\nAround all of these\n"
    "    gzip, archives, folders in folders, rotated logs; text also in UTF-16 as PowerShell "
    "writes it\n"
    "    for example:  memstats.log.2.gz, memstats.log.1, memstats.log\n"
    "    capture it:   tar -czf bundle.tar.gz captures/\n"
    "\nAround logs\n"
    "    CRI, Docker json-file, Fluent Bit, journald, Cloud Logging, docker logs -t\n"
    "    for example:  2026-11-22T19:11:37.764210166Z stderr F gc 1 @0.124s 0%: ...\n"
    "                  {\"log\":\"gc 1 @0.124s 0%: "
    "...\\n\",\"stream\":\"stderr\",\"time\":\"2026-...\"}\n"
    "    capture it:   kubectl logs --timestamps POD >pod.log; or the files of "
    "/var/log/containers\n";

int mt_cmd_formats(const struct mt_options *options)
{
    (void)options;
    for (size_t i = 0; mt_readers[i]; i++) {
        const struct mt_reader *r = mt_readers[i];
        printf("%s%s (%s)\n    %s\n", i ? "\n" : "", r->name, r->kind ? r->kind : "", r->summary);
        print_lines("for example:", r->example);
        print_lines("capture it:", r->how);
    }
    fputs(around, stdout);
    return 0;
}
