// AVX-512: a tile of a matrix product is 24 of the 32 registers.

#include "table.h"

#if TK_HAS_X86_LEVELS

#include <immintrin.h>

#define TK_TABLE tk_table_avx512
#define TK_FUSED 1
#define TK_MASKED 1
#define TK_KEEP(vector) __asm__("" : "+v"(vector))
#define TK_MR 12
#define TK_NV 2
#define TK_STEPS 1
#define TK_CHAINS 16
#define TK_PAIR_BITS 512
#define TK_TILES_OF(X, nv)                                                                     \
    X(1, nv) X(2, nv) X(3, nv) X(4, nv) X(5, nv) X(6, nv)                                      \
    X(7, nv) X(8, nv) X(9, nv) X(10, nv) X(11, nv) X(12, nv)
#define TK_FOR_TILES(X) TK_TILES_OF(X, 1) TK_TILES_OF(X, 2)
#define TK_TILE_LISTS(X) {TK_TILES_OF(X, 1)}, {TK_TILES_OF(X, 2)}

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#include "level_body.h"
#pragma clang attribute pop

// The same with VNNI, one instruction of which adds the products of pairs of integers to a sum. It
// is written out: where registers allow, Clang makes the two of its intrinsic that it replaces.

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512vnni,avx2,fma"))), \
    apply_to = function)

// The pair is spread as it is read: an instruction more for that takes a quarter longer.
TK_INLINE tk_i16 tk_vnni_add_pairs(tk_i16 sum, const int16_t *pair, tk_i16 b) {
    __asm__("vpdpwssd %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(b), "m"(*(const tk_pair *)pair));
    return sum;
}

#define TK_ADD_PAIRS tk_vnni_add_pairs
#define TK_INTEGER_PRODUCTS tk_vnni_integer_products
#include "integer_body.h"

#pragma clang attribute pop

#pragma clang diagnostic ignored "-Winitializer-overrides"
const tk_table tk_table_avx512vnni = {
#include "level_table.h"
    .integer_products = tk_vnni_integer_products,
};

#endif
