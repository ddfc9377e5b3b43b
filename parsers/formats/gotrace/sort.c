/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pattern-defeating quicksort (Orson Peters), with the constants of Go's library: insertion sort up
 * to 12 elements, the ninther from 50 on, heap sort when pivots keep being bad, and its random
 * numbers. A range is [a, b) of the whole array, as one step looks at the element in front of it.
 */
#include "parsers/formats/gotrace/sort.h"

#include <stdbool.h>

enum {
    INSERTION_MOST = 12,
    NINTHER_LEAST = 50,
    MEDIAN_SWAPS_MOST = 12, /* four medians of three, all in reverse order */
    REPAIRS_MOST = 5,       /* pairs out of order that are put right in a range nearly sorted */
    REPAIR_LEAST = 50
};

static bool less(const struct mt_timed *x, size_t i, size_t j)
{
    return x[i].time_ns < x[j].time_ns;
}

static void swap(struct mt_timed *x, size_t i, size_t j)
{
    struct mt_timed kept = x[i];
    x[i] = x[j];
    x[j] = kept;
}

static void insertion(struct mt_timed *x, size_t a, size_t b)
{
    for (size_t i = a + 1; i < b; i++)
        for (size_t j = i; j > a && less(x, j, j - 1); j--)
            swap(x, j, j - 1);
}

static void sift_down(struct mt_timed *x, size_t first, size_t root, size_t n)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && less(x, first + child, first + child + 1))
            child++;
        if (!less(x, first + root, first + child))
            return;
        swap(x, first + root, first + child);
    }
}

static void heap(struct mt_timed *x, size_t a, size_t b)
{
    size_t n = b - a;
    for (size_t i = (n - 1) / 2 + 1; i-- > 0;)
        sift_down(x, a, i, n);
    for (size_t i = n; i-- > 0;) {
        swap(x, a, a + i);
        sift_down(x, a, 0, i);
    }
}

/* Moves three elements around the middle to chance places. */
static void break_patterns(struct mt_timed *x, size_t a, size_t b)
{
    size_t n = b - a;
    uint64_t random = n, power = 1;
    while (power <= n)
        power *= 2;
    for (size_t i = a + n / 4 * 2 - 1; i <= a + n / 4 * 2 + 1; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        size_t other = (size_t)(random & (power - 1));
        swap(x, i, a + (other >= n ? other - n : other));
    }
}

static size_t median(const struct mt_timed *x, size_t a, size_t b, size_t c, unsigned *swaps)
{
    size_t kept = a;
    if (less(x, b, a)) {
        a = b;
        b = kept;
        ++*swaps;
    }
    if (less(x, c, b)) {
        b = c;
        ++*swaps;
    }
    if (less(x, b, a)) {
        b = a;
        ++*swaps;
    }
    return b;
}

static size_t choose_pivot(const struct mt_timed *x, size_t a, size_t b, unsigned *swaps)
{
    size_t quarter = (b - a) / 4;
    size_t i = a + quarter, j = a + quarter * 2, k = a + quarter * 3;
    *swaps = 0;
    if (b - a >= NINTHER_LEAST) {
        i = median(x, i - 1, i, i + 1, swaps);
        j = median(x, j - 1, j, j + 1, swaps);
        k = median(x, k - 1, k, k + 1, swaps);
    }
    return median(x, i, j, k, swaps);
}

/* True: the range is in order now. */
static bool repair(struct mt_timed *x, size_t a, size_t b)
{
    size_t i = a + 1;
    for (int step = 0; step < REPAIRS_MOST; step++) {
        while (i < b && !less(x, i, i - 1))
            i++;
        if (i == b)
            return true;
        if (b - a < REPAIR_LEAST)
            return false;
        swap(x, i, i - 1);
        if (i - a >= 2)
            for (size_t j = i - 1; j >= 1 && less(x, j, j - 1); j--)
                swap(x, j, j - 1);
        if (b - i >= 2)
            for (size_t j = i + 1; j < b && less(x, j, j - 1); j++)
                swap(x, j, j - 1);
    }
    return false;
}

/* For a range that holds nothing below its pivot: what equals it comes first. Returns where the
 * greater ones begin. */
static size_t partition_equal(struct mt_timed *x, size_t a, size_t b, size_t pivot)
{
    swap(x, a, pivot);
    size_t i = a + 1, j = b - 1;
    for (;; i++, j--) {
        while (i <= j && !less(x, a, i))
            i++;
        while (i <= j && less(x, a, j))
            j--;
        if (i > j)
            return i;
        swap(x, i, j);
    }
}

/* Returns where the pivot ended; *was_so: nothing else had to move. */
static size_t partition(struct mt_timed *x, size_t a, size_t b, size_t pivot, bool *was_so)
{
    swap(x, a, pivot);
    size_t i = a + 1, j = b - 1;
    *was_so = true;
    for (;; i++, j--) {
        while (i <= j && less(x, i, a))
            i++;
        while (i <= j && !less(x, j, a))
            j--;
        if (i > j)
            break;
        swap(x, i, j);
        *was_so = false;
    }
    swap(x, j, a);
    return j;
}

static void reverse(struct mt_timed *x, size_t a, size_t b)
{
    for (size_t i = a, j = b - 1; i < j; i++, j--)
        swap(x, i, j);
}

/* Recurses into the smaller part only: as deep as the array's length has bits. */
static void quick(struct mt_timed *x, size_t a, size_t b, unsigned bad_pivots)
{
    bool balanced = true, partitioned = true;
    while (b - a > INSERTION_MOST) {
        size_t n = b - a;
        if (!bad_pivots) {
            heap(x, a, b);
            return;
        }
        if (!balanced) {
            break_patterns(x, a, b);
            bad_pivots--;
        }
        unsigned swaps;
        size_t pivot = choose_pivot(x, a, b, &swaps);
        if (swaps == MEDIAN_SWAPS_MOST) {
            reverse(x, a, b);
            pivot = b - 1 - (pivot - a);
            swaps = 0;
        }
        if (balanced && partitioned && !swaps && repair(x, a, b))
            return;
        if (a > 0 && !less(x, a - 1, pivot)) {
            a = partition_equal(x, a, b, pivot);
            continue;
        }
        size_t middle = partition(x, a, b, pivot, &partitioned);
        if (middle - a < b - middle) {
            balanced = middle - a >= n / 8;
            quick(x, a, middle, bad_pivots);
            a = middle + 1;
        } else {
            balanced = b - middle >= n / 8;
            quick(x, middle + 1, b, bad_pivots);
            b = middle;
        }
    }
    insertion(x, a, b);
}

void mt_sort_timed(struct mt_timed *items, size_t n)
{
    unsigned bits = 0;
    for (size_t rest = n; rest; rest /= 2)
        bits++;
    quick(items, 0, n, bits);
}
