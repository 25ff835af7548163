// Products of 16-bit integers, and what of them lies near a threshold. Included once per level.

// Σ of the two products of each of 16 pairs of 16-bit numbers.
TK_INLINE tk_i16 tk_pair_products(tk_i16 a, tk_i16 b) {
#if TK_PAIR_BITS == 512
    typedef short v __attribute__((vector_size(64)));
    return (tk_i16)__builtin_ia32_pmaddwd512((v)a, (v)b);
#elif TK_PAIR_BITS == 256
    typedef short v __attribute__((vector_size(32)));
    typedef int32_t half __attribute__((ext_vector_type(8)));
    tk_i16 sums;
    sums.lo = (half)__builtin_ia32_pmaddwd256((v)a.lo, (v)b.lo);
    sums.hi = (half)__builtin_ia32_pmaddwd256((v)a.hi, (v)b.hi);
    return sums;
#else
    tk_i16 first = ((tk_i16)((tk_u16)a << 16) >> 16) * ((tk_i16)((tk_u16)b << 16) >> 16);
    return first + (a >> 16) * (b >> 16);
#endif
}

typedef int32_t tk_i16_unaligned __attribute__((ext_vector_type(16), aligned(2)));

// Two neighbours in a row of 16-bit numbers.
typedef int32_t tk_pair __attribute__((aligned(2), may_alias));

TK_INLINE tk_i16 tk_add_pairs(tk_i16 sum, const int16_t *pair, tk_i16 b) {
    return sum + tk_pair_products((tk_i16)(*(const tk_pair *)pair), b);
}

#define TK_ADD_PAIRS tk_add_pairs
#define TK_INTEGER_PRODUCTS tk_level_integer_products
#include "integer_body.h"

// The columns of 16 sums that lie in a band.
TK_INLINE uint32_t tk_between(const int32_t *sums, tk_i16 low, tk_i16 high, tk_i16 counted) {
    tk_i16 x = *(const tk_i16_unaligned *)sums;
    return tk_lanes_of((x > low) & ~(x > high) & counted);
}

static size_t tk_level_count_bands(
    const int32_t *sums, size_t ld, size_t rows, size_t n, const uint32_t *offsets,
    const int32_t *low, const int32_t *high, uint32_t *above, tk_undecided *undecided,
    size_t capacity
) {
    const tk_i16 all = (tk_i16)(-1), tail = tk_first(n % 16);
    size_t found = 0;
    for (size_t row = 0; row < rows; row++, sums += ld) {
        for (uint32_t t = offsets[row]; t < offsets[row + 1]; t++) {
            const tk_i16 l = (tk_i16)(low[t]), h = (tk_i16)(high[t]);
            // A true lane is −1.
            tk_i16 over = (tk_i16)(0), least = (tk_i16)(0);
            size_t j = 0;
            for (; j + 16 <= n; j += 16) {
                tk_i16 x = *(const tk_i16_unaligned *)(sums + j);
                over -= x > h;
                least -= x > l;
            }
            if (j < n) {
                tk_i16 x = *(const tk_i16_unaligned *)(sums + j);
                over -= (x > h) & tail;
                least -= (x > l) & tail;
            }
            above[t] = tk_fold_count(over);
            if (!tk_any(over != least)) continue;
            for (j = 0; j < n; j += 16) {
                uint32_t lanes = tk_between(sums + j, l, h, j + 16 <= n ? all : tail);
                for (; lanes; lanes &= lanes - 1, found++) {
                    if (found == capacity) return capacity + 1;
                    undecided[found] =
                        (tk_undecided){t, (uint32_t)j + (uint32_t)__builtin_ctz(lanes)};
                }
            }
        }
    }
    return found;
}
