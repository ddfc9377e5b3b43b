/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/relay.h"

#include <pthread.h>

enum { ROOMS = 16 };

/* A ring; the reader is at `filling`, the thread behind it. Both go on once half the ring has
 * changed hands, so that they seldom wait for each other. */
struct mt_relay {
    struct mt_trace_feed *feed;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t filled, freed;
    size_t filling, n_filled;
    bool finished;
    struct mt_feed_room rooms[ROOMS];
};

static void *show_all(void *data)
{
    struct mt_relay *r = data;
    for (size_t at = 0;; at = (at + 1) % ROOMS) {
        pthread_mutex_lock(&r->lock);
        if (!r->n_filled)
            while (r->n_filled < ROOMS / 2 && !r->finished)
                pthread_cond_wait(&r->filled, &r->lock);
        bool more = r->n_filled > 0;
        pthread_mutex_unlock(&r->lock);
        if (!more)
            return NULL;
        mt_feed_block(r->feed, r->rooms[at].events, r->rooms[at].n);
        r->rooms[at].n = 0;
        pthread_mutex_lock(&r->lock);
        if (--r->n_filled == ROOMS / 2)
            pthread_cond_signal(&r->freed);
        pthread_mutex_unlock(&r->lock);
    }
}

bool mt_relay_begin(struct mt_trace_feed *feed)
{
    mt_feed_flush(feed);
    struct mt_relay *r = MT_NEW(&feed->scratch, struct mt_relay);
    r->feed = feed;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->filled, NULL);
    pthread_cond_init(&r->freed, NULL);
    if (pthread_create(&r->thread, NULL, show_all, r) != 0)
        return false;
    feed->relay = r;
    feed->room = &r->rooms[0];
    return true;
}

void mt_relay_give(struct mt_trace_feed *feed)
{
    struct mt_relay *r = feed->relay;
    r->filling = (r->filling + 1) % ROOMS;
    pthread_mutex_lock(&r->lock);
    if (++r->n_filled == ROOMS / 2)
        pthread_cond_signal(&r->filled);
    if (r->n_filled == ROOMS - 1) /* the one being filled is not among them */
        while (r->n_filled > ROOMS / 2)
            pthread_cond_wait(&r->freed, &r->lock);
    pthread_mutex_unlock(&r->lock);
    feed->room = &r->rooms[r->filling];
}

void mt_relay_end(struct mt_trace_feed *feed)
{
    struct mt_relay *r = feed->relay;
    if (!r)
        return;
    mt_feed_flush(feed);
    pthread_mutex_lock(&r->lock);
    r->finished = true;
    pthread_cond_signal(&r->filled);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    feed->relay = NULL;
    feed->room = &feed->own;
    pthread_cond_destroy(&r->freed);
    pthread_cond_destroy(&r->filled);
    pthread_mutex_destroy(&r->lock);
}
