#pragma once

#include "CKernels.h"

// The kernels of one level. Arguments are those of the public functions.
typedef struct {
    double (*fma_probe)(size_t iterations);
    // Both products; ldb is of no interest if B is packed.
    void (*gemm)(
        size_t m, size_t n, size_t k, const float *a, size_t ars, size_t aks, const float *b,
        size_t ldb, bool packed, float *restrict c, size_t ldc, tk_mode mode, const float *bias);

    float (*max)(const float *row, size_t n);
    size_t (*argmax)(const float *row, size_t n);
    float (*sum)(const float *row, size_t n);
    float (*dot)(const float *a, const float *b, size_t n);
    float (*exp_shift_sum)(float *restrict row, size_t n, float shift, const float *counts);
    float (*exp_max_sum)(float *restrict row, size_t n, const float *counts, float *maximum);
    void (*scale)(float *row, size_t n, float s);
    void (*axpy)(float *restrict y, const float *x, float a, size_t n);
    void (*affine)(float *restrict row, size_t n, float divisor, const float *bias);
    void (*count_greater)(
        const float *row, size_t n, float threshold, uint32_t *greater, uint32_t *equal,
        uint32_t *nonfinite);
    size_t (*find_above)(const float *row, size_t n, size_t start, float limit);
    void (*sum_partials)(
        float *restrict dst, const float *src, size_t count, size_t stride, size_t n);

    void (*count_above)(
        const float *row, size_t n, const float *thresholds, size_t count, uint32_t *greater,
        uint32_t *equal);
    size_t (*collect_above)(
        const float *row, size_t n, float threshold, uint32_t first, uint64_t *keys);
    void (*pair_scores)(
        const float *a, size_t lda, const int32_t *a_rows, const float *b, size_t ldb,
        const int32_t *b_rows, size_t k, size_t n, float *restrict scores);
    float (*max_abs)(const float *row, size_t n);

    void (*integer_products)(
        size_t m, size_t n, size_t pairs, const int16_t *a, const int16_t *packed,
        int32_t *restrict sums, size_t ld);
    size_t (*count_bands)(
        const int32_t *sums, size_t ld, size_t rows, size_t n, const uint32_t *offsets,
        const int32_t *low, const int32_t *high, uint32_t *above, tk_undecided *undecided,
        size_t capacity);

    void (*exp)(float *dst, const float *src, size_t n);
    void (*log)(float *dst, const float *src, size_t n);
    void (*sigmoid)(float *dst, const float *src, size_t n);
    void (*softplus)(float *dst, const float *src, size_t n);
    void (*tanh)(float *dst, const float *src, size_t n);
    void (*erf)(float *dst, const float *src, size_t n);
    void (*sin)(float *dst, const float *src, size_t n);
    void (*cos)(float *dst, const float *src, size_t n);
    void (*sincos)(float *sine, float *cosine, const float *src, size_t n);
    void (*pow)(float *dst, const float *src, float exponent, size_t n);
    void (*sqrt)(float *dst, const float *src, size_t n);

    void (*gather_rows)(
        float *restrict dst, size_t ldd, const float *table, size_t ldt, size_t dim,
        const int32_t *idx, size_t n);
    void (*scatter_add_rows)(
        float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
        const int32_t *idx, size_t n);
    void (*segment_sum_rows)(
        float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
        const int32_t *members, const int32_t *offsets, size_t n);
    // Dense updates are those of one row.
    void (*sgd_rows)(
        float *restrict table, size_t ld, size_t dim, const int32_t *idx, const float *grads,
        size_t ldg, size_t n, float lr);
    void (*adagrad_rows)(
        float *restrict table, float *restrict acc, size_t ld, size_t dim, const int32_t *idx,
        const float *grads, size_t ldg, size_t n, float lr, float eps);
    void (*weight_decay)(float *w, size_t n, float decay, float lr);
    void (*momentum)(
        float *restrict w, float *restrict m, const float *g, size_t n, float lr,
        float momentum, bool nesterov);
    void (*adam)(
        float *restrict w, float *restrict m, float *restrict v, float *restrict v_max,
        const float *g, size_t n, float alpha, float rate_1, float rate_2, float eps);
    void (*nadam)(
        float *restrict w, float *restrict m, float *restrict v, const float *g, size_t n,
        const tk_nadam_rates *rates);
    void (*adamax)(
        float *restrict w, float *restrict m, float *restrict u, const float *g, size_t n,
        float lr, float bias, float rate_1, float beta_2, float eps);
    void (*rmsprop)(
        float *restrict w, float *restrict v, float *restrict m, float *restrict mean,
        const float *g, size_t n, float lr, float rho, float rate, float momentum, float eps);
    void (*adadelta)(
        float *restrict w, float *restrict square, float *restrict moved, const float *g,
        size_t n, float lr, float rho, float rate, float eps);
    void (*ftrl)(
        float *restrict w, float *restrict acc, float *restrict linear, const float *g,
        size_t n, const tk_ftrl_rates *rates);
    float (*clippy_scale)(
        const float *w, const float *acc, const float *g, size_t n,
        const tk_clippy_rates *rates);
    void (*clippy)(
        float *restrict w, float *restrict acc, const float *g, size_t n, float factor,
        float acc_factor, const tk_clippy_rates *rates);

    tk_split (*split_records)(
        const uint8_t *text, size_t count, size_t start, const tk_separators *separators,
        size_t fields, size_t most, int32_t *ends);
    size_t (*count_byte)(const uint8_t *text, size_t count, uint8_t byte);
} tk_table;

#if defined(__x86_64__)
#define TK_HAS_X86_LEVELS 1
#else
#define TK_HAS_X86_LEVELS 0
#endif

extern const tk_table tk_table_plain;
#if TK_HAS_X86_LEVELS
extern const tk_table tk_table_avx2;
extern const tk_table tk_table_avx512;
#endif

// The number of columns in a panel of a packed operand.
enum { TK_PANEL = 32 };
