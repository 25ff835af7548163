// Elementary functions on vectors of 16 floats. The polynomials are near-minimax fits made for
// these intervals. Included once per level.

// Σ c[i]·x^i by Horner's rule, `count` coefficients.
TK_INLINE tk_f16 tk_poly(tk_f16 x, const float *c, const int count) {
    tk_f16 sum = tk_splat(c[count - 1]);
    TK_UNROLL
    for (int i = count - 2; i >= 0; i--) sum = TK_MADD(sum, x, tk_splat(c[i]));
    return sum;
}

// exp(r) of exp(x) = 2^n · exp(r), n = round(x / ln 2), |r| ≤ ln 2 / 2, by a polynomial. The low
// bits of t's mantissa hold n.
TK_INLINE tk_f16 tk_exp_rest(tk_f16 x, tk_u16 *t) {
    static const float c[6] = {
        1, 0.5f, 0.166665763f, 0.0416665561f, 0.00836320315f, 0.00139262131f,
    };
    // Added to |x| < 2^22 it leaves round(x), ties to even, in the low bits of the mantissa.
    const float rounder = 0x1.8p23f;
    tk_f16 rounded = TK_MADD(x, tk_splat(0x1.715476p+0f), tk_splat(rounder));
    tk_f16 n = rounded - rounder;
    // ln 2 in two parts, the first of 10 bits: its product with n is exact, fused or not.
    tk_f16 r = TK_MADD(n, tk_splat(-0.693359375f), x);
    r = TK_MADD(n, tk_splat(2.12194442e-4f), r);
    *t = (tk_u16)rounded;
    return TK_MADD(tk_poly(r, c, 6), r, tk_splat(1));
}

// Where |x| < 87 no result is denormal, infinite or a NaN. Then only the low 9 bits of n survive
// the shift, so t's upper bits do not matter.
TK_INLINE tk_f16 tk_exp_ordinary(tk_f16 x) {
    tk_u16 t;
    tk_f16 y = tk_exp_rest(x, &t);
    return (tk_f16)((tk_u16)y + (t << 23));
}

TK_INLINE tk_f16 tk_exp_vector(tk_f16 x) {
    tk_u16 t;
    // Nearly always one look tells.
    if (tk_all(tk_abs(x) < 87)) return tk_exp_ordinary(x);
    // exp(89) is too large for a float, exp(−104) rounds to 0. NaNs pass both tests.
    x = x > 89 ? tk_splat(89) : x;
    x = x < -104 ? tk_splat(-104) : x;
    tk_f16 y = tk_exp_rest(x, &t);
    // 2^n in two halves: neither overflows, and a denormal result is rounded once. Where the
    // result is normal both products are exact, so this path and the short one agree.
    tk_u16 half = t >> 1;
    tk_u16 rest = t - half;
    tk_f16 scale_half = (tk_f16)((half + 127) << 23);
    tk_f16 scale_rest = (tk_f16)((rest + 127) << 23);
    return y * scale_half * scale_rest;
}

// log(2^e · m) = e · ln 2 + log(m), √½ ≤ m < √2, with log(1 + f) = f − f²/2 + f³·P(f), for
// normal positive x. What is added to e is already a float's.
TK_INLINE tk_f16 tk_log_parts(tk_f16 scaled, tk_f16 added) {
    static const float c[9] = {
        0.333333313f, -0.24999997f,   0.200007156f, -0.166678026f, 0.142490581f,
        -0.124256872f, 0.116854198f, -0.114797339f, 0.0697161183f,
    };
    // The difference of the bits from those of √½ has e in its upper bits.
    tk_i16 offset = (tk_i16)((tk_u16)scaled - 0x3f3504f3u);
    tk_f16 e = __builtin_convertvector(offset >> 23, tk_f16) + added;
    tk_f16 f = (tk_f16)((tk_u16)scaled - ((tk_u16)offset & 0xff800000u)) - 1;
    tk_f16 z = f * f;
    tk_f16 y = f * z * tk_poly(f, c, 9);
    y = TK_MADD(e, tk_splat(-2.12194442e-4f), y);
    y = TK_MADD(z, tk_splat(-0.5f), y);
    return TK_MADD(e, tk_splat(0.693359375f), f + y);
}

// Of normal positive numbers alone.
TK_INLINE tk_f16 tk_log_normal(tk_f16 x) { return tk_log_parts(x, tk_splat(0)); }

TK_INLINE tk_f16 tk_log_vector(tk_f16 x) {
    tk_i16 tiny = x < 0x1p-126f;
    tk_f16 y = tk_log_parts(tiny ? x * 0x1p23f : x, tiny ? tk_splat(-23) : tk_splat(0));
    y = x > __FLT_MAX__ ? x : y;
    y = x == 0 ? tk_splat(-__builtin_inff()) : y;
    y = x < 0 ? tk_splat(__builtin_nanf("")) : y;
    return x == x ? y : x;
}

// Of the two forms of 1 / (1 + e^−x), the one whose exponential e = e^−|x| cannot overflow.
TK_INLINE tk_f16 tk_sigmoid_of(tk_f16 x, tk_f16 e) {
    return (x < 0 ? e : tk_splat(1)) / (1 + e);
}

TK_INLINE tk_f16 tk_sigmoid_vector(tk_f16 x) {
    return tk_sigmoid_of(x, tk_exp_vector(-tk_abs(x)));
}

// max(x, 0) + log(1 + e), e = e^−|x| ≤ 1, with log(1 + e) = 2 atanh(s) = 2s + s³·P(s²),
// s = e / (2 + e) ≤ ⅓.
TK_INLINE tk_f16 tk_softplus_of(tk_f16 x, tk_f16 e) {
    static const float c[5] = {
        0.666666687f, 0.399997056f, 0.28592357f, 0.217065752f, 0.232243299f,
    };
    tk_f16 s = e / (2 + e);
    tk_f16 z = s * s;
    tk_f16 y = TK_MADD(s * z, tk_poly(z, c, 5), s + s);
    return (x > 0 ? x : tk_splat(0)) + y;
}

TK_INLINE tk_f16 tk_softplus_vector(tk_f16 x) {
    return tk_softplus_of(x, tk_exp_vector(-tk_abs(x)));
}

// x + x³·P(x²) near 0, 1 − 2 / (e^2x + 1) elsewhere.
TK_INLINE tk_f16 tk_tanh_vector(tk_f16 x) {
    static const float c[6] = {
        -0.333333343f, 0.133333042f,   -0.0539592579f,
        0.0217689183f, -0.00834394526f, 0.00229274482f,
    };
    tk_f16 a = tk_abs(x);
    tk_f16 z = a * a;
    tk_f16 near = TK_MADD(a * z, tk_poly(z, c, 6), a);
    tk_f16 far = 1 - 2 / (tk_exp_vector(a + a) + 1);
    return tk_with_sign(a < 0.625f ? near : far, x);
}

// x·P(x²) for |x| < 1; beyond, 1 − exp(Q(|x|)), Q fitted to log(1 − erf).
TK_INLINE tk_f16 tk_erf_vector(tk_f16 x) {
    static const float p[8] = {
        1.12837923f,    -0.376126379f,    0.112837821f,     -0.0268654302f,
        0.00522103161f, -0.000848408032f, 0.000112659589f, -9.66704465e-06f,
    };
    static const float q[10] = {
        0.000374582567f,  -1.13049734f,    -0.631279349f,    -0.110715725f,  0.0268790126f,
        -0.00497190095f, 0.000660304446f, -5.78977233e-05f, 2.88870751e-06f, -5.72704337e-08f,
    };
    tk_f16 a = tk_abs(x);
    tk_f16 near = a * tk_poly(a * a, p, 8);
    // At 4 it has come within half a unit of 1.
    a = a > 4 ? tk_splat(4) : a;
    tk_f16 far = 1 - tk_exp_vector(tk_poly(a, q, 10));
    return tk_with_sign(a < 1 ? near : far, x);
}

TK_INLINE tk_f16 tk_sqrt_vector(tk_f16 x) { return __builtin_elementwise_sqrt(x); }

// MARK: By way of double, where single precision would need tricks of its own at each level

TK_INLINE tk_f16 tk_narrow(tk_d8 lo, tk_d8 hi) {
    typedef float f8 __attribute__((ext_vector_type(8)));
    f8 a = __builtin_convertvector(lo, f8), b = __builtin_convertvector(hi, f8);
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

TK_INLINE tk_d8 tk_widen_low(tk_f16 x) { return __builtin_convertvector(x.lo, tk_d8); }
TK_INLINE tk_d8 tk_widen_high(tk_f16 x) { return __builtin_convertvector(x.hi, tk_d8); }

TK_INLINE tk_f16 tk_sin_vector(tk_f16 x) {
    // The zero keeps its sign, which the reduction would lose.
    tk_f16 y = tk_narrow(
        tk_sin_vector_double(tk_widen_low(x), 0), tk_sin_vector_double(tk_widen_high(x), 0));
    return x == 0 ? x : y;
}

TK_INLINE tk_f16 tk_cos_vector(tk_f16 x) {
    return tk_narrow(
        tk_sin_vector_double(tk_widen_low(x), 1), tk_sin_vector_double(tk_widen_high(x), 1));
}

// |x|^y = exp(y · log|x|), then the sign and the exceptions of IEEE 754.
TK_INLINE tk_f16 tk_pow_vector(tk_f16 x, float y) {
    if (y == 0) return tk_splat(1);
    // From 2^24 on every float is an even integer, and infinity counts as one.
    bool huge = __builtin_fabsf(y) >= 0x1p24f;
    bool integer = huge || (y == y && (float)(int32_t)y == y);
    bool odd = !huge && integer && ((int32_t)y & 1) != 0;
    tk_f16 a = tk_abs(x);
    tk_f16 z = tk_narrow(
        tk_exp_vector_double((double)y * tk_log_vector_double(tk_widen_low(a))),
        tk_exp_vector_double((double)y * tk_log_vector_double(tk_widen_high(a))));
    // An infinite exponent times log 1 is no number, but the power is 1.
    z = ((x == 1) | ((a == 1) & (__builtin_isinf(y) ? -1 : 0))) ? tk_splat(1) : z;
    if (odd) return tk_with_sign(z, x);
    if (integer) return z;
    return ((x < 0) & (a <= __FLT_MAX__)) ? tk_splat(__builtin_nanf("")) : z;
}

// MARK: Over arrays
//
// One number is spread over the vector: filling one lane in memory to load all takes longer than
// the function itself.

#define TK_DEFINE_MAP(name)                                                                    \
    static void tk_level_##name(float *dst, const float *src, size_t n) {                      \
        if (n == 1) {                                                                          \
            *dst = tk_##name##_vector(tk_splat(*src))[0];                                      \
            return;                                                                            \
        }                                                                                      \
        size_t i = 0;                                                                          \
        for (; i + 16 <= n; i += 16) tk_store(dst + i, tk_##name##_vector(tk_load(src + i)));  \
        if (i < n) {                                                                           \
            tk_store_part(dst + i, tk_##name##_vector(tk_load_part(src + i, n - i)), n - i);   \
        }                                                                                      \
    }

TK_DEFINE_MAP(exp)
TK_DEFINE_MAP(log)
TK_DEFINE_MAP(sigmoid)
TK_DEFINE_MAP(softplus)
TK_DEFINE_MAP(tanh)
TK_DEFINE_MAP(erf)
TK_DEFINE_MAP(sin)
TK_DEFINE_MAP(cos)
TK_DEFINE_MAP(sqrt)

static void tk_level_sincos(float *sine, float *cosine, const float *src, size_t n) {
    for (size_t i = 0; i < n; i += 16) {
        size_t r = n - i < 16 ? n - i : 16;
        tk_f16 x = tk_get(src + i, r);
        tk_put(sine + i, tk_sin_vector(x), r);
        tk_put(cosine + i, tk_cos_vector(x), r);
    }
}

static void tk_level_pow(float *dst, const float *src, float exponent, size_t n) {
    if (n == 1) {
        *dst = tk_pow_vector(tk_splat(*src), exponent)[0];
        return;
    }
    size_t i = 0;
    for (; i + 16 <= n; i += 16) tk_store(dst + i, tk_pow_vector(tk_load(src + i), exponent));
    if (i < n) {
        tk_store_part(dst + i, tk_pow_vector(tk_load_part(src + i, n - i), exponent), n - i);
    }
}
