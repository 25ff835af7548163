// Vectors of 16 floats, whatever the register width: the compiler splits them. Everything that
// decides a result is written in terms of these 16 lanes, so that every level computes the same.
//
// Included once per level, inside that level's target attribute.

#pragma clang fp contract(off)

typedef float tk_f16 __attribute__((ext_vector_type(16)));
typedef int32_t tk_i16 __attribute__((ext_vector_type(16)));
typedef uint32_t tk_u16 __attribute__((ext_vector_type(16)));
typedef float tk_f16_unaligned __attribute__((ext_vector_type(16), aligned(4)));
typedef float tk_f8 __attribute__((ext_vector_type(8)));
typedef float tk_f8_unaligned __attribute__((ext_vector_type(8), aligned(4)));
typedef float tk_f4 __attribute__((ext_vector_type(4)));
typedef float tk_f4_unaligned __attribute__((ext_vector_type(4), aligned(4)));

#define TK_INLINE static inline __attribute__((always_inline))
#define TK_UNROLL _Pragma("clang loop unroll(full)")
#define TK_NO_UNROLL _Pragma("clang loop unroll(disable)")

// a·b + c: the one place where a level may fuse. The plain level does where the base architecture
// has the instruction; on SSE2 the builtin would call a library for every lane.
#if TK_FUSED
#define TK_MADD(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#else
#define TK_MADD(a, b, c) ((a) * (b) + (c))
#endif

TK_INLINE tk_f16 tk_splat(float x) { return (tk_f16)(x); }

TK_INLINE tk_f16 tk_load(const float *p) { return *(const tk_f16_unaligned *)p; }

TK_INLINE tk_f8 tk_load_half(const float *p) { return *(const tk_f8_unaligned *)p; }

// The other half is 0.
TK_INLINE tk_f16 tk_first_half(tk_f8 x) {
    return __builtin_shufflevector(
        x, (tk_f8)0.0f, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

TK_INLINE void tk_store(float *p, tk_f16 x) { *(tk_f16_unaligned *)p = x; }

#if TK_MASKED

TK_INLINE __mmask16 tk_mask(size_t r) { return (__mmask16)((1u << r) - 1); }

// The first r < 16 lanes from memory, the others zero.
TK_INLINE tk_f16 tk_load_part(const float *p, size_t r) {
    return (tk_f16)_mm512_maskz_loadu_ps(tk_mask(r), p);
}

TK_INLINE void tk_store_part(float *p, tk_f16 x, size_t r) {
    _mm512_mask_storeu_ps(p, tk_mask(r), (__m512)x);
}

#else

// The first r < 16 lanes from memory, the others zero.
TK_INLINE tk_f16 tk_load_part(const float *p, size_t r) {
    float lanes[16] = {0};
    TK_NO_UNROLL
    for (size_t i = 0; i < r; i++) lanes[i] = p[i];
    return tk_load(lanes);
}

TK_INLINE void tk_store_part(float *p, tk_f16 x, size_t r) {
    float lanes[16];
    tk_store(lanes, x);
    TK_NO_UNROLL
    for (size_t i = 0; i < r; i++) p[i] = lanes[i];
}

#endif

// The first r lanes, at most 16; where r is a constant the compiler sees it.
TK_INLINE tk_f16 tk_get(const float *p, size_t r) {
    return r == 16 ? tk_load(p) : tk_load_part(p, r);
}

TK_INLINE void tk_put(float *p, tk_f16 x, size_t r) {
    if (r == 16) tk_store(p, x);
    else tk_store_part(p, x, r);
}

// Calls `step(i, r)` for all of n numbers, r of them from i on: 16, but for the last.
#define TK_ALL(n, step)                                                                        \
    do {                                                                                       \
        size_t i = 0;                                                                          \
        for (; i + 16 <= (n); i += 16) step(i, 16);                                            \
        if (i < (n)) step(i, (n) - i);                                                         \
    } while (0)

// The number of each lane.
TK_INLINE tk_i16 tk_lane(void) {
    return (tk_i16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

// True in the first r lanes.
TK_INLINE tk_i16 tk_first(size_t r) { return tk_lane() < (tk_i16)(int32_t)r; }

// Rows v, v + 4, v + 8 and v + 12 of 16 rows of four numbers stand in the quarters of x[v]; x[i] comes
// to have number i of every row in its lane. And back.
TK_INLINE void tk_transpose_quarters(tk_f16 x[4]) {
#define TK_QUARTERS(a, b, i, j, k, l)                                                          \
    __builtin_shufflevector(                                                                   \
        a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4, i + 8, j + 8, k + 8, l + 8, i + 12,      \
        j + 12, k + 12, l + 12)
    tk_f16 low_a = TK_QUARTERS(x[0], x[1], 0, 16, 1, 17);
    tk_f16 high_a = TK_QUARTERS(x[0], x[1], 2, 18, 3, 19);
    tk_f16 low_b = TK_QUARTERS(x[2], x[3], 0, 16, 1, 17);
    tk_f16 high_b = TK_QUARTERS(x[2], x[3], 2, 18, 3, 19);
    x[0] = TK_QUARTERS(low_a, low_b, 0, 1, 16, 17);
    x[1] = TK_QUARTERS(low_a, low_b, 2, 3, 18, 19);
    x[2] = TK_QUARTERS(high_a, high_b, 0, 1, 16, 17);
    x[3] = TK_QUARTERS(high_a, high_b, 2, 3, 18, 19);
#undef TK_QUARTERS
}

TK_INLINE bool tk_all(tk_i16 x) { return __builtin_reduce_and(x) != 0; }

TK_INLINE bool tk_any(tk_i16 x) { return __builtin_reduce_or(x) != 0; }

TK_INLINE tk_f16 tk_abs(tk_f16 x) { return (tk_f16)((tk_i16)x & 0x7fffffff); }

// |x| with the sign of y, for x without a sign.
TK_INLINE tk_f16 tk_with_sign(tk_f16 x, tk_f16 y) {
    return (tk_f16)((tk_i16)x | ((tk_i16)y & INT32_MIN));
}

// The fold of the contract.
TK_INLINE float tk_fold_sum(tk_f16 x) {
    tk_f8 a = x.lo + x.hi;
    tk_f4 b = a.lo + a.hi;
    return (b.x + b.z) + (b.y + b.w);
}

TK_INLINE tk_f16 tk_greater(tk_f16 m, tk_f16 x) { return x > m ? x : m; }

TK_INLINE float tk_fold_max(tk_f16 x) {
    float m = x[0];
    TK_UNROLL
    for (int i = 1; i < 16; i++) m = x[i] > m ? x[i] : m;
    return m;
}
