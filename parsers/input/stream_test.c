/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* pipe, mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/digest.h"
#include "parsers/base/limits.h"
#include "parsers/input/inflate.h"
#include "parsers/input/stream.h"
#include "parsers/input/unknown.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { BIG = 3 << 20 };

static unsigned char *pattern;

static int make_pattern(void **state)
{
    (void)state;
    pattern = malloc(BIG);
    for (size_t i = 0; i < BIG; i++)
        pattern[i] = (unsigned char)(i * 2654435761u >> 24);
    return 0;
}

static int drop_pattern(void **state)
{
    (void)state;
    free(pattern);
    return 0;
}

/* One gzip member; the caller frees. */
static unsigned char *packed(const void *bytes, size_t size, size_t *packed_size)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, size) + 64;
    unsigned char *out = malloc(room);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (uInt)size;
    z.next_out = out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    *packed_size = z.total_out;
    deflateEnd(&z);
    return out;
}

static size_t drain(struct mt_cursor *in, const unsigned char *want, size_t step)
{
    size_t have = 0;
    while (mt_cur_has(in, 1)) {
        size_t size = in->rest.size < step ? in->rest.size : step;
        struct mt_span part = mt_cur_bytes(in, size);
        if (want)
            assert_memory_equal(part.data, want + have, part.size);
        have += part.size;
    }
    return have;
}

static void joins_the_members_of_a_gzip_stream(void **state)
{
    (void)state;
    size_t a, b;
    unsigned char *first = packed(pattern, BIG / 2, &a),
                  *second = packed(pattern + BIG / 2, BIG / 2, &b);
    unsigned char *both = malloc(a + b);
    memcpy(both, first, a);
    memcpy(both + a, second, b);
    struct mt_stream *s = mt_stream_over((struct mt_span){both, a + b});
    assert_true(mt_stream_is_gzip(s));
    assert_int_equal(mt_stream_head(s).size, MT_HEAD_BYTES);
    for (int turn = 0; turn < 2; turn++) { /* a cursor may be taken again */
        struct mt_err err = {0};
        struct mt_cursor in = mt_stream_cursor(s, &err);
        assert_int_equal(drain(&in, pattern, 10007), BIG);
        assert_int_equal(err.code, MT_ERR_OK);
    }
    struct mt_err err = {0};
    struct mt_cursor in = mt_stream_cursor(s, &err);
    struct mt_span all = mt_cur_all(&in);
    assert_int_equal(all.size, BIG);
    assert_memory_equal(all.data, pattern, BIG);
    mt_stream_close(s);
    free(first);
    free(second);
    free(both);
}

static void gives_what_stands_before_the_cut_and_says_where(void **state)
{
    (void)state;
    size_t size;
    unsigned char *whole = packed(pattern, BIG, &size);
    struct mt_stream *s = mt_stream_over((struct mt_span){whole, size / 2});
    struct mt_err err = {0};
    struct mt_cursor in = mt_stream_cursor(s, &err);
    size_t have = drain(&in, pattern, 4096);
    assert_int_equal(err.code, MT_ERR_INPUT);
    assert_true(have > BIG / 4 && have < BIG);
    assert_non_null(strstr(err.what, "was cut"));
    mt_stream_close(s);
    free(whole);
}

/* Wherever the cut is, and however little of a window is good in front of it. */
static void gives_all_lines_in_front_of_the_cut(void **state)
{
    (void)state;
    enum { LINES = 40000, SIZE = 16 };
    char *text = malloc(LINES * SIZE + 1);
    for (size_t i = 0; i < LINES; i++)
        snprintf(text + i * SIZE, SIZE + 1, "line %010zu\n", i);
    size_t size;
    unsigned char *gz = packed(text, LINES * SIZE, &size);
    for (size_t cut = size / 2; cut < size; cut += size / 40) {
        struct mt_err err = {0};
        struct mt_stream *bytes = mt_stream_over((struct mt_span){gz, cut});
        struct mt_cursor in = mt_stream_cursor(bytes, &err);
        size_t good = drain(&in, (const unsigned char *)text, 1);
        assert_int_equal(err.code, MT_ERR_INPUT);
        mt_stream_close(bytes);

        err = (struct mt_err){0};
        struct mt_stream *s = mt_stream_over((struct mt_span){gz, cut});
        in = mt_stream_cursor(s, &err);
        struct mt_span line;
        size_t lines = 0;
        while (mt_cur_line(&in, &line))
            lines++;
        assert_int_equal(lines, good / SIZE);
        mt_stream_close(s);
    }
    free(gz);
    free(text);
}

static void refuses_bytes_behind_the_last_member(void **state)
{
    (void)state;
    size_t size;
    unsigned char *member = packed("short", 5, &size);
    unsigned char *followed = malloc(size + 4);
    memcpy(followed, member, size);
    memcpy(followed + size, "junk", 4);
    struct mt_stream *s = mt_stream_over((struct mt_span){followed, size + 4});
    struct mt_err err = {0};
    struct mt_cursor in = mt_stream_cursor(s, &err);
    assert_int_equal(mt_cur_all(&in).size, 0);
    assert_non_null(strstr(err.what, "follow the stream"));
    mt_stream_close(s);
    free(member);
    free(followed);
}

static void stops_a_stream_that_inflates_without_end(void **state)
{
    (void)state;
    size_t size, unit = 64 << 20;
    unsigned char *zeros = calloc(1, unit), *bomb = packed(zeros, unit, &size);
    unsigned char *many = malloc(size * 8);
    for (size_t i = 0; i < 8; i++)
        memcpy(many + i * size, bomb, size);
    struct mt_stream *s = mt_stream_over((struct mt_span){many, size * 8});
    struct mt_err err = {0};
    struct mt_cursor in = mt_stream_cursor(s, &err);
    assert_true(drain(&in, NULL, 1 << 20) < 8 * unit);
    assert_int_equal(err.code, MT_ERR_LIMIT);
    mt_stream_close(s);
    uint64_t before = mt_limit(MT_LIMIT_INFLATED);
    mt_limit_set(MT_LIMIT_INFLATED, 1 << 20);
    s = mt_stream_over((struct mt_span){bomb, size});
    err = (struct mt_err){0};
    in = mt_stream_cursor(s, &err);
    assert_int_equal(mt_cur_all(&in).size, 0);
    assert_int_equal(err.code, MT_ERR_LIMIT);
    mt_stream_close(s);
    mt_limit_set(MT_LIMIT_INFLATED, before);
    free(zeros);
    free(bomb);
    free(many);
}

struct writer {
    int fd;
    const unsigned char *bytes;
    size_t size;
};

static void *write_slowly(void *argument)
{
    struct writer *w = argument;
    for (size_t at = 0; at < w->size;) {
        size_t step = at < 4 ? 1 : 5000; /* the magic comes byte by byte */
        if (step > w->size - at)
            step = w->size - at;
        ssize_t wrote = write(w->fd, w->bytes + at, step);
        if (wrote <= 0)
            break;
        at += (size_t)wrote;
    }
    close(w->fd);
    return NULL;
}

static void from_a_pipe(const unsigned char *bytes, size_t size, struct mt_span want)
{
    int ends[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    struct writer w = {ends[1], bytes, size};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_slowly, &w), 0);
    struct mt_err err = {0};
    struct mt_stream *s;
    assert_true(mt_stream_open(&s, "-", &err));
    assert_false(mt_stream_rewinds(s));
    struct mt_cursor in = mt_stream_cursor(s, &err);
    assert_int_equal(drain(&in, want.data, 7001), want.size);
    assert_int_equal(err.code, MT_ERR_OK);
    assert_int_equal(mt_stream_stored_bytes(s), size);
    mt_stream_close(s);
    pthread_join(thread, NULL);
    dup2(saved, STDIN_FILENO);
    close(saved);
}

static void reads_the_same_from_a_pipe_packed_or_not(void **state)
{
    (void)state;
    size_t size;
    unsigned char *member = packed(pattern, BIG, &size);
    from_a_pipe(pattern, BIG, (struct mt_span){pattern, BIG});
    from_a_pipe(member, size, (struct mt_span){pattern, BIG});
    free(member);
}

/* `(read line; memtriage inspect -) <file`: small files are read and large ones mapped, and both
 * begin where the one before stopped. */
static void standard_input_goes_on_where_somebody_stopped(void **state)
{
    (void)state;
    enum { FRONT = 5 };
    static const size_t sizes[] = {FRONT, 1000, BIG};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char path[] = "/tmp/memtriage-test-XXXXXX";
        int fd = mkstemp(path), saved = dup(STDIN_FILENO);
        assert_int_equal(write(fd, pattern, sizes[i]), sizes[i]);
        assert_int_equal(lseek(fd, FRONT, SEEK_SET), FRONT);
        dup2(fd, STDIN_FILENO);
        close(fd);
        struct mt_err err = {0};
        struct mt_stream *s;
        assert_true(mt_stream_open(&s, "-", &err));
        struct mt_cursor in = mt_stream_cursor(s, &err);
        assert_int_equal(drain(&in, pattern + FRONT, 7001), sizes[i] - FRONT);
        assert_true(mt_stream_settle(s, &err));
        mt_stream_close(s);
        dup2(saved, STDIN_FILENO);
        close(saved);
        unlink(path);
    }
}

static void maps_and_reads_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/memtriage-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    for (size_t size = 0; size <= BIG; size = size ? size * 40 : 1) {
        FILE *out = fopen(path, "wb");
        assert_int_equal(fwrite(pattern, 1, size, out), size);
        fclose(out);
        struct mt_err err = {0};
        struct mt_stream *s;
        assert_true(mt_stream_open(&s, path, &err));
        struct mt_cursor in = mt_stream_cursor(s, &err);
        assert_int_equal(drain(&in, pattern, 100000), size);
        mt_cur_release(&in);
        mt_stream_close(s);
    }
    struct mt_err err = {0};
    struct mt_stream *s;
    assert_false(mt_stream_open(&s, folder, &err));
    assert_non_null(strstr(err.what, "folder"));
    err = (struct mt_err){0};
    assert_false(mt_stream_open(&s, "/dev/zero", &err));
    unlink(path);
    rmdir(folder);
}

/* Both ways in: bytes that stay where they are, and a pipe that gives a few at a time. */
static void comes_as(struct mt_span stored, struct mt_span want)
{
    struct mt_stream *s = mt_stream_over(stored);
    assert_int_equal(mt_stream_head(s).size, want.size);
    for (int turn = 0; turn < 2; turn++) {
        struct mt_err err = {0};
        struct mt_cursor in = mt_stream_cursor(s, &err);
        struct mt_span all = mt_cur_all(&in);
        assert_int_equal(all.size, want.size);
        if (want.size)
            assert_memory_equal(all.data, want.data, want.size);
        assert_int_equal(err.code, MT_ERR_OK);
    }
    mt_stream_close(s);
}

static void text_in_utf16_comes_as_utf8_and_no_mark_comes(void **state)
{
    (void)state;
    const struct mt_span text = MT_SPAN("\xc2\xb5s \xe2\x88\x86\r\n\xf0\x9f\x98\x80.");
    comes_as(MT_SPAN("\xff\xfe\xb5\0s\0 \0\x06\x22\r\0\n\0\x3d\xd8\x00\xde.\0"), text);
    comes_as(MT_SPAN("\xfe\xff\0\xb5\0s\0 \x22\x06\0\r\0\n\xd8\x3d\xde\x00\0."), text);
    comes_as(MT_SPAN("\xff\xfe"
                     "a\0b\0c"),
             MT_SPAN("ab")); /* cut in a character */
    comes_as(MT_SPAN("\xff\xfe"
                     "a\0\x3d\xd8"),
             MT_SPAN("a\xef\xbf\xbd"));
    comes_as(MT_SPAN("\xef\xbb\xbf{}"), MT_SPAN("{}"));
    comes_as(MT_SPAN("\xef\xbb\xbf"), MT_SPAN(""));
    const struct mt_span trace = MT_SPAN("\xff\xfeg\0o\0 \0"
                                         "1\0.\0"
                                         "5\0\0\0\0\0");
    comes_as(trace, trace); /* no text: its reader says what happened to it */
}

static void text_in_utf16_is_read_in_windows_and_from_a_pipe(void **state)
{
    (void)state;
    enum { UNITS = 400000 };
    unsigned char *wide = malloc(2 + 2 * UNITS), *plain = malloc(UNITS);
    wide[0] = 0xff;
    wide[1] = 0xfe;
    for (size_t i = 0; i < UNITS; i++) {
        plain[i] = (unsigned char)(i % 61 ? 'a' + pattern[i] % 26 : '\n');
        wide[2 + 2 * i] = plain[i];
        wide[3 + 2 * i] = 0;
    }
    struct mt_stream *s = mt_stream_over((struct mt_span){wide, 2 + 2 * UNITS});
    for (int turn = 0; turn < 2; turn++) {
        struct mt_err err = {0};
        struct mt_cursor in = mt_stream_cursor(s, &err);
        assert_int_equal(drain(&in, plain, 1001), UNITS);
    }
    mt_stream_close(s);
    from_a_pipe(wide, 2 + 2 * UNITS, (struct mt_span){plain, UNITS});
    size_t size;
    unsigned char *member = packed(wide, 2 + 2 * UNITS, &size);
    s = mt_stream_over((struct mt_span){member, size});
    for (int turn = 0; turn < 2; turn++) {
        struct mt_err err = {0};
        struct mt_cursor in = mt_stream_cursor(s, &err);
        assert_int_equal(drain(&in, plain, 1001), UNITS);
        assert_int_equal(err.code, MT_ERR_OK);
    }
    mt_stream_close(s);
    from_a_pipe(member, size, (struct mt_span){plain, UNITS});
    s = mt_stream_over(
        (struct mt_span){member, size / 2}); /* what is good comes before the damage */
    struct mt_err err = {0};
    struct mt_cursor in = mt_stream_cursor(s, &err);
    assert_in_range(drain(&in, plain, 1001), UNITS / 3, UNITS);
    assert_int_equal(err.code, MT_ERR_INPUT);
    mt_stream_close(s);
    free(member);
    free(wide);
    free(plain);
}

/* A packed text comes as the same text unpacked. */
static void packed_comes_as(struct mt_span bytes, struct mt_span want)
{
    size_t size;
    unsigned char *member = packed(bytes.data, bytes.size, &size);
    comes_as((struct mt_span){member, size}, want);
    free(member);
}

static void text_in_utf16_may_be_packed(void **state)
{
    (void)state;
    packed_comes_as(MT_SPAN("\xff\xfe\xb5\0s\0\x3d\xd8\x00\xde"),
                    MT_SPAN("\xc2\xb5s\xf0\x9f\x98\x80"));
    packed_comes_as(MT_SPAN("\xfe\xff\0a\0b\0"), MT_SPAN("ab")); /* cut in a character */
    packed_comes_as(MT_SPAN("\xff\xfe"
                            "a\0\x3d\xd8"),
                    MT_SPAN("a\xef\xbf\xbd"));
    packed_comes_as(MT_SPAN("\xff\xfe"), MT_SPAN("\xff\xfe"));
    packed_comes_as(MT_SPAN("\xff\xfeg\0\0\0"), MT_SPAN("\xff\xfeg\0\0\0"));
    packed_comes_as(MT_SPAN("\xef\xbb\xbf{}"), MT_SPAN("{}"));
    packed_comes_as(MT_SPAN(""), MT_SPAN(""));
}

static void digests_as_sha256sum_does(void **state)
{
    (void)state;
    char hex[65];
    mt_sha256_hex(MT_SPAN("abc"), hex); /* FIPS 180-4, example B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void names_what_a_foreign_file_is(void **state)
{
    (void)state;
    assert_string_equal(mt_unknown_reason(MT_SPAN(""), false), "empty");
    assert_non_null(strstr(mt_unknown_reason(MT_SPAN("\377\376h\0e\0a\0p\0"), false), "UTF-16"));
    assert_non_null(strstr(mt_unknown_reason(MT_SPAN("\n<HTML><body>"), false), "HTML"));
    assert_non_null(strstr(mt_unknown_reason(MT_SPAN("404 page not found\n"), false), "404"));
    assert_non_null(strstr(mt_unknown_reason(MT_SPAN("\1\2\3\4\5\6"), false), "binary"));
}

static void outlives_a_file_that_is_cut_as_it_is_read(void **state)
{
    (void)state;
    char path[] = "/tmp/memtriage-stream-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, pattern, BIG), BIG);
    struct mt_stream *s;
    struct mt_err err = {0};
    assert_true(mt_stream_open(&s, path, &err));
    assert_int_equal(ftruncate(fd, 100), 0);
    struct mt_cursor in = mt_stream_cursor(s, &err);
    struct mt_span all = mt_cur_all(&in);
    assert_int_equal(all.size, BIG);
    assert_memory_equal(all.data, pattern, 100);
    assert_int_equal(all.data[BIG - 1], 0);
    assert_false(mt_stream_settle(s, &err));
    assert_int_equal(err.offset, 100);
    mt_stream_close(s);
    err = (struct mt_err){0};
    assert_true(mt_stream_open(&s, path, &err));
    assert_true(mt_stream_settle(s, &err));
    mt_stream_close(s);
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_the_members_of_a_gzip_stream),
        cmocka_unit_test(gives_what_stands_before_the_cut_and_says_where),
        cmocka_unit_test(gives_all_lines_in_front_of_the_cut),
        cmocka_unit_test(refuses_bytes_behind_the_last_member),
        cmocka_unit_test(stops_a_stream_that_inflates_without_end),
        cmocka_unit_test(reads_the_same_from_a_pipe_packed_or_not),
        cmocka_unit_test(standard_input_goes_on_where_somebody_stopped),
        cmocka_unit_test(maps_and_reads_files),
        cmocka_unit_test(text_in_utf16_comes_as_utf8_and_no_mark_comes),
        cmocka_unit_test(text_in_utf16_is_read_in_windows_and_from_a_pipe),
        cmocka_unit_test(text_in_utf16_may_be_packed),
        cmocka_unit_test(digests_as_sha256sum_does),
        cmocka_unit_test(names_what_a_foreign_file_is),
        cmocka_unit_test(outlives_a_file_that_is_cut_as_it_is_read),
    };
    return cmocka_run_group_tests(tests, make_pattern, drop_pattern);
}
