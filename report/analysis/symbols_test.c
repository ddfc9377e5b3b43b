/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/symbols.h"

#include <string.h>

static struct mt_arena arena;

static int clear(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

static void same(struct mt_span got, const char *want)
{
    if (!mt_span_is(got, want))
        fail_msg("got \"%.*s\", wanted \"%s\"", (int)got.size, (const char *)got.data, want);
}

static void packages_end_at_the_first_dot_behind_the_last_slash(void **state)
{
    (void)state;
    same(mt_symbol_package_of(MT_SPAN("shop/internal/api.(*Server).Search")), "shop/internal/api");
    same(mt_symbol_package_of(MT_SPAN("main.main.func1")), "main");
    same(mt_symbol_package_of(MT_SPAN("gopkg.in/yaml%2ev3.Unmarshal")), "gopkg.in/yaml%2ev3");
    same(mt_symbol_package_of(MT_SPAN("a/b.F[go.shape.struct { x/y.Z int }]")), "a/b");
    same(mt_symbol_package_of(MT_SPAN("a/b.(*T[x/y.Z]).M")), "a/b");
    same(mt_symbol_package_of(MT_SPAN("malloc")), "");
    same(mt_symbol_package_of(MT_SPAN("")), "");
    same(mt_symbol_package_of(MT_SPAN("blue::shop/cache.Put")), "shop/cache");
}

static void owners_lose_all_closure_marks(void **state)
{
    (void)state;
    same(mt_symbol_owner_of(MT_SPAN("p/q.(*Fanout).Query.func1")), "p/q.(*Fanout).Query");
    same(mt_symbol_owner_of(MT_SPAN("p.F.func1.2.1")), "p.F");
    same(mt_symbol_owner_of(MT_SPAN("p.F.gowrap3")), "p.F");
    same(mt_symbol_owner_of(MT_SPAN("p.(*T).M-fm")), "p.(*T).M");
    same(mt_symbol_owner_of(MT_SPAN("p.F-range2")), "p.F");
    same(mt_symbol_owner_of(MT_SPAN("p.init.0.func1.1")), "p.init");
    same(mt_symbol_owner_of(MT_SPAN("p.F[...].func2")), "p.F[...]");
    same(mt_symbol_owner_of(MT_SPAN("main.func1")), "main.func1");
    same(mt_symbol_owner_of(MT_SPAN("p.Sha256")), "p.Sha256");
    assert_true(mt_symbol_is_closure(MT_SPAN("p.F.func1")));
    assert_false(mt_symbol_is_closure(MT_SPAN("p.Func1")));
}

static void normal_names_survive_a_rebuild(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"a.io/m/v2/pkg.F", "a.io/m/pkg.F"},
        {"a.io/m@v1.2.3/pkg.F", "a.io/m/pkg.F"},
        {"shop/vendor/a.io/m/pkg.F", "a.io/m/pkg.F"},
        {"vendor/golang.org/x/net/http2.F", "golang.org/x/net/http2.F"},
        {"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.Unmarshal"},
        {"p.F[go.shape.int]", "p.F"},
        {"p.F[...].func1", "p.F.func1"},
        {"p.(*T[go.shape.[]uint8]).M", "p.(*T).M"},
        {"p.F (inline)", "p.F"},
        {"malloc", "malloc"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        same(mt_span_of(mt_symbol_normal(&arena, mt_span_of(table[i][0]))), table[i][1]);
}

static void digit_runs_compare_as_numbers(void **state)
{
    (void)state;
    assert_true(mt_symbol_compare(MT_SPAN("p.F.func2"), MT_SPAN("p.F.func10")) < 0);
    assert_true(mt_symbol_compare(MT_SPAN("p.F.func10"), MT_SPAN("p.F.func2")) > 0);
    assert_int_equal(mt_symbol_compare(MT_SPAN("p.F"), MT_SPAN("p.F")), 0);
    assert_true(mt_symbol_compare(MT_SPAN("p.F"), MT_SPAN("p.F.func1")) < 0);
}

/* --- tables --- */

struct named {
    const char *name, *file;
};

/* A bundle of one heap profile: each name is a function, a line and a location of the same index;
 * the only sample goes through all of them, first name the leaf. */
static struct mt_bundle *bundle_of(const struct named *names, size_t n)
{
    struct mt_bundle *b = MT_NEW(&arena, struct mt_bundle);
    b->arena = &arena;
    b->strings = MT_NEW(&arena, struct mt_strings);
    mt_strings_init(b->strings, &arena);
    struct mt_profile *p = MT_NEW(&arena, struct mt_profile);
    p->kind = MT_PROFILE_HEAP;
    p->functions = MT_NEW_N(&arena, struct mt_function, n);
    p->lines = MT_NEW_N(&arena, struct mt_line, n);
    p->locations = MT_NEW_N(&arena, struct mt_location, n);
    p->frames = MT_NEW_N(&arena, uint32_t, n);
    p->samples = MT_NEW(&arena, struct mt_sample);
    p->n_functions = p->n_lines = p->n_locations = p->n_frames = n;
    p->n_samples = 1;
    p->samples[0].n_frames = (uint32_t)n;
    for (uint32_t i = 0; i < n; i++) {
        p->functions[i].name = mt_intern_text(b->strings, names[i].name);
        p->functions[i].file = mt_intern_text(b->strings, names[i].file);
        p->lines[i] = (struct mt_line){.function = i, .line = 10 + (int64_t)i};
        p->locations[i] = (struct mt_location){.id = i + 1u, .first_line = i, .n_lines = 1};
        p->frames[i] = i;
    }
    b->profiles[MT_PROFILE_HEAP] = MT_NEW(&arena, struct mt_profile_ref);
    b->profiles[MT_PROFILE_HEAP][0].profile = p;
    b->n_profiles[MT_PROFILE_HEAP] = 1;
    return b;
}

static uint32_t id_of(const struct mt_bundle *b, const char *name)
{
    return mt_intern_find(b->strings, mt_span_of(name));
}

static void the_main_package_names_the_module(void **state)
{
    (void)state;
    struct named local[] = {
        {"main.main", "/home/u/orders-svc/cmd/server/main.go"},
        {"shop/internal/api.Serve", "/home/u/orders-svc/internal/api/serve.go"},
        {"github.com/x/y.F", "/home/u/go/pkg/mod/github.com/x/y@v1.0.0/f.go"},
        {"net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go"},
    };
    struct mt_symbols *s = mt_symbols_of(&arena, bundle_of(local, 4));
    assert_int_equal(s->n_app, 1);
    same(s->app[0], "shop");
    struct named gopath[] = {
        {"main.main", "/build/etcd/_build/src/go.etcd.io/etcd/main.go"},
        {"go.etcd.io/etcd/raft.(*node).run", "/build/etcd/_build/src/go.etcd.io/etcd/raft/node.go"},
        {"github.com/spf13/cobra.(*Command).Execute",
         "/build/etcd/_build/src/github.com/spf13/cobra/command.go"},
    };
    struct mt_bundle *b = bundle_of(gopath, 3);
    s = mt_symbols_of(&arena, b);
    same(s->app[0], "go.etcd.io/etcd");
    assert_int_equal(mt_symbol_origin(s, id_of(b, gopath[1].name)), MT_ORIGIN_APP);
    assert_int_equal(mt_symbol_origin(s, id_of(b, gopath[2].name)), MT_ORIGIN_DEP);
    struct named trimmed[] = {
        {"main.main", "github.com/nats-io/nats-server/v2/main.go"},
        {"github.com/nats-io/nats-server/v2/server.(*client).readLoop",
         "github.com/nats-io/nats-server/v2/server/client.go"},
        {"github.com/klauspost/compress/s2.F", "github.com/klauspost/compress@v1.2.0/s2/f.go"},
    };
    b = bundle_of(trimmed, 3);
    s = mt_symbols_of(&arena, b);
    same(s->app[0], "github.com/nats-io/nats-server");
    assert_int_equal(mt_symbol_origin(s, id_of(b, trimmed[2].name)), MT_ORIGIN_DEP);
}

static void without_a_main_the_commonest_prefix_serves(void **state)
{
    (void)state;
    struct named names[] = {
        {"a.example.com/team/svc/x.F", ""}, {"a.example.com/team/svc/y.F", ""},
        {"github.com/x/y.F", ""},           {"net/http.Get", ""},
        {"runtime.mallocgc", ""},           {"internal/runtime/maps.NewMap", ""},
        {"runtime/pprof.writeHeap", ""},    {"malloc", ""},
    };
    struct mt_bundle *b = bundle_of(names, 8);
    struct mt_symbols *s = mt_symbols_of(&arena, b);
    same(s->app[0], "a.example.com/team/svc");
    static const enum mt_origin want[] = {MT_ORIGIN_APP, MT_ORIGIN_APP,     MT_ORIGIN_DEP,
                                          MT_ORIGIN_STD, MT_ORIGIN_RUNTIME, MT_ORIGIN_RUNTIME,
                                          MT_ORIGIN_STD, MT_ORIGIN_CGO};
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(mt_symbol_origin(s, id_of(b, names[i].name)), want[i]);
    assert_true(mt_symbol_marked(s, id_of(b, "runtime/pprof.writeHeap"), MT_SYMBOL_CAPTURE));
}

/* Java's names in Flight Recorder files, and what a Go package of that name may hold. */
static void the_jdk_is_a_standard_library_too(void **state)
{
    (void)state;
    struct named names[] = {
        {"java.util.concurrent.ConcurrentHashMap.put", ""},
        {"sun.nio.ch.IOUtil.read", ""},
        {"com.example.Cache.put", ""},
        {"java.Parse", ""},
        {"java.parse.func1", ""},
        {"$mapval. (*main.session)", ""},
        {"[3]. ([]uint8)", ""},
    };
    static const enum mt_origin want[] = {MT_ORIGIN_STD, MT_ORIGIN_STD, MT_ORIGIN_APP,
                                          MT_ORIGIN_APP, MT_ORIGIN_APP, MT_ORIGIN_APP,
                                          MT_ORIGIN_APP};
    struct mt_bundle *b = bundle_of(names, 7);
    struct mt_symbols *s = mt_symbols_of(&arena, b);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(mt_symbol_origin(s, id_of(b, names[i].name)), want[i]);
}

static void closure_counters_become_ranks_among_siblings(void **state)
{
    (void)state;
    struct named before[] = {{"p.F.func2", ""}, {"p.F.func10", ""}, {"p.F.func10.1", ""}};
    struct named after[] = {{"p.F.func3", ""}, {"p.F.func12", ""}, {"p.F.func12.4", ""}};
    struct mt_bundle *b = bundle_of(before, 3), *c = bundle_of(after, 3);
    struct mt_symbols *s = mt_symbols_of(&arena, b), *t = mt_symbols_of(&arena, c);
    assert_string_equal(mt_symbol_key(s, id_of(b, "p.F.func2")), "p.F.func1");
    assert_string_equal(mt_symbol_key(s, id_of(b, "p.F.func10")), "p.F.func2");
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(mt_symbol_key(s, id_of(b, before[i].name)),
                            mt_symbol_key(t, id_of(c, after[i].name)));
}

static const char *blamed(const struct named *names, size_t n, struct mt_blame *out)
{
    struct mt_bundle *b = bundle_of(names, n);
    struct mt_symbols *s = mt_symbols_of(&arena, b);
    const struct mt_profile *p = b->profiles[MT_PROFILE_HEAP][0].profile;
    struct mt_blame_table t;
    mt_blame_open(&t, &arena, s, p, NULL);
    *out = mt_blame_sample(&t, p->samples);
    return mt_bundle_text(b, p->functions[p->lines[out->line].function].name);
}

static void blame_is_the_first_own_frame_from_the_leaf(void **state)
{
    (void)state;
    struct mt_blame b;
    struct named owned[] = {{"runtime.growslice", ""},    {"bytes.(*Buffer).grow", ""},
                            {"github.com/x/y.Enc", ""},   {"shop/audit.Append", ""},
                            {"shop/api.(*S).Handle", ""}, {"net/http.(*conn).serve", ""}};
    assert_string_equal(blamed(owned, 6, &b), "shop/audit.Append");
    assert_true(b.own && !b.capture);
    struct named idle[] = {{"runtime.selectgo", ""},
                           {"net/http.(*persistConn).roundTrip", ""},
                           {"net/http.(*persistConn).readLoop", ""},
                           {"runtime.goexit", ""}};
    assert_string_equal(blamed(idle, 4, &b), "net/http.(*persistConn).readLoop");
    assert_false(b.own);
    struct named capture[] = {{"compress/flate.NewWriter", ""},
                              {"runtime/pprof.writeHeap", ""},
                              {"net/http/pprof.Index", ""},
                              {"shop/api.middleware", ""},
                              {"net/http.(*conn).serve", ""}};
    assert_string_equal(blamed(capture, 5, &b), "net/http/pprof.Index");
    assert_true(b.capture && !b.own);
    struct named bare[] = {{"runtime.mallocgc", ""}, {"runtime.main", ""}};
    assert_string_equal(blamed(bare, 2, &b), "runtime.mallocgc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(packages_end_at_the_first_dot_behind_the_last_slash, clear),
        cmocka_unit_test_teardown(owners_lose_all_closure_marks, clear),
        cmocka_unit_test_teardown(normal_names_survive_a_rebuild, clear),
        cmocka_unit_test_teardown(digit_runs_compare_as_numbers, clear),
        cmocka_unit_test_teardown(the_main_package_names_the_module, clear),
        cmocka_unit_test_teardown(without_a_main_the_commonest_prefix_serves, clear),
        cmocka_unit_test_teardown(the_jdk_is_a_standard_library_too, clear),
        cmocka_unit_test_teardown(closure_counters_become_ranks_among_siblings, clear),
        cmocka_unit_test_teardown(blame_is_the_first_own_frame_from_the_leaf, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
