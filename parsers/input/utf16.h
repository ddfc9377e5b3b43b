/* SPDX-License-Identifier: Apache-2.0 */
/* Text that a shell wrote as UTF-16 (`>` of PowerShell), made UTF-8 on the way in. */
#ifndef MT_INPUT_UTF16_H
#define MT_INPUT_UTF16_H

#include "parsers/base/span.h"

enum mt_utf16 { MT_UTF16_NONE, MT_UTF16_LITTLE, MT_UTF16_BIG };

/* By the byte order mark, and only when nothing but text follows: a binary capture that went
 * through such a shell is lost and stays as it is, for its reader to say so. */
enum mt_utf16 mt_utf16_of(struct mt_span head);

/* Takes whole characters from the front of `in` (behind the mark) while four bytes fit into
 * out; returns the bytes written. What is no character becomes U+FFFD. `more` says that bytes
 * follow behind `in`: half a character is left for then, otherwise dropped. */
size_t mt_utf16_step(enum mt_utf16 order, struct mt_span *in, bool more, unsigned char *out,
                     size_t room);

#endif
