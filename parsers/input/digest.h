/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (libmd) as 64 hex digits and a NUL. */
#ifndef MT_INPUT_DIGEST_H
#define MT_INPUT_DIGEST_H

#include "parsers/base/span.h"

void mt_sha256_hex(struct mt_span bytes, char hex[65]);

#endif
