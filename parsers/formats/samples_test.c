/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of testdata/<format>/ against every reader: one reader takes it and no other as
 * strongly; what it makes holds together; and cut at every length, read from a buffer that ends at
 * an unmapped page, it neither crashes nor makes something inconsistent. Files of testdata/hostile/
 * only have to be survived.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS, nftw */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/reader.h"
#include "parsers/input/stream.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { MOST_CUTS = 1500, PAGE = 4096 };

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Decompressed bytes; what a damaged gzip layer still gives. */
static struct mt_span load(struct mt_arena *arena, const char *path)
{
    struct mt_err err = {0};
    struct mt_stream *stream;
    assert_true(mt_stream_open(&stream, path, &err));
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

static void read_once(const struct mt_reader *reader, struct mt_span bytes, bool inspecting)
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
    if (inspecting && reader->inspect) {
        struct mt_text text = {0};
        struct mt_json_out json;
        mt_json_begin(&json, &text);
        mt_json_object(&json);
        reader->inspect(&capture, &json);
        mt_json_object_end(&json);
        assert_int_equal(json.depth, 0);
        mt_text_clear(&text);
    }
    mt_arena_clear(&arena);
}

static void cut_everywhere(const struct mt_reader *reader, struct mt_span bytes)
{
    size_t room = (bytes.size + 2 * PAGE) & ~(size_t)(PAGE - 1);
    unsigned char *map =
        mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(map != MAP_FAILED);
    unsigned char *end = map + room - PAGE;
    assert_int_equal(mprotect(end, PAGE, PROT_NONE), 0);
    size_t step = bytes.size / MOST_CUTS + 1;
    for (size_t size = 0; size <= bytes.size; size += step) {
        if (size)
            memcpy(end - size, bytes.data, size);
        read_once(reader, (struct mt_span){end - size, size}, false);
    }
    munmap(map, room);
}

static void check_sample(const struct mt_reader *reader, const char *path)
{
    struct mt_arena arena = {0};
    struct mt_span bytes = load(&arena, path);
    struct mt_span head = mt_span_sub(bytes, 0, MT_HEAD_BYTES);
    enum mt_match own = reader->sniff(head);
    if (own == MT_NO)
        fail_msg("%s does not know its own sample %s", reader->name, path);
    for (size_t i = 0; mt_readers[i]; i++)
        if (mt_readers[i] != reader && !mt_readers[i]->alone &&
            !(mt_readers[i]->mixes && reader->mixes && own == MT_LIKELY) && /* both read it */
            mt_readers[i]->sniff(head) >= own)
            fail_msg("%s claims %s as strongly as %s", mt_readers[i]->name, path, reader->name);
    read_once(reader, bytes, false);
    read_once(reader, bytes, true);
    cut_everywhere(reader, bytes);
    mt_arena_clear(&arena);
}

static void survive(const char *path)
{
    struct mt_arena arena = {0};
    struct mt_span bytes = load(&arena, path);
    for (size_t i = 0; mt_readers[i]; i++) {
        mt_readers[i]->sniff(mt_span_sub(bytes, 0, MT_HEAD_BYTES));
        read_once(mt_readers[i], bytes, true);
    }
    mt_arena_clear(&arena);
}

static void each_file(const char *folder, const struct mt_reader *reader, size_t *count)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[1024];
        size_t size = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || (size > 3 && strcmp(entry->d_name + size - 3, ".md") == 0 &&
                                        reader && strcmp(reader->name, "notes") != 0))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (is_folder(path)) {
            each_file(path, reader, count);
        } else {
            ++*count;
            if (reader)
                check_sample(reader, path);
            else
                survive(path);
        }
    }
    closedir(dir);
}

static void every_format_knows_and_survives_its_samples(void **state)
{
    (void)state;
    for (size_t i = 0; mt_readers[i]; i++) {
        char folder[256];
        size_t count = 0;
        snprintf(folder, sizeof folder, "testdata/%s", mt_readers[i]->name);
        each_file(folder, mt_readers[i], &count);
        if (!count)
            fail_msg("%s has no sample under %s", mt_readers[i]->name, folder);
    }
}

static void every_reader_survives_the_hostile_files(void **state)
{
    (void)state;
    size_t count = 0;
    each_file("testdata/hostile", NULL, &count);
    assert_true(count > 0);
}

static void every_reader_describes_itself(void **state)
{
    (void)state;
    for (size_t i = 0; mt_readers[i]; i++) {
        assert_non_null(mt_readers[i]->name);
        assert_non_null(mt_readers[i]->kind);
        assert_non_null(mt_readers[i]->summary);
        assert_non_null(mt_readers[i]->example);
        assert_non_null(mt_readers[i]->how);
        assert_ptr_equal(mt_reader_named(mt_readers[i]->name), mt_readers[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reader_describes_itself),
        cmocka_unit_test(every_format_knows_and_survives_its_samples),
        cmocka_unit_test(every_reader_survives_the_hostile_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
