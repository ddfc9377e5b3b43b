/* SPDX-License-Identifier: Apache-2.0 */
/* Where outputs go: a folder, one file, or standard output. Files appear whole or not at all. */
#ifndef MT_CMD_OUTPUT_H
#define MT_CMD_OUTPUT_H

#include "cmd/memtriage/command.h"
#include "report/view/view.h"

/* -o and --format fit together and name outputs of this command. False: a message was printed. */
bool mt_check_outputs(const struct mt_options *o, bool diff) MT_WARN_UNUSED;
/* Whether they ask for the output of that name. */
bool mt_wants_output(const struct mt_options *o, bool diff, const char *name);
bool mt_write_outputs(const struct mt_view *view, const struct mt_options *o, bool diff,
                      struct mt_err *err) MT_WARN_UNUSED;

void mt_fill_view_options(struct mt_view_options *view, const struct mt_options *o,
                          struct mt_arena *arena, struct mt_strings *strings,
                          struct mt_redaction *redaction);
/* A whole small file (policy, suppressions). False: a message was printed. */
bool mt_read_text(struct mt_arena *arena, const char *path, struct mt_span *text) MT_WARN_UNUSED;

#endif
