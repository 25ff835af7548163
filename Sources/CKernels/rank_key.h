#pragma once

#include <stdint.h>
#include <string.h>

// See `tk_rank_key1`. A float's bits are ordered as the float is once negative ones are turned
// over and the others put above them.
static inline uint64_t tk_rank_key(float score, uint32_t place) {
    // Adding 0 makes −0 and 0 one.
    score += 0;
    uint32_t bits;
    memcpy(&bits, &score, sizeof bits);
    bits ^= bits >> 31 ? 0xffffffffu : 0x80000000u;
    return (uint64_t)bits << 32 | (uint32_t)~place;
}
