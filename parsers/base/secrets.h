/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds what should not leave the house in a text: tokens, passwords, cookies, keys, addresses. It
 * knows shapes ("AKIA...", "eyJ...", "-----BEGIN ... PRIVATE KEY-----", "name@host.tld") and places
 * ("Bearer ...", "?token=...", "user:...@host"); it does not guess from randomness, so build ids,
 * hashes and module versions ("mail@v1.2.3") are left alone. One pass, linear in the text.
 */
#ifndef MT_BASE_SECRETS_H
#define MT_BASE_SECRETS_H

#include "parsers/base/span.h"

/* enum, word in a mark, one, many */
#define MT_SECRETS(X)                                                                              \
    X(BEARER, "bearer", "bearer token", "bearer tokens")                                           \
    X(BASIC, "basic", "basic authorization", "basic authorizations")                               \
    X(COOKIE, "cookie", "cookie", "cookies")                                                       \
    X(SECRET, "secret", "value under a secret's name", "values under a secret's name")             \
    X(LOGIN, "login", "login in an address", "logins in addresses")                                \
    X(JWT, "jwt", "JSON web token", "JSON web tokens")                                             \
    X(PRIVATE_KEY, "private-key", "private key", "private keys")                                   \
    X(KEY, "key", "key of a known form", "keys of a known form")                                   \
    X(EMAIL, "email", "e-mail address", "e-mail addresses")

enum mt_secret_kind {
#define MT_SECRET_ENUM(id, word, one, many) MT_SECRET_##id,
    MT_SECRETS(MT_SECRET_ENUM)
#undef MT_SECRET_ENUM
        MT_SECRET_KINDS
};

struct mt_secret {
    enum mt_secret_kind kind;
    size_t at, size; /* what has to go: the token, not the word "Bearer" in front of it */
};

/* The first secret that begins at `from` or later. */
bool mt_secret_find(struct mt_span text, size_t from, struct mt_secret *found);

/* Whether a value of this name is a secret whatever it looks like: "password", "X-Api-Key",
 * "http.request.header.cookie". */
bool mt_secret_name(struct mt_span name);

/* -- shared by the two files -------------------------------------------------------------- */

/* The separator of a name and its value stands at text.data[at] ('=', ':', or "%3D"). */
bool mt_secret_assigned(struct mt_span text, size_t from, size_t at, struct mt_secret *found);
/* A blank (or "%20") of `gap` bytes stands at `at`: "Bearer x", "Basic x", "--password x". */
bool mt_secret_worded(struct mt_span text, size_t from, size_t at, size_t gap,
                      struct mt_secret *found);

#endif
