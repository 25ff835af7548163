// exp, log, sin and cos in double, on vectors of 8. Every operation is rounded by itself, so the
// results are the same on any machine with IEEE arithmetic, fused or not.
//
// Shifts are logical and left/right by constants only: 64-bit arithmetic shifts and conversions
// are missing before AVX-512.

#pragma clang fp contract(off)

typedef double tk_d8 __attribute__((ext_vector_type(8)));
typedef uint64_t tk_m8 __attribute__((ext_vector_type(8)));
// What a comparison gives: lanes of long, which is int64_t on some systems and not on others.
typedef __typeof__((tk_d8)0 < (tk_d8)0) tk_test8;

// Added to |x| < 2^51 it leaves round(x), ties to even, in the low bits of the mantissa.
#define TK_DOUBLE_ROUNDER 0x1.8p52

// Σ c[i]·x^i by Horner's rule, `count` coefficients.
__attribute__((always_inline)) static inline tk_d8 tk_poly_double(
    tk_d8 x, const double *c, const int count
) {
    tk_d8 sum = (tk_d8)(c[count - 1]);
    _Pragma("clang loop unroll(full)")
    for (int i = count - 2; i >= 0; i--) sum = sum * x + c[i];
    return sum;
}

// exp(x) = 2^n · exp(r), n = round(x / ln 2), |r| ≤ ln 2 / 2, and a polynomial for
// (exp(r) − 1 − r) / r². 2^n is applied in two halves, so that a denormal is rounded once.
__attribute__((always_inline)) static inline tk_d8 tk_exp_vector_double(tk_d8 x) {
    static const double c[11] = {
        0.5, 0.16666666666666671, 0.041666666666666671, 0.0083333333333261116,
        0.0013888888888883731, 0.00019841269874901259, 2.4801587325605324e-05,
        2.7557255297969643e-06, 2.755727357010214e-07, 2.5105259538448494e-08,
        2.0914717341716378e-09,
    };
    x = x > 710 ? (tk_d8)710 : x;
    x = x < -750 ? (tk_d8)-750 : x;
    tk_d8 n = (x * 0x1.71547652b82fep+0 + TK_DOUBLE_ROUNDER) - TK_DOUBLE_ROUNDER;
    // The high part of ln 2 has 32 bits: its product with n is exact.
    tk_d8 r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
    tk_d8 y = 1 + (r + r * r * tk_poly_double(r, c, 11));
    tk_d8 half = n * 0.5 + TK_DOUBLE_ROUNDER;
    tk_d8 rest = (n - (half - TK_DOUBLE_ROUNDER)) + TK_DOUBLE_ROUNDER;
    tk_d8 scale_half = (tk_d8)(((tk_m8)half + 1023) << 52);
    tk_d8 scale_rest = (tk_d8)(((tk_m8)rest + 1023) << 52);
    return y * scale_half * scale_rest;
}

// log(2^e · m) = e · ln 2 + log(m), √½ ≤ m < √2, and log(m) = 2 atanh(s), s = (m − 1) / (m + 1).
__attribute__((always_inline)) static inline tk_d8 tk_log_vector_double(tk_d8 x) {
    static const double c[7] = {
        0.66666666666666696, 0.39999999999899444, 0.2857142862600327, 0.22222211130259878,
        0.18182889455674947, 0.15331710618210773, 0.14616585424888623,
    };
    tk_test8 tiny = x < 0x1p-1022;
    tk_d8 scaled = tiny ? x * 0x1p54 : x;
    // The difference of the bits from those of √½ has e in its upper bits.
    tk_m8 offset = (tk_m8)scaled - 0x3fe6a09e667f3bcdULL;
    tk_m8 biased = (offset + 0x4000000000000000ULL) >> 52;
    tk_d8 e = (tk_d8)(biased | 0x4330000000000000ULL) - (0x1p52 + 1024);
    e = tiny ? e - 54 : e;
    tk_d8 m = (tk_d8)((tk_m8)scaled - (offset & 0xfff0000000000000ULL));
    tk_d8 f = m - 1;
    tk_d8 s = f / (2 + f);
    tk_d8 z = s * s;
    tk_d8 tail = s * z * tk_poly_double(z, c, 7);
    tk_d8 y = (2 * s + (tail + e * 0x1.a39ef35793c76p-33)) + e * 0x1.62e42feep-1;
    y = x > __DBL_MAX__ ? x : y;
    y = x == 0 ? (tk_d8)(-__builtin_inf()) : y;
    y = x < 0 ? (tk_d8)(__builtin_nan("")) : y;
    return x == x ? y : x;
}

// sin(x), or cos(x) with `quarter` 1: r = x − j·π/2 for the nearest j, then the polynomial of
// sin or cos that j + quarter asks for.
__attribute__((always_inline)) static inline tk_d8 tk_sin_vector_double(
    tk_d8 x, uint64_t quarter
) {
    static const double sine[6] = {
        -0.16666666666666666, 0.0083333333333309462, -0.00019841269836754971,
        2.7557316100683029e-06, -2.5051131455427946e-08, 1.591810123027412e-10,
    };
    static const double cosine[6] = {
        0.041666666666666664, -0.0013888888888887395, 2.4801587298763433e-05,
        -2.7557317270560326e-07, 2.0876146024689747e-09, -1.1382614868556325e-11,
    };
    // Beyond, j times the parts of π/2 is no longer exact enough to mean anything.
    x = (tk_d8)((tk_m8)x & 0x7fffffffffffffffULL) < 0x1p30 ? x : (tk_d8)(__builtin_nan(""));
    tk_d8 nearest = x * 0x1.45f306dc9c883p-1 + TK_DOUBLE_ROUNDER;
    tk_d8 j = nearest - TK_DOUBLE_ROUNDER;
    // π/2 in parts of 33 bits: the first two products are exact up to j = 2^20.
    tk_d8 r = ((x - j * 0x1.921fb544p+0) - j * 0x1.0b4611a6p-34) - j * 0x1.3198a2e037073p-69;
    tk_d8 z = r * r;
    tk_d8 s = r + r * z * tk_poly_double(z, sine, 6);
    tk_d8 c = 1 + (z * z * tk_poly_double(z, cosine, 6) - 0.5 * z);
    tk_m8 turn = (tk_m8)nearest + quarter;
    tk_d8 y = (turn & 1) == 1 ? c : s;
    return (tk_d8)((tk_m8)y ^ ((turn & 2) << 62));
}
