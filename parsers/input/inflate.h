/* SPDX-License-Identifier: Apache-2.0 */
/* gunzip in steps (RFC 1952, zlib); several members in a row are one stream. */
#ifndef MT_INPUT_INFLATE_H
#define MT_INPUT_INFLATE_H

#include "parsers/base/span.h"

struct mt_inflate;

struct mt_inflate *mt_inflate_new(void);
void mt_inflate_free(struct mt_inflate *z);
void mt_inflate_restart(struct mt_inflate *z);

bool mt_is_gzip(struct mt_span head);
/* Whether so many bytes out of so few are past --limit inflate-ratio: a bomb. */
bool mt_inflates_too_well(uint64_t bytes_in, uint64_t bytes_out);

/* Takes bytes off *in, writes to out[0..room) and counts them in *written. Returns with nothing
 * written only when it needs more input, at the end (*end, when `more_input` is false), or on
 * damage: false with *err set; what was good before has been written. */
bool mt_inflate_step(struct mt_inflate *z, struct mt_span *in, bool more_input, unsigned char *out,
                     size_t room, size_t *written, bool *end, struct mt_err *err) MT_WARN_UNUSED;

#endif
