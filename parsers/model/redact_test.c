/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/redact.h"

/* A bundle of one capture, and what redacts it. */
struct fixture {
    struct mt_arena arena;
    struct mt_strings strings, joined;
    struct mt_capture capture;
    struct mt_input input;
    struct mt_bundle *bundle;
    struct mt_redaction redaction;
};

static void begin(struct fixture *f, unsigned what)
{
    *f = (struct fixture){0};
    mt_strings_init(&f->strings, &f->arena);
    mt_strings_init(&f->joined, &f->arena);
    mt_capture_init(&f->capture, &f->arena, &f->strings);
    f->input =
        (struct mt_input){.path = "heap.pb.gz", .start_ns = MT_NO_TIME, .end_ns = MT_NO_TIME};
    mt_redaction_init(&f->redaction, &f->arena, what);
}

static void redact(struct fixture *f)
{
    f->input.capture = &f->capture;
    f->bundle = mt_bundle_join(&f->arena, &f->joined, "bundle", &f->input, 1, 0);
    mt_redact_bundle(&f->redaction, f->bundle);
}

static struct mt_profile *add_profile(struct fixture *f, size_t room)
{
    struct mt_profile *p = mt_capture_add_profile(&f->capture, MT_PROFILE_HEAP);
    p->time_ns = MT_NO_TIME;
    p->comments = MT_NEW_N(&f->arena, uint32_t, room);
    p->labels = MT_NEW_N(&f->arena, struct mt_label, room);
    p->functions = MT_NEW_N(&f->arena, struct mt_function, room);
    return p;
}

static void add_comment(struct fixture *f, struct mt_profile *p, const char *text)
{
    p->comments[p->n_comments++] = mt_intern_text(&f->strings, text);
}

static void add_label(struct fixture *f, struct mt_profile *p, const char *key, const char *text)
{
    p->labels[p->n_labels++] = (struct mt_label){.key = mt_intern_text(&f->strings, key),
                                                 .text = mt_intern_text(&f->strings, text)};
}

static void add_function(struct fixture *f, struct mt_profile *p, const char *name,
                         const char *file)
{
    p->functions[p->n_functions++] = (struct mt_function){
        .name = mt_intern_text(&f->strings, name), .file = mt_intern_text(&f->strings, file)};
}

static void is(const struct fixture *f, uint32_t id, const char *expected)
{
    assert_string_equal(mt_string_text(f->bundle->strings, id), expected);
}

static void end(struct fixture *f)
{
    mt_arena_clear(&f->arena);
}

static void the_same_secret_has_the_same_mark_and_two_have_two(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_SECRETS);
    struct mt_profile *p = add_profile(&f, 4);
    add_comment(&f, p, "owner ann@example.com");
    add_comment(&f, p, "bob@example.com and ann@example.com");
    add_comment(&f, p, "nobody");
    redact(&f);
    is(&f, p->comments[0], "owner [redacted:email-1]");
    is(&f, p->comments[1], "[redacted:email-2] and [redacted:email-1]");
    is(&f, p->comments[2], "nobody");
    assert_int_equal(f.redaction.counts[MT_SECRET_EMAIL].values, 2);
    assert_int_equal(f.redaction.counts[MT_SECRET_EMAIL].places, 3);

    struct mt_arena other = {0}; /* the other side of a diff */
    struct mt_span again = mt_redact_text(&f.redaction, &other, MT_SPAN("to bob@example.com"));
    assert_true(mt_span_is(again, "to [redacted:email-2]"));
    mt_arena_clear(&other);
    end(&f);
}

static void a_second_pass_changes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, 15);
    struct mt_profile *p = add_profile(&f, 4);
    add_comment(&f, p, "password=hunter2 to ann@example.com");
    add_label(&f, p, "token", "abc");
    add_function(&f, p, "main.main", "/home/ann/shop/main.go");
    redact(&f);
    mt_redact_bundle(&f.redaction, f.bundle);
    is(&f, p->comments[0], "password=[redacted:secret-1] to [redacted:email-1]");
    is(&f, p->labels[0].text, "[redacted:secret-2]");
    is(&f, p->functions[0].file, "[redacted:path-1]/main.go");
    end(&f);
}

static void a_label_under_a_secret_name_goes_and_its_text_stays_elsewhere(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_SECRETS);
    struct mt_profile *p = add_profile(&f, 4);
    add_label(&f, p, "api_key", "shop");
    add_label(&f, p, "service", "shop");
    add_label(&f, p, "api_key", "cart");
    redact(&f);
    is(&f, p->labels[0].text, "[redacted:secret-1]");
    is(&f, p->labels[1].text, "shop");
    is(&f, p->labels[2].text, "[redacted:secret-2]");
    end(&f);
}

static void labels_go_only_when_asked(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_LABELS);
    struct mt_profile *p = add_profile(&f, 4);
    add_label(&f, p, "tenant", "acme");
    add_label(&f, p, "region", "north");
    add_label(&f, p, "tenant", "acme");
    add_comment(&f, p, "ann@example.com");
    redact(&f);
    is(&f, p->labels[0].text, "[redacted:label-1]");
    is(&f, p->labels[1].text, "[redacted:label-2]");
    assert_int_equal(p->labels[0].text, p->labels[2].text);
    is(&f, p->labels[0].key, "tenant");
    is(&f, p->comments[0], "ann@example.com");
    end(&f);
}

static void of_a_folder_the_end_that_the_package_names_stays(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_PATHS);
    struct mt_profile *p = add_profile(&f, 8);
    add_function(&f, p, "example.com/shop/internal/cart.(*Cart).Add",
                 "/home/ann/src/shop/internal/cart/cart.go");
    add_function(&f, p, "main.main", "/home/ann/src/shop/cmd/server/main.go");
    add_function(&f, p, "runtime.main", "/usr/local/go/src/runtime/proc.go");
    add_function(&f, p, "github.com/x/y/z.F", "/home/ann/go/pkg/mod/github.com/x/y@v1.2.0/z/f.go");
    add_function(&f, p, "main.f", "relative/f.go");
    add_function(&f, p, "strlen", "C:/libs/libc/strlen.c");
    p->mappings = MT_NEW(&f.arena, struct mt_mapping);
    p->n_mappings = 1;
    p->mappings->file = mt_intern_text(&f.strings, "/srv/shop/bin/shop-api");
    redact(&f);
    is(&f, p->functions[0].file, "[redacted:path-1]/shop/internal/cart/cart.go");
    is(&f, p->functions[1].file, "[redacted:path-1]/shop/cmd/server/main.go");
    is(&f, p->functions[2].file, "[redacted:path-2]/runtime/proc.go");
    is(&f, p->functions[3].file, "[redacted:path-3]/github.com/x/y@v1.2.0/z/f.go");
    is(&f, p->functions[4].file, "relative/f.go");
    is(&f, p->functions[5].file, "[redacted:path-4]/strlen.c");
    is(&f, p->mappings->file, "[redacted:path-5]/shop-api");
    end(&f);
}

static void home_directories_go_from_any_text(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_PATHS);
    struct mt_profile *p = add_profile(&f, 8);
    add_comment(&f, p, "built in /home/ann/src and C:\\Users\\Bob\\src");
    add_comment(&f, p, "GET /api/home/list /homeless");
    f.input.path = "home/ann/bundle/heap.pb.gz";
    redact(&f);
    is(&f, p->comments[0], "built in [redacted:path-1]/src and [redacted:path-2]\\src");
    is(&f, p->comments[1], "GET /api/home/list /homeless");
    assert_string_equal(f.bundle->inputs[0].path, "[redacted:path-1]/bundle/heap.pb.gz");
    end(&f);
}

static void arguments_go_from_logs_and_span_names(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_ARGS);
    struct mt_request *r = mt_capture_add_request(&f.capture);
    r->name = mt_intern_text(&f.strings, "GET /users?id=17&q=x");
    r->start_ns = MT_NO_TIME;
    mt_capture_remark(&f.capture, false, "panic", "%s",
                      "it said: cannot add \"ann\" (order=7, at 0xc0001234): done");
    redact(&f);
    is(&f, r->name, "GET /users?id=[redacted:arg-1]&q=[redacted:arg-2]");
    assert_string_equal(f.bundle->quality[0].statement,
                        "it said: cannot add \"[redacted:arg-3]\" (order=[redacted:arg-4], at "
                        "[redacted:arg-5]): done");
    end(&f);
}

static void notes_are_read_as_a_reader_sees_them(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_SECRETS);
    f.capture.notes = MT_SPAN("use ghp\\_0123456789abcdef \\*here\\*, ann\\@example.com,\n"
                              "`/x?a=1&amp;sig=Zm9v&amp;b=2`\n");
    redact(&f);
    assert_true(mt_span_is(f.bundle->notes, "use [redacted:key-1] \\*here\\*, [redacted:email-1],\n"
                                            "`/x?a=1&amp;sig=[redacted:secret-1]&amp;b=2`\n"));
    end(&f);
}

static void ids_stay_two_where_their_texts_become_one(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, MT_REDACT_SECRETS | MT_REDACT_PATHS);
    struct mt_profile *p = add_profile(&f, 4);
    add_function(&f, p, "main.f", "/srv/x/f.go");
    add_comment(&f, p, "token=a");
    add_comment(&f, p, "token=[redacted:secret-1]");
    redact(&f);
    assert_int_not_equal(p->comments[0], p->comments[1]);
    is(&f, p->comments[0], "token=[redacted:secret-1]");
    is(&f, p->comments[1], "token=[redacted:secret-1]");
    assert_int_equal(mt_intern_text(f.bundle->strings, "token=[redacted:secret-1]"),
                     p->comments[0]);
    assert_int_equal(mt_intern_find(f.bundle->strings, MT_SPAN("token=a")), UINT32_MAX);
    end(&f);
}

static void lists_are_read_and_unknown_words_refused(void **state)
{
    (void)state;
    unsigned what = 0;
    struct mt_span word;
    assert_true(mt_redaction_parse("paths,labels", &what, &word));
    assert_int_equal(what, MT_REDACT_PATHS | MT_REDACT_LABELS);
    assert_true(mt_redaction_parse("none", &what, &word));
    assert_int_equal(what, 0);
    assert_false(mt_redaction_parse("secrets,names", &what, &word));
    assert_true(mt_span_is(word, "names"));
    assert_false(mt_redaction_parse("", &what, &word));
    assert_false(mt_redaction_parse("none,paths", &what, &word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_secret_has_the_same_mark_and_two_have_two),
        cmocka_unit_test(a_second_pass_changes_nothing),
        cmocka_unit_test(a_label_under_a_secret_name_goes_and_its_text_stays_elsewhere),
        cmocka_unit_test(labels_go_only_when_asked),
        cmocka_unit_test(of_a_folder_the_end_that_the_package_names_stays),
        cmocka_unit_test(home_directories_go_from_any_text),
        cmocka_unit_test(arguments_go_from_logs_and_span_names),
        cmocka_unit_test(notes_are_read_as_a_reader_sees_them),
        cmocka_unit_test(ids_stay_two_where_their_texts_become_one),
        cmocka_unit_test(lists_are_read_and_unknown_words_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
