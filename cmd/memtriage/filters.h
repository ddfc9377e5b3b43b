/* SPDX-License-Identifier: Apache-2.0 */
/* pprof's filter words on the command line. */
#ifndef MT_CMD_FILTERS_H
#define MT_CMD_FILTERS_H

#include "cmd/memtriage/command.h"
#include "parsers/model/filter.h"

/* *f is NULL when no word was given. False: a message was printed, exit with 2. */
bool mt_filters_of(struct mt_arena *arena, const struct mt_options *o,
                   struct mt_filter **f) MT_WARN_UNUSED;
/* Filters every profile of a capture in place. */
void mt_filters_apply(const struct mt_filter *f, struct mt_capture *c);
/* Of all captures of a bundle that was just loaded. */
void mt_filters_apply_loaded(const struct mt_filter *f, struct mt_loaded *l);

#endif
