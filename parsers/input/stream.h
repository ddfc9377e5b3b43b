/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One input as a stream of decompressed bytes: a file (mapped where it serves), standard input, or
 * bytes in memory (a member of an archive). A gzip layer is taken off, once; several members are
 * one stream. Text in UTF-16 comes as UTF-8, and a byte order mark never comes; offsets are those
 * of what comes.
 */
#ifndef MT_INPUT_STREAM_H
#define MT_INPUT_STREAM_H

#include "parsers/base/cursor.h"

enum { MT_HEAD_BYTES = 64 << 10 };

struct mt_stream;

/* Path "-" is standard input. False: cannot be opened or is no regular file (folders, devices and
 * sockets are refused); err->what says why in words of the system. */
bool mt_stream_open(struct mt_stream **out, const char *path, struct mt_err *err) MT_WARN_UNUSED;
/* To be called when the last byte was read: gives the file's descriptor back. False: somebody cut
 * the file short meanwhile; what was read behind its new end may have been zeros. (So that reading
 * them does not end the program, opening a large file sets a handler for SIGBUS.) */
bool mt_stream_settle(struct mt_stream *s, struct mt_err *err) MT_WARN_UNUSED;
/* The bytes stay the caller's and must outlive the stream. */
struct mt_stream *mt_stream_over(struct mt_span bytes);
void mt_stream_close(struct mt_stream *s);

/* The first bytes, decompressed, up to MT_HEAD_BYTES; shorter only at the end of input or in front
 * of damage. Valid until the cursor is taken. */
struct mt_span mt_stream_head(struct mt_stream *s);
bool mt_stream_is_gzip(const struct mt_stream *s);

/* A cursor from the first byte. May be taken again, except on a pipe. err outlives the cursor. */
struct mt_cursor mt_stream_cursor(struct mt_stream *s, struct mt_err *err);
bool mt_stream_rewinds(const struct mt_stream *s);

/* The stored bytes where they are all at hand (a mapping, memory); empty for a pipe. */
struct mt_span mt_stream_stored(const struct mt_stream *s);
uint64_t mt_stream_stored_bytes(const struct mt_stream *s);
/* Their SHA-256 in hex; of nothing for a pipe. A mapping does not stay in memory for it. */
void mt_stream_sha256(struct mt_stream *s, char hex[65]);

#endif
