/* SPDX-License-Identifier: Apache-2.0 */
/* For tests that go over the files of testdata/: find them, load them, read them with a reader and
 * see that what it made holds together. Include the cmocka headers first. */
#ifndef MT_FORMATS_SAMPLES_FOR_TESTS_H
#define MT_FORMATS_SAMPLES_FOR_TESTS_H

#include "parsers/formats/reader.h"
#include "parsers/input/stream.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Decompressed bytes; what a damaged gzip layer still gives. */
static inline struct mt_span sample_load(struct mt_arena *arena, const char *path)
{
    struct mt_err err = {0};
    struct mt_stream *stream;
    if (!mt_stream_open(&stream, path, &err))
        fail_msg("%s: %s", path, err.what);
    struct mt_cursor in = mt_stream_cursor(stream, &err);
    struct mt_text all = {0};
    while (mt_cur_has(&in, 1)) {
        struct mt_span part = mt_cur_bytes(&in, in.rest.size);
        mt_text_span(&all, part);
    }
    mt_text_span(&all, in.rest);
    struct mt_span copy = {
        (unsigned char *)mt_arena_copy(arena, all.data ? all.data : "", all.size), all.size};
    mt_text_clear(&all);
    mt_stream_close(stream);
    return copy;
}

static inline void sample_inspect(const struct mt_reader *reader, const struct mt_capture *capture)
{
    struct mt_text text = {0};
    struct mt_json_out json;
    mt_json_begin(&json, &text);
    mt_json_object(&json);
    reader->inspect(capture, &json);
    mt_json_object_end(&json);
    assert_int_equal(json.depth, 0);
    mt_text_clear(&text);
}

static inline void sample_read(const struct mt_reader *reader, struct mt_span bytes,
                               bool inspecting)
{
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_capture capture;
    struct mt_err err = {0}, broken = {0};
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    capture.inspecting = inspecting;
    struct mt_cursor in = mt_cur_over(bytes, &err);
    bool whole = reader->read(&in, &capture);
    if (whole != (err.code == MT_ERR_OK))
        fail_msg("%s: says %s and leaves the error at %d", reader->name,
                 whole ? "whole" : "damaged", err.code);
    if (!mt_capture_check(&capture, &broken))
        fail_msg("%s: %s", reader->name, broken.what);
    if (inspecting && reader->inspect)
        sample_inspect(reader, &capture);
    mt_arena_clear(&arena);
}

/* Every file below the folder, but for pages (notes.md is one for readers of notes). */
static inline void samples_of(const char *folder, const struct mt_reader *reader,
                              void (*each)(const struct mt_reader *reader, const char *path),
                              size_t *count)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct stat about;
        size_t size = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || (size > 3 && strcmp(entry->d_name + size - 3, ".md") == 0 &&
                                        reader && strcmp(reader->name, "notes") != 0))
            continue;
        struct mt_text path = {0};
        mt_text_printf(&path, "%s/%s", folder, entry->d_name);
        if (stat(path.data, &about) == 0 && S_ISDIR(about.st_mode)) {
            samples_of(path.data, reader, each, count);
        } else {
            ++*count;
            each(reader, path.data);
        }
        mt_text_clear(&path);
    }
    closedir(dir);
}

#endif
