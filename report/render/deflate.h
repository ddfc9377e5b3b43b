/* SPDX-License-Identifier: Apache-2.0 */
/* Compression of what is written; the only home of zlib on this side. */
#ifndef MT_RENDER_DEFLATE_H
#define MT_RENDER_DEFLATE_H

#include "parsers/base/text.h"

/* Adds one gzip member. The same bytes give the same member: no time, no name. */
void mt_gzip(struct mt_span bytes, struct mt_text *out);

/* The same without any header (RFC 1951): what a browser's 'deflate-raw' reads. */
void mt_deflate(struct mt_span bytes, struct mt_text *out);

/* Adler-32 (RFC 1950) of all bytes. */
uint32_t mt_checksum(struct mt_span bytes);

#endif
