// Selecting and sorting keys moves integers and computes nothing, so one version serves all
// levels.

#include "CKernels.h"
#include "rank_key.h"

uint64_t tk_rank_key1(float score, uint32_t place) { return tk_rank_key(score, place); }

float tk_rank_key_score(uint64_t key) {
    uint32_t bits = (uint32_t)(key >> 32);
    bits ^= bits >> 31 ? 0x80000000u : 0xffffffffu;
    float score;
    memcpy(&score, &bits, sizeof score);
    return score;
}

uint32_t tk_rank_key_place(uint64_t key) { return ~(uint32_t)key; }

uint64_t tk_smallest_key(const uint64_t *keys, size_t n) {
    uint64_t least = keys[0];
    for (size_t i = 1; i < n; i++) least = keys[i] < least ? keys[i] : least;
    return least;
}

static uint64_t tk_median(uint64_t a, uint64_t b, uint64_t c) {
    if (a < b) return b < c ? b : a < c ? c : a;
    return a < c ? a : b < c ? c : b;
}

// Puts keys of at least a pivot before the others and returns how many; 1 ..< n for n >= 2
// distinct keys, as long as the pivot is one of them and not the smallest.
static size_t tk_partition(uint64_t *keys, size_t n, uint64_t pivot) {
    size_t front = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t key = keys[i];
        keys[i] = keys[front];
        keys[front] = key;
        front += key >= pivot;
    }
    return front;
}

// A pivot for at least three keys: the median of three, which is never the smallest of all.
static uint64_t tk_pivot(const uint64_t *keys, size_t n) {
    return tk_median(keys[0], keys[n / 2], keys[n - 1]);
}

static void tk_insertion_sort(uint64_t *keys, size_t n) {
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        size_t j = i;
        for (; j > 0 && keys[j - 1] < key; j--) keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

void tk_select_keys(uint64_t *keys, size_t n, size_t k) {
    while (k > 0 && k < n) {
        if (n <= 16) {
            tk_insertion_sort(keys, n);
            return;
        }
        size_t front = tk_partition(keys, n, tk_pivot(keys, n));
        if (front > k) {
            n = front;
        } else {
            keys += front;
            n -= front;
            k -= front;
        }
    }
}

void tk_sort_keys(uint64_t *keys, size_t n) {
    while (n > 16) {
        size_t front = tk_partition(keys, n, tk_pivot(keys, n));
        if (front < n - front) {
            tk_sort_keys(keys, front);
            keys += front;
            n -= front;
        } else {
            tk_sort_keys(keys + front, n - front);
            n = front;
        }
    }
    tk_insertion_sort(keys, n);
}
