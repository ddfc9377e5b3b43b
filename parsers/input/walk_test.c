/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* mkdtemp, mkfifo */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/limits.h"
#include "parsers/input/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static struct mt_arena arena;
static struct mt_found_files files;
static struct mt_err err;

static const char *in_folder(const char *name)
{
    static char path[2][256];
    static int turn;
    turn ^= 1;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static void put(const char *name, const char *text)
{
    FILE *out = fopen(in_folder(name), "wb");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/memtriage-walk-XXXXXX");
    assert_non_null(mkdtemp(folder));
    mkdir(in_folder("b"), 0700);
    mkdir(in_folder("b/profile.pb.gz"), 0700); /* a folder may be called anything */
    put("b/profile.pb.gz/inner", "x");
    put("b/two", "2");
    put("a", "1");
    assert_int_equal(symlink("/etc/passwd", in_folder("outside")), 0);
    assert_int_equal(symlink("../../..", in_folder("b/up")), 0);
    assert_int_equal(symlink("a", in_folder("inside")), 0);
    assert_int_equal(symlink("nowhere", in_folder("dangling")), 0);
    assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const made[] = {"b/profile.pb.gz/inner",
                                       "b/two",
                                       "a",
                                       "outside",
                                       "b/up",
                                       "inside",
                                       "dangling",
                                       "fifo",
                                       "t.tar.gz",
                                       "t.zip"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        unlink(in_folder(made[i]));
    rmdir(in_folder("b/profile.pb.gz"));
    rmdir(in_folder("b"));
    return rmdir(folder);
}

static const struct mt_found_file *named(const char *path)
{
    for (size_t i = 0; i < files.n; i++)
        if (strcmp(files.items[i].path, path) == 0)
            return &files.items[i];
    fail_msg("%s was not found", path);
    return NULL;
}

static void run_in_folder(const char *command)
{
    char text[512];
    snprintf(text, sizeof text, "cd %s && %s", folder, command);
    assert_int_equal(system(text), 0);
}

static bool walk_archive(void)
{
    return mt_walk(&arena, in_folder("t.tar.gz"), &files, &err);
}

static int anew(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    err = (struct mt_err){0};
    return 0;
}

static void lists_nested_files_in_order_and_refuses_the_rest(void **state)
{
    (void)state;
    assert_true(mt_walk(&arena, folder, &files, &err));
    assert_int_equal(files.n, 8);
    for (size_t i = 1; i < files.n; i++)
        assert_true(strcmp(files.items[i - 1].path, files.items[i].path) < 0);
    assert_null(named("a")->refused);
    assert_null(named("b/profile.pb.gz/inner")->refused);
    assert_null(named("inside")->refused);
    assert_non_null(strstr(named("outside")->refused, "leaves the bundle"));
    assert_non_null(strstr(named("b/up")->refused, "leaves the bundle"));
    assert_non_null(strstr(named("dangling")->refused, "nothing"));
    assert_non_null(strstr(named("fifo")->refused, "pipe"));
}

static void takes_a_single_file_by_its_last_name(void **state)
{
    (void)state;
    assert_true(mt_walk(&arena, in_folder("a"), &files, &err));
    assert_int_equal(files.n, 1);
    assert_string_equal(files.items[0].path, "a");
    assert_false(mt_walk(&arena, in_folder("absent"), &files, &err));
    assert_int_equal(err.code, MT_ERR_INPUT);
}

static void reads_archives_without_touching_the_disk(void **state)
{
    (void)state;
    run_in_folder("tar -czf t.tar.gz a b/two b/up");
    assert_true(walk_archive());
    assert_int_equal(files.n, 3);
    assert_true(mt_span_is(named("a")->bytes, "1"));
    assert_true(mt_span_is(named("b/two")->bytes, "2"));
    assert_non_null(named("b/up")->refused);
}

static void keeps_what_stands_before_an_archives_damage(void **state)
{
    (void)state;
    run_in_folder("tar -cf t.tar.gz a b/two && truncate -s 1200 t.tar.gz");
    assert_true(walk_archive());
    assert_true(mt_span_is(named("a")->bytes, "1"));
    assert_non_null(strstr(named("t.tar.gz")->refused, "damaged"));
    assert_true(named("t.tar.gz")->unread);
}

/* The gzip layer has lost its last bytes, the tar is whole but for them. */
static void keeps_what_stands_before_the_damage_of_the_gzip_layer(void **state)
{
    (void)state;
    run_in_folder("tar -czf t.tar.gz a b/two && truncate -s -4 t.tar.gz");
    assert_true(walk_archive());
    assert_int_equal(files.n, 3);
    assert_true(mt_span_is(named("b/two")->bytes, "2"));
    assert_non_null(strstr(named("t.tar.gz")->refused, "gzip"));
}

/* One stored member whose name is marked as UTF-8, which the C locale cannot say. */
static void names_the_members_of_a_zip_in_any_script(void **state)
{
    (void)state;
    static const char zip[] =
        "PK\3\4\24\0\0\10\0\0\0\0!\0\267\357\334\203\1\0\0\0\1\0\0\0\3\0\0\0\303\266"
        "11"
        "PK\1\2\24\3\24\0\0\10\0\0\0\0!\0\267\357\334\203\1\0\0\0\1\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0"
        "\200\1\0\0\0\0\303\266"
        "1"
        "PK\5\6\0\0\0\0\1\0\1\0"
        "1\0\0\0\"\0\0\0\0";
    FILE *out = fopen(in_folder("t.tar.gz"), "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(zip, 1, sizeof zip, out), 105);
    fclose(out);
    assert_true(walk_archive());
    assert_int_equal(files.n, 1);
    assert_true(mt_span_is(named("\303\266"
                                 "1")
                               ->bytes,
                           "1"));
}

static void limits_what_an_archive_may_unpack(void **state)
{
    (void)state;
    run_in_folder("head -c 3000000 /dev/zero > a && tar -czf t.tar.gz a && printf 1 > a");
    uint64_t before = mt_limit(MT_LIMIT_INFLATED);
    mt_limit_set(MT_LIMIT_INFLATED, 1 << 20);
    (void)!walk_archive();
    assert_int_equal(err.code, MT_ERR_LIMIT);
    mt_limit_set(MT_LIMIT_INFLATED, before);
}

static void says_when_there_are_more_files_than_the_limit(void **state)
{
    (void)state;
    uint64_t before = mt_limit(MT_LIMIT_FILES);
    mt_limit_set(MT_LIMIT_FILES, 3);
    assert_true(mt_walk(&arena, folder, &files, &err));
    assert_int_equal(files.n, 4);
    assert_non_null(strstr(named(".")->refused, "more than 3 files"));
    assert_true(named(".")->unread);
    assert_null(named("a")->refused); /* the first by name, whatever the disk's order */
    mt_limit_set(MT_LIMIT_FILES, before);
}

static void names_a_member_whose_name_is_not_ascii(void **state)
{
    (void)state;
    run_in_folder("cp a '\303\274ber' && tar --format=pax -cf t.tar.gz '\303\274ber' && rm "
                  "'\303\274ber'");
    assert_true(walk_archive());
    assert_int_equal(files.n, 1);
    assert_true(mt_span_is(named("\303\274ber")->bytes, "1"));
}

#define T(f) cmocka_unit_test_teardown(f, anew)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(lists_nested_files_in_order_and_refuses_the_rest),
        T(takes_a_single_file_by_its_last_name),
        T(reads_archives_without_touching_the_disk),
        T(keeps_what_stands_before_an_archives_damage),
        T(keeps_what_stands_before_the_damage_of_the_gzip_layer),
        T(names_the_members_of_a_zip_in_any_script),
        T(limits_what_an_archive_may_unpack),
        T(says_when_there_are_more_files_than_the_limit),
        T(names_a_member_whose_name_is_not_ascii),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
