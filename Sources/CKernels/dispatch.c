// The public functions: each jumps to its kernel at the level in use.

#include "isa.h"

double tk_fma_probe(size_t iterations) { return tk_kernels()->fma_probe(iterations); }

void tk_gemm_packed(
    size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_k_stride,
    const float *packed, float *restrict c, size_t ldc, tk_mode mode, const float *bias
) {
    tk_kernels()->gemm(
        m, n, k, a, a_row_stride, a_k_stride, packed, 0, true, c, ldc, mode, bias);
}

void tk_gemm_rowmajor_b(
    size_t m, size_t n, size_t k, const float *a, size_t a_row_stride, size_t a_k_stride,
    const float *b, size_t ldb, float *restrict c, size_t ldc, tk_mode mode, const float *bias
) {
    tk_kernels()->gemm(m, n, k, a, a_row_stride, a_k_stride, b, ldb, false, c, ldc, mode, bias);
}

float tk_max(const float *row, size_t n) { return tk_kernels()->max(row, n); }

size_t tk_argmax(const float *row, size_t n) { return tk_kernels()->argmax(row, n); }

float tk_sum(const float *row, size_t n) { return tk_kernels()->sum(row, n); }

float tk_dot(const float *a, const float *b, size_t n) { return tk_kernels()->dot(a, b, n); }

float tk_exp_shift_sum(float *restrict row, size_t n, float shift, const float *counts) {
    return tk_kernels()->exp_shift_sum(row, n, shift, counts);
}

float tk_exp_max_sum(float *restrict row, size_t n, const float *counts, float *maximum) {
    return tk_kernels()->exp_max_sum(row, n, counts, maximum);
}

void tk_scale(float *row, size_t n, float s) { tk_kernels()->scale(row, n, s); }

void tk_axpy(float *restrict y, const float *x, float a, size_t n) {
    tk_kernels()->axpy(y, x, a, n);
}

void tk_affine(float *restrict row, size_t n, float divisor, const float *bias) {
    tk_kernels()->affine(row, n, divisor, bias);
}

void tk_count_greater(
    const float *row, size_t n, float threshold, uint32_t *greater, uint32_t *equal,
    uint32_t *nonfinite
) {
    tk_kernels()->count_greater(row, n, threshold, greater, equal, nonfinite);
}

size_t tk_find_above(const float *row, size_t n, size_t start, float limit) {
    return tk_kernels()->find_above(row, n, start, limit);
}

void tk_sum_partials(
    float *restrict dst, const float *src, size_t count, size_t stride, size_t n
) {
    tk_kernels()->sum_partials(dst, src, count, stride, n);
}

void tk_count_above(
    const float *row, size_t n, const float *thresholds, size_t count, uint32_t *greater,
    uint32_t *equal
) {
    tk_kernels()->count_above(row, n, thresholds, count, greater, equal);
}

size_t tk_collect_above(
    const float *row, size_t n, float threshold, uint32_t first, uint64_t *keys
) {
    return tk_kernels()->collect_above(row, n, threshold, first, keys);
}

void tk_pair_scores(
    const float *a, size_t lda, const int32_t *a_rows, const float *b, size_t ldb,
    const int32_t *b_rows, size_t k, size_t n, float *restrict scores
) {
    tk_kernels()->pair_scores(a, lda, a_rows, b, ldb, b_rows, k, n, scores);
}

float tk_max_abs(const float *row, size_t n) { return tk_kernels()->max_abs(row, n); }

bool tk_has_integer_products(void) { return tk_isa_active() != TK_ISA_PLAIN; }

void tk_integer_products(
    size_t m, size_t n, size_t pairs, const int16_t *a, const int16_t *packed,
    int32_t *restrict sums, size_t ld
) {
    tk_kernels()->integer_products(m, n, pairs, a, packed, sums, ld);
}

size_t tk_count_bands(
    const int32_t *sums, size_t ld, size_t rows, size_t n, const uint32_t *offsets,
    const int32_t *low, const int32_t *high, uint32_t *above, tk_undecided *undecided,
    size_t capacity
) {
    return tk_kernels()->count_bands(
        sums, ld, rows, n, offsets, low, high, above, undecided, capacity);
}

#define TK_PUBLIC_MAP(name)                                                                    \
    void tk_##name(float *dst, const float *src, size_t n) {                                   \
        tk_kernels()->name(dst, src, n);                                                       \
    }
// One number goes through the vector function, so the bits are the same.
#define TK_PUBLIC_FUNCTION(name)                                                               \
    TK_PUBLIC_MAP(name)                                                                        \
    float tk_##name##1(float x) {                                                              \
        float y;                                                                               \
        tk_kernels()->name(&y, &x, 1);                                                         \
        return y;                                                                              \
    }

TK_PUBLIC_FUNCTION(exp)
TK_PUBLIC_FUNCTION(log)
TK_PUBLIC_FUNCTION(sigmoid)
TK_PUBLIC_FUNCTION(softplus)
TK_PUBLIC_FUNCTION(tanh)
TK_PUBLIC_FUNCTION(erf)
TK_PUBLIC_FUNCTION(sin)
TK_PUBLIC_FUNCTION(cos)
TK_PUBLIC_MAP(sqrt)

void tk_sincos(float *sine, float *cosine, const float *src, size_t n) {
    tk_kernels()->sincos(sine, cosine, src, n);
}

void tk_pow(float *dst, const float *src, float exponent, size_t n) {
    tk_kernels()->pow(dst, src, exponent, n);
}

float tk_pow1(float base, float exponent) {
    float y;
    tk_kernels()->pow(&y, &base, exponent, 1);
    return y;
}

void tk_gather_rows(
    float *restrict dst, size_t ldd, const float *table, size_t ldt, size_t dim,
    const int32_t *idx, size_t n
) {
    tk_kernels()->gather_rows(dst, ldd, table, ldt, dim, idx, n);
}

void tk_scatter_add_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
    const int32_t *idx, size_t n
) {
    tk_kernels()->scatter_add_rows(dst, ldd, src, lds, dim, idx, n);
}

void tk_segment_sum_rows(
    float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
    const int32_t *members, const int32_t *offsets, size_t n
) {
    tk_kernels()->segment_sum_rows(dst, ldd, src, lds, dim, members, offsets, n);
}

void tk_sgd(float *restrict w, const float *g, size_t n, float lr) {
    const int32_t first = 0;
    tk_kernels()->sgd_rows(w, n, n, &first, g, n, 1, lr);
}

void tk_sgd_rows(
    float *restrict table, size_t ld, size_t dim, const int32_t *idx, const float *grads,
    size_t ldg, size_t n, float lr
) {
    tk_kernels()->sgd_rows(table, ld, dim, idx, grads, ldg, n, lr);
}

void tk_adagrad(
    float *restrict w, float *restrict acc, const float *g, size_t n, float lr, float eps
) {
    const int32_t first = 0;
    tk_kernels()->adagrad_rows(w, acc, n, n, &first, g, n, 1, lr, eps);
}

void tk_adagrad_rows(
    float *restrict table, float *restrict acc, size_t ld, size_t dim, const int32_t *idx,
    const float *grads, size_t ldg, size_t n, float lr, float eps
) {
    tk_kernels()->adagrad_rows(table, acc, ld, dim, idx, grads, ldg, n, lr, eps);
}

void tk_weight_decay(float *w, size_t n, float decay, float lr) {
    tk_kernels()->weight_decay(w, n, decay, lr);
}

void tk_momentum(
    float *restrict w, float *restrict m, const float *g, size_t n, float lr, float momentum,
    bool nesterov
) {
    tk_kernels()->momentum(w, m, g, n, lr, momentum, nesterov);
}

void tk_adam(
    float *restrict w, float *restrict m, float *restrict v, float *restrict v_max,
    const float *g, size_t n, float alpha, float rate_1, float rate_2, float eps
) {
    tk_kernels()->adam(w, m, v, v_max, g, n, alpha, rate_1, rate_2, eps);
}

void tk_nadam(
    float *restrict w, float *restrict m, float *restrict v, const float *g, size_t n,
    const tk_nadam_rates *rates
) {
    tk_kernels()->nadam(w, m, v, g, n, rates);
}

void tk_adamax(
    float *restrict w, float *restrict m, float *restrict u, const float *g, size_t n,
    float lr, float bias, float rate_1, float beta_2, float eps
) {
    tk_kernels()->adamax(w, m, u, g, n, lr, bias, rate_1, beta_2, eps);
}

void tk_rmsprop(
    float *restrict w, float *restrict v, float *restrict m, float *restrict mean,
    const float *g, size_t n, float lr, float rho, float rate, float momentum, float eps
) {
    tk_kernels()->rmsprop(w, v, m, mean, g, n, lr, rho, rate, momentum, eps);
}

void tk_adadelta(
    float *restrict w, float *restrict square, float *restrict moved, const float *g, size_t n,
    float lr, float rho, float rate, float eps
) {
    tk_kernels()->adadelta(w, square, moved, g, n, lr, rho, rate, eps);
}

void tk_ftrl(
    float *restrict w, float *restrict acc, float *restrict linear, const float *g, size_t n,
    const tk_ftrl_rates *rates
) {
    tk_kernels()->ftrl(w, acc, linear, g, n, rates);
}

float tk_clippy_scale(
    const float *w, const float *acc, const float *g, size_t n, const tk_clippy_rates *rates
) {
    return tk_kernels()->clippy_scale(w, acc, g, n, rates);
}

void tk_clippy(
    float *restrict w, float *restrict acc, const float *g, size_t n, float factor,
    float acc_factor, const tk_clippy_rates *rates
) {
    tk_kernels()->clippy(w, acc, g, n, factor, acc_factor, rates);
}

tk_split tk_split_records(
    const uint8_t *text, size_t count, size_t start, const tk_separators *separators,
    size_t fields, size_t most, int32_t *ends
) {
    return tk_kernels()->split_records(text, count, start, separators, fields, most, ends);
}

size_t tk_count_byte(const uint8_t *text, size_t count, uint8_t byte) {
    return tk_kernels()->count_byte(text, count, byte);
}
