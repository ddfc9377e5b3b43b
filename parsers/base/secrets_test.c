/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

/* The text with each secret as <WORD>. */
static const char *masked(const char *text)
{
    static const char *const words[] = {
#define MT_SECRET_WORD(id, word, one, many) word,
        MT_SECRETS(MT_SECRET_WORD)
#undef MT_SECRET_WORD
    };
    static char out[1024];
    struct mt_span t = mt_span_of(text);
    struct mt_secret s;
    size_t at = 0, n = 0;
    while (mt_secret_find(t, at, &s)) {
        assert_true(s.at >= at && s.size && s.at + s.size <= t.size);
        memcpy(out + n, text + at, s.at - at);
        n += s.at - at;
        n += (size_t)snprintf(out + n, sizeof out - n, "<%s>", words[s.kind]);
        at = s.at + s.size;
    }
    memcpy(out + n, text + at, t.size - at + 1);
    return out;
}

static void check(const char *text, const char *expected)
{
    assert_string_equal(masked(text), expected);
}

static void untouched(const char *text)
{
    assert_string_equal(masked(text), text);
}

static void tokens_go_and_the_word_in_front_of_them_stays(void **state)
{
    (void)state;
    check("Authorization: Bearer abc.DEF-123_x", "Authorization: Bearer <bearer>");
    check("authorization=Bearer abcdefghijklmnop;next", "authorization=Bearer <bearer>;next");
    check("sent bearer 0a1b2c3d4e5f to the log", "sent bearer <bearer> to the log");
    check("map[Authorization:[Bearer s3cr3t] Accept:[*/*]]",
          "map[Authorization:[Bearer <bearer>] Accept:[*/*]]");
    check("{\"authorization\":\"Bearer s3cr3t\",\"a\":1}",
          "{\"authorization\":\"Bearer <bearer>\",\"a\":1}");
    check("Proxy-Authorization: Basic YWxpY2U6c2VjcmV0", "Proxy-Authorization: Basic <basic>");
    check("basic YWxpY2U6c2VjcmV0 seen", "basic <basic> seen");
    check("Authorization: Digest username=\"a\", response=\"b\"", "Authorization: Digest <secret>");
    check("Authorization: AWS4-HMAC-SHA256 Credential=AK/2/x, Signature=fe5f",
          "Authorization: <secret>");
    untouched("the bearer of this letter");
    untouched("bearer authentication is required");
    untouched("basic configuration");
    untouched("Authorization: denied");
}

static void cookies_go_whole(void **state)
{
    (void)state;
    check("Cookie: session=abc; theme=dark\nHost: x", "Cookie: <cookie>\nHost: x");
    check("Set-Cookie: id=a3f; Path=/; HttpOnly", "Set-Cookie: <cookie>");
    check("curl -H 'Cookie: a=b; c=d' http://x/", "curl -H 'Cookie: <cookie>' http://x/");
    check("Cookie:[session=abc; a=b] X:[1]", "Cookie:[<cookie>] X:[1]");
    check("http.request.header.cookie=\"sid=1; b=2\" n=1",
          "http.request.header.cookie=\"<cookie>\" n=1");
    untouched("cookie: not found");
    untouched("net/http.readSetCookies");
}

static void values_of_secret_names_go(void **state)
{
    (void)state;
    check("GET /v1/items?token=abc&page=2", "GET /v1/items?token=<secret>&page=2");
    check("/x?a=1&api_key=K1&sig=Zm9v%3D HTTP/1.1",
          "/x?a=1&api_key=<secret>&sig=<secret> HTTP/1.1");
    check("https://h/cb?code=4/P7q7&access_token=ya",
          "https://h/cb?code=<secret>&access_token=<secret>");
    check("password=hunter2", "password=<secret>");
    check("DB_PASSWORD='hunter 2' x", "DB_PASSWORD='<secret>' x");
    check("{\"client_secret\": \"s\\\"x\", \"n\":1}", "{\"client_secret\": \"<secret>\", \"n\":1}");
    check("{\\\"password\\\":\\\"pw\\\"}", "{\\\"password\\\":\\\"<secret>\\\"}");
    check("X-Api-Key: 12345", "X-Api-Key: <secret>");
    check("AccountKey=ab+/c==;EndpointSuffix=core", "AccountKey=<secret>;EndpointSuffix=core");
    check("run --db-password hunter2 --verbose", "run --db-password <secret> --verbose");
    check("next=%2Fa%3Ftoken%3Dabc%26b", "next=%2Fa%3Ftoken%3D<secret>%26b");
    check("X-Amz-Signature=fe5f80", "X-Amz-Signature=<secret>");
    untouched("unexpected token: '<'");
    untouched("cache key=user-17 code=3 sig=11");
    untouched("tokens=5 max_tokens=9");
    untouched("password=");
    untouched("password=**** token=null secret=${SECRET}");
    untouched("std::basic_string<char>::secret::f");
    untouched("main.(*Tokenizer).Next");
    untouched("token=[redacted:secret-1] b");
}

static void logins_in_addresses_go(void **state)
{
    (void)state;
    check("postgres://shop:pw@db:5432/shop", "postgres://<login>@db:5432/shop");
    check("https://u:p@ss@host.example/x", "https://<login>@host.example/x");
    check("redis://:pw@cache:6379/0", "redis://<login>@cache:6379/0");
    check("https://0a1b2c@git.example/x.git", "https://<login>@git.example/x.git");
    check("dsn=root:pw@tcp(10.0.0.1:3306)/shop", "dsn=<login>@tcp(10.0.0.1:3306)/shop");
    untouched("ssh://git@github.com/owner/name");
    untouched("git@github.com:owner/name.git");
    untouched("http://host:8080/a@b");
}

static void keys_are_known_by_their_form(void **state)
{
    (void)state;
    check("id AKIAIOSFODNN7EXAMPLE.", "id <key>.");
    check("ghp_0123456789abcdefghijABCDEFGHIJ012345", "<key>");
    check("(github_pat_11AAAAAAA0_bbbbbb)", "(<key>)");
    check("xoxb-123456789012-abcdef", "<key>");
    check("https://hooks.slack.com/services/T0/B0/xYz", "https://hooks.slack.com/services/<key>");
    check("glpat-abcdefghij1234567890", "<key>");
    check("sk_live_abcdefghij1234", "<key>");
    check("AIzaSyA1234567890abcdefghijklmnopqrstuv", "<key>");
    check("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "<jwt>");
    check("cut off: ghp_0123", "cut off: <key>");
    untouched("0123456789abcdef0123456789abcdef01234567"); /* a build id */
    untouched("task-0123456789abcdefghijklmn");
    untouched("main.AKIA");
    untouched("runtime.npm_config_registry_lookup_of_names_1");
    untouched("main.eyJ");
    untouched("FAKIAIOSFODNN7EXAMPLE");
    untouched("550e8400-e29b-41d4-a716-446655440000");
}

static void a_private_key_goes_with_its_lines(void **state)
{
    (void)state;
    check("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----\nb",
          "a\n<private-key>\nb");
    check("-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Bl", "<private-key>");
    untouched("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----");
}

static void mail_addresses_go_and_module_versions_stay(void **state)
{
    (void)state;
    check("to alice.b+c@mail.example.com.", "to <email>.");
    check("<bob@example.org>, eve@example.net", "<<email>>, <email>");
    check("user=carol%40example.com", "user=<email>");
    check("j\xc3\xbcrgen@b\xc3\xbc"
          "cher.example",
          "<email>");
    check("dump ann@example.com.pb.gz", "dump <email>.pb.gz");
    untouched("mail@v1.2.3");
    untouched("github.com/foo@v1.2.0/bar.go");
    untouched("github.com/foo@v0.0.0-20200101120000-abcdef123456.go");
    untouched("example.com/mail@v2.0.0-rc.beta");
    untouched("pkg@1.2.3-beta.js");
    untouched("icon@2x.png");
    untouched("getty@tty1.service");
    untouched("memcpy@plt memcpy@@GLIBC_2.14");
    untouched("@example.com a@b");
}

static void names_are_told_from_others(void **state)
{
    (void)state;
    assert_true(mt_secret_name(MT_SPAN("password")));
    assert_true(mt_secret_name(MT_SPAN("X-Auth-Token")));
    assert_true(mt_secret_name(MT_SPAN("http.request.header.set_cookie")));
    assert_false(mt_secret_name(MT_SPAN("tenant_namespace")));
    assert_false(mt_secret_name(MT_SPAN("key")));
    assert_false(mt_secret_name(MT_SPAN("tokens")));
    assert_false(mt_secret_name(MT_SPAN("")));
}

static void embedded_zeros_end_nothing(void **state)
{
    (void)state;
    static const unsigned char text[] = "a\0b token=x\0y alice@example.com";
    struct mt_span t = {text, sizeof text - 1};
    struct mt_secret s;
    assert_true(mt_secret_find(t, 0, &s));
    assert_int_equal(s.kind, MT_SECRET_SECRET);
    assert_true(mt_secret_find(t, s.at + s.size, &s));
    assert_int_equal(s.kind, MT_SECRET_EMAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_go_and_the_word_in_front_of_them_stays),
        cmocka_unit_test(cookies_go_whole),
        cmocka_unit_test(values_of_secret_names_go),
        cmocka_unit_test(logins_in_addresses_go),
        cmocka_unit_test(keys_are_known_by_their_form),
        cmocka_unit_test(a_private_key_goes_with_its_lines),
        cmocka_unit_test(mail_addresses_go_and_module_versions_stay),
        cmocka_unit_test(names_are_told_from_others),
        cmocka_unit_test(embedded_zeros_end_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
