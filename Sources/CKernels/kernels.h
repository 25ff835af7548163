// Every kernel, once: the tables of the levels, and the public functions that jump to the level in
// use, are made of this list. A new kernel stands here, in CKernels.h with its meaning, and in one
// of the bodies as tk_level_NAME.
//
// Before including this, define
//   TK_KERNEL(TYPE, NAME, (PARAMETERS), (ARGUMENTS))  a kernel that tk_NAME makes public as it is
//   TK_MAP(NAME)                                      one of float *dst, const float *src, size_t n
//   TK_INNER(TYPE, NAME, (PARAMETERS))                one that public functions call otherwise

TK_KERNEL(double, fma_probe, (size_t iterations), (iterations))
// Both products; ldb is of no interest if B is packed.
TK_INNER(void, gemm,
    (size_t m, size_t n, size_t k, const float *a, size_t ars, size_t aks, const float *b,
     size_t ldb, bool packed, float *restrict c, size_t ldc, tk_mode mode, const float *bias))

TK_KERNEL(float, max, (const float *row, size_t n), (row, n))
TK_KERNEL(size_t, argmax, (const float *row, size_t n), (row, n))
TK_KERNEL(float, sum, (const float *row, size_t n), (row, n))
TK_KERNEL(float, dot, (const float *a, const float *b, size_t n), (a, b, n))
TK_KERNEL(float, exp_shift_sum,
    (float *restrict row, size_t n, float shift, const float *counts),
    (row, n, shift, counts))
TK_KERNEL(float, exp_max_sum,
    (float *restrict row, size_t n, const float *counts, float *maximum),
    (row, n, counts, maximum))
TK_KERNEL(void, scale, (float *row, size_t n, float s), (row, n, s))
TK_KERNEL(void, axpy, (float *restrict y, const float *x, float a, size_t n), (y, x, a, n))
TK_KERNEL(void, affine,
    (float *restrict row, size_t n, float divisor, const float *bias),
    (row, n, divisor, bias))
TK_KERNEL(void, count_greater,
    (const float *row, size_t n, float threshold, uint32_t *greater, uint32_t *equal,
     uint32_t *nonfinite),
    (row, n, threshold, greater, equal, nonfinite))
TK_KERNEL(size_t, find_above,
    (const float *row, size_t n, size_t start, float limit),
    (row, n, start, limit))
TK_KERNEL(void, sum_lanes,
    (float *restrict dst, const float *src, size_t count, size_t stride, size_t n),
    (dst, src, count, stride, n))
TK_KERNEL(void, sum_partials,
    (float *restrict dst, const float *src, size_t count, size_t stride, size_t n),
    (dst, src, count, stride, n))

TK_KERNEL(float, pair_logistic,
    (const float *restrict odds, const float *counts, float *restrict slopes, size_t n,
     size_t alike, float factor, float weight, float *slope),
    (odds, counts, slopes, n, alike, factor, weight, slope))
TK_KERNEL(float, pair_hinge,
    (const float *restrict scores, const float *counts, float *restrict slopes, size_t n,
     float positive, float margin, float weight, float *slope),
    (scores, counts, slopes, n, positive, margin, weight, slope))
TK_KERNEL(float, max_below, (const float *row, size_t n, float limit), (row, n, limit))
TK_KERNEL(float, scaled_dot,
    (const float *a, const float *b, size_t n, float scale),
    (a, b, n, scale))
TK_KERNEL(float, clipped_logs,
    (const float *row, const float *counts, size_t n, float low, float high,
     float *restrict passed),
    (row, counts, n, low, high, passed))
TK_KERNEL(void, hide,
    (float *restrict row, const bool *seen, size_t n, float value),
    (row, seen, n, value))
TK_KERNEL(void, hide_uncounted,
    (float *restrict row, const float *counts, size_t n, float value),
    (row, counts, n, value))
TK_KERNEL(void, multiply,
    (float *restrict row, const float *factors, size_t n),
    (row, factors, n))
TK_KERNEL(void, softplus_sigmoid,
    (float *restrict softplus, float *restrict row, size_t n),
    (softplus, row, n))
TK_KERNEL(void, group_max, (const float *row, size_t n, float *restrict maxima), (row, n, maxima))

TK_KERNEL(void, count_above,
    (const float *row, size_t n, const float *thresholds, size_t count, uint32_t *greater,
     uint32_t *equal),
    (row, n, thresholds, count, greater, equal))
TK_KERNEL(size_t, collect_above,
    (const float *row, size_t n, float threshold, uint32_t first, uint64_t *keys),
    (row, n, threshold, first, keys))
TK_KERNEL(void, pair_scores,
    (const float *a, size_t lda, const int32_t *a_rows, const float *b, size_t ldb,
     const int32_t *b_rows, size_t k, size_t n, float *restrict scores),
    (a, lda, a_rows, b, ldb, b_rows, k, n, scores))
TK_KERNEL(float, max_abs, (const float *row, size_t n), (row, n))

TK_KERNEL(void, integer_products,
    (size_t m, size_t n, size_t pairs, const int16_t *a, const int16_t *packed,
     int32_t *restrict sums, size_t ld),
    (m, n, pairs, a, packed, sums, ld))
TK_KERNEL(size_t, count_bands,
    (const int32_t *sums, size_t ld, size_t rows, size_t n, const uint32_t *offsets,
     const int32_t *low, const int32_t *high, uint32_t *above, tk_undecided *undecided,
     size_t capacity),
    (sums, ld, rows, n, offsets, low, high, above, undecided, capacity))

TK_MAP(exp)
TK_MAP(log)
TK_MAP(sigmoid)
TK_MAP(softplus)
TK_MAP(tanh)
TK_MAP(erf)
TK_MAP(sin)
TK_MAP(cos)
TK_KERNEL(void, sincos,
    (float *sine, float *cosine, const float *src, size_t n),
    (sine, cosine, src, n))
TK_KERNEL(void, pow,
    (float *dst, const float *src, float exponent, size_t n),
    (dst, src, exponent, n))
TK_MAP(sqrt)

TK_KERNEL(void, gather_rows,
    (float *restrict dst, size_t ldd, const float *table, size_t ldt, size_t dim,
     const int32_t *idx, size_t n),
    (dst, ldd, table, ldt, dim, idx, n))
TK_KERNEL(void, scatter_add_rows,
    (float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
     const int32_t *idx, size_t n),
    (dst, ldd, src, lds, dim, idx, n))
TK_KERNEL(void, segment_sum_rows,
    (float *restrict dst, size_t ldd, const float *src, size_t lds, size_t dim,
     const int32_t *members, const int32_t *offsets, size_t n, bool accumulate),
    (dst, ldd, src, lds, dim, members, offsets, n, accumulate))
// Dense updates are those of one row.
TK_KERNEL(void, sgd_rows,
    (float *restrict table, size_t ld, size_t dim, const int32_t *idx, const float *grads,
     size_t ldg, size_t n, float lr),
    (table, ld, dim, idx, grads, ldg, n, lr))
TK_KERNEL(void, adagrad_rows,
    (float *restrict table, float *restrict acc, size_t ld, size_t dim, const int32_t *idx,
     const float *grads, size_t ldg, size_t n, float lr, float eps),
    (table, acc, ld, dim, idx, grads, ldg, n, lr, eps))
TK_KERNEL(void, weight_decay, (float *w, size_t n, float decay, float lr), (w, n, decay, lr))
TK_KERNEL(void, momentum,
    (float *restrict w, float *restrict m, const float *g, size_t n, float lr, float momentum,
     bool nesterov),
    (w, m, g, n, lr, momentum, nesterov))
TK_KERNEL(void, adam,
    (float *restrict w, float *restrict m, float *restrict v, float *restrict v_max,
     const float *g, size_t n, float alpha, float rate_1, float rate_2, float eps),
    (w, m, v, v_max, g, n, alpha, rate_1, rate_2, eps))
TK_KERNEL(void, adam_idle,
    (float *restrict w, float *restrict m, float *restrict v, float *restrict v_max, size_t n,
     const float *alphas, size_t steps, float rate_1, float rate_2, float eps),
    (w, m, v, v_max, n, alphas, steps, rate_1, rate_2, eps))
TK_KERNEL(void, nadam,
    (float *restrict w, float *restrict m, float *restrict v, const float *g, size_t n,
     const tk_nadam_rates *rates),
    (w, m, v, g, n, rates))
TK_KERNEL(void, adamax,
    (float *restrict w, float *restrict m, float *restrict u, const float *g, size_t n,
     float lr, float bias, float rate_1, float beta_2, float eps),
    (w, m, u, g, n, lr, bias, rate_1, beta_2, eps))
TK_KERNEL(void, rmsprop,
    (float *restrict w, float *restrict v, float *restrict m, float *restrict mean,
     const float *g, size_t n, float lr, float rho, float rate, float momentum, float eps),
    (w, v, m, mean, g, n, lr, rho, rate, momentum, eps))
TK_KERNEL(void, adadelta,
    (float *restrict w, float *restrict square, float *restrict moved, const float *g,
     size_t n, float lr, float rho, float rate, float eps),
    (w, square, moved, g, n, lr, rho, rate, eps))
TK_KERNEL(void, ftrl,
    (float *restrict w, float *restrict acc, float *restrict linear, const float *g, size_t n,
     const tk_ftrl_rates *rates),
    (w, acc, linear, g, n, rates))
TK_KERNEL(float, clippy_scale,
    (const float *w, const float *acc, const float *g, size_t n, const tk_clippy_rates *rates),
    (w, acc, g, n, rates))
TK_KERNEL(void, clippy,
    (float *restrict w, float *restrict acc, const float *g, size_t n, float factor,
     float acc_factor, const tk_clippy_rates *rates),
    (w, acc, g, n, factor, acc_factor, rates))

TK_KERNEL(void, drop_rows,
    (float *dst, const float *src, size_t rows, size_t columns, const tk_dropout *dropout, const
     uint64_t *ids, bool accumulate),
    (dst, src, rows, columns, dropout, ids, accumulate))
TK_KERNEL(void, place_rows,
    (float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
     float scale, const float *table, const int32_t *positions),
    (dst, ldd, src, lds, n, rows, scale, table, positions))
TK_KERNEL(void, take_rows,
    (float *restrict dst, size_t ldd, const float *src, size_t lds, size_t n, size_t rows,
     float scale),
    (dst, ldd, src, lds, n, rows, scale))
TK_KERNEL(void, add_rows,
    (float *restrict dst, const float *src, size_t ld, size_t rows),
    (dst, src, ld, rows))
TK_KERNEL(void, normalize_rows,
    (const float *x, size_t ld, size_t n, size_t rows, float epsilon, float *restrict normalized,
     float *restrict scales),
    (x, ld, n, rows, epsilon, normalized, scales))
TK_KERNEL(void, normalize_rows_gradient,
    (const float *g, const float *normalized, const float *scales, size_t ld, size_t n,
     size_t rows, float *restrict of_x, bool accumulate),
    (g, normalized, scales, ld, n, rows, of_x, accumulate))
TK_KERNEL(void, scale_rows,
    (const float *x, size_t ld, size_t rows, const float *gamma, const float *beta,
     float *restrict y),
    (x, ld, rows, gamma, beta, y))
TK_KERNEL(void, scale_rows_gradient,
    (float *restrict of_y, const float *x, size_t ld, size_t rows, const float *gamma,
     float *restrict of_gamma, float *restrict of_beta),
    (of_y, x, ld, rows, gamma, of_gamma, of_beta))
TK_KERNEL(void, fold_gains,
    (const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
     float *restrict folded, float *restrict bias),
    (kernel, rows, columns, gamma, beta, folded, bias))
TK_KERNEL(void, unfold_gains_gradient,
    (const float *kernel, size_t rows, size_t columns, const float *gamma, const float *beta,
     float *restrict of_kernel, const float *of_bias, float *restrict of_gamma,
     float *restrict of_beta),
    (kernel, rows, columns, gamma, beta, of_kernel, of_bias, of_gamma, of_beta))
TK_KERNEL(void, relu, (float *x, size_t n), (x, n))
TK_KERNEL(void, relu_gradient,
    (float *restrict of_y, const float *y, size_t n, float scale),
    (of_y, y, n, scale))
TK_KERNEL(void, attend, (const tk_attention *a, float *restrict outputs), (a, outputs))
TK_KERNEL(void, attend_gradient,
    (const tk_attention *a, const float *of_outputs, float *restrict of_queries, float *restrict
     of_keys, float *restrict of_values),
    (a, of_outputs, of_queries, of_keys, of_values))
TK_KERNEL(void, gru_step, (const tk_gru *g, float *restrict next), (g, next))
TK_KERNEL(void, gru_reset, (const tk_gru *g, float *restrict reset), (g, reset))
TK_KERNEL(void, gru_mix, (const tk_gru *g, float *restrict next), (g, next))
TK_KERNEL(void, gru_step_gradient,
    (const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to),
    (g, of_state, to))
TK_KERNEL(void, gru_mix_gradient,
    (const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to),
    (g, of_state, to))
TK_KERNEL(void, gru_reset_gradient,
    (const tk_gru *g, float *restrict of_state, const tk_gru_gradients *to),
    (g, of_state, to))
TK_KERNEL(void, lstm_step, (const tk_lstm *g, float *restrict next), (g, next))
TK_KERNEL(void, lstm_step_gradient,
    (const tk_lstm *g, const float *of_next, float *restrict of_memory, float *const of_gates[4]),
    (g, of_next, of_memory, of_gates))

TK_KERNEL(tk_split, split_records,
    (const uint8_t *text, size_t count, size_t start, const tk_separators *separators,
     size_t fields, size_t most, int32_t *ends),
    (text, count, start, separators, fields, most, ends))
TK_KERNEL(size_t, count_byte,
    (const uint8_t *text, size_t count, uint8_t byte),
    (text, count, byte))

#undef TK_KERNEL
#undef TK_MAP
#undef TK_INNER
