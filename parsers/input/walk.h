/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a bundle: a folder (nested), an archive, or a single file. Symbolic links that leave
 * the folder and special files are refused, each with a reason; nothing outside the bundle is ever
 * opened.
 */
#ifndef MT_INPUT_WALK_H
#define MT_INPUT_WALK_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

struct mt_found_file {
    const char *path;     /* relative to the bundle, '/' between parts; "-" for standard input */
    const char *open_as;  /* what to hand to mt_stream_open; NULL for an archive's member */
    struct mt_span bytes; /* an archive's member */
    const char *refused;  /* reason, or NULL */
    size_t place;         /* in the order in which they were found */
    bool unread; /* refused though it may hold captures: not permitted, too deep, damaged */
};

struct mt_found_files {
    struct mt_found_file *items; /* by path, bytewise, then in the order of an archive */
    size_t n, cap;
};

/* False: the bundle itself cannot be opened. What lies past --limit files, or behind the damage of
 * an archive, is one more entry that says so. Everything lives in the arena, archive members
 * included.
 */
bool mt_walk(struct mt_arena *a, const char *bundle, struct mt_found_files *out,
             struct mt_err *err) MT_WARN_UNUSED;

/* Adds a file to the list. */
struct mt_found_file *mt_found_add(struct mt_arena *a, struct mt_found_files *out,
                                   const char *path);

/* The same, refused, in place of files that nobody could look at. */
void mt_found_refuse(struct mt_arena *a, struct mt_found_files *out, const char *path,
                     const char *reason);
/* Whether the list is at --limit files. */
bool mt_found_full(const struct mt_found_files *files);

bool mt_is_archive(struct mt_span head);
/* Adds the members of a .tar, .tar.gz or .zip. False with err set: not readable to its end (members
 * before the damage are in). */
struct mt_stream;
bool mt_archive_list(struct mt_arena *a, struct mt_stream *stream, struct mt_found_files *out,
                     struct mt_err *err) MT_WARN_UNUSED;

#endif
