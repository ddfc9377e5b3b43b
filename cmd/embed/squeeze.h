/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a browser need not read: indentation, comments that fill their lines, and blanks beside
 * punctuation. Lines stay lines and names stay names, so the page's source can still be read, and
 * an error's line is easily found in templates/.
 *
 * A line is left as it is, but for its indentation, when it holds a character that could begin a
 * regular expression or a template; no grammar is needed to tell. Comments that say SPDX or CDATA
 * stay.
 */
#ifndef MT_EMBED_SQUEEZE_H
#define MT_EMBED_SQUEEZE_H

#include <stddef.h>

/* In place; returns the new size. The text is NUL-terminated before and after. */
size_t mt_squeeze_script(char *text);
/* A style sheet loses comments and line ends behind punctuation; a blank may stand for descent. */
size_t mt_squeeze_style(char *text);

#endif
