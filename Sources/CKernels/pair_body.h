// One example's positive against every column of its row. Included once per level.

// log(1 + x) of x ≥ 0, given y = 1 + x and its reciprocal: what the addition lost is put back.
TK_INLINE tk_f16 tk_log_plus_one(tk_f16 x, tk_f16 y, tk_f16 reciprocal) {
    return TK_MADD(x - (y - 1), reciprocal, tk_log_normal(y));
}

// The slopes of one vector of x = factor · odds.
TK_INLINE tk_f16 tk_pair_slopes(tk_f16 x, tk_f16 weight, tk_f16 *loss) {
    tk_f16 y = x + 1;
    tk_f16 reciprocal = 1 / y;
    *loss = tk_log_plus_one(x, y, reciprocal);
    return x * (reciprocal * weight);
}

TK_INLINE void tk_add_to(float *sums, tk_f16 x) { tk_store(sums, tk_load(sums) + x); }

// The same of four vectors whose lanes count alike: one logarithm and one reciprocal, those of the
// product of their y. Adds the slopes, and returns their sum.
TK_INLINE tk_f16 tk_four_pair_slopes(
    const float *odds, float *slopes, tk_f16 factor, tk_f16 weight, tk_f16 *loss
) {
    tk_f16 x0 = tk_load(odds) * factor, x1 = tk_load(odds + 16) * factor;
    tk_f16 x2 = tk_load(odds + 32) * factor, x3 = tk_load(odds + 48) * factor;
    tk_f16 y0 = x0 + 1, y1 = x1 + 1, y2 = x2 + 1, y3 = x3 + 1;
    // A product of y less 1 as a sum of positive terms, which keeps what is small.
    tk_f16 x01 = TK_MADD(x1, y0, x0), x23 = TK_MADD(x3, y2, x2);
    tk_f16 y01 = x01 + 1, y23 = x23 + 1;
    tk_f16 x = TK_MADD(x23, y01, x01);
    tk_f16 y = x + 1;
    tk_f16 reciprocal = 1 / y;
    *loss = tk_log_plus_one(x, y, reciprocal);
    reciprocal *= weight;
    tk_f16 of_01 = reciprocal * y23, of_23 = reciprocal * y01;
    x0 *= of_01 * y1;
    x1 *= of_01 * y0;
    x2 *= of_23 * y3;
    x3 *= of_23 * y2;
    tk_add_to(slopes, x0);
    tk_add_to(slopes + 16, x1);
    tk_add_to(slopes + 32, x2);
    tk_add_to(slopes + 48, x3);
    return (x0 + x1) + (x2 + x3);
}

static float tk_level_pair_logistic(
    const float *restrict odds, const float *counts, float *restrict slopes, size_t n,
    size_t alike, float factor, float weight, float *slope
) {
    tk_f16 losses = tk_splat(0), sums = tk_splat(0);
    const tk_f16 factors = tk_splat(factor), weights = tk_splat(weight);
    size_t j = 0;
    // The product of four numbers of 2^31 is a float.
    if (factor > 0x1p30f) alike = 0;
    for (; j + 64 <= alike; j += 64) {
        tk_f16 loss;
        tk_f16 sum = tk_four_pair_slopes(odds + j, slopes + j, factors, weights, &loss);
        tk_f16 count = counts ? tk_load(counts + j) : tk_splat(1);
        losses = TK_MADD(loss, count, losses);
        sums = TK_MADD(sum, count, sums);
    }
    for (; j + 16 <= n; j += 16) {
        tk_f16 loss;
        tk_f16 own = tk_pair_slopes(tk_load(odds + j) * factors, weights, &loss);
        tk_f16 count = counts ? tk_load(counts + j) : tk_splat(1);
        losses = TK_MADD(loss, count, losses);
        sums = TK_MADD(own, count, sums);
        tk_add_to(slopes + j, own);
    }
    if (j < n) {
        // Beyond the row's end the odds are 0, and so are loss and slope.
        const size_t r = n - j;
        tk_f16 loss;
        tk_f16 own = tk_pair_slopes(tk_load_part(odds + j, r) * factors, weights, &loss);
        tk_f16 count = counts ? tk_load_part(counts + j, r) : tk_splat(1);
        losses = TK_MADD(loss, count, losses);
        sums = TK_MADD(own, count, sums);
        tk_store_part(slopes + j, tk_load_part(slopes + j, r) + own, r);
    }
    *slope = tk_fold_sum(sums);
    return tk_fold_sum(losses);
}

TK_INLINE void tk_pair_hinge_step(
    const float *scores, const float *counts, float *slopes, size_t j, size_t r, float positive,
    float margin, float weight, tk_f16 *losses, tk_f16 *sums
) {
    tk_f16 shortfall = margin - (positive - tk_get(scores + j, r));
    tk_i16 pays = (shortfall > 0) & tk_first(r);
    tk_f16 count = counts ? tk_get(counts + j, r) : tk_splat(1);
    *losses = TK_MADD(pays ? shortfall : tk_splat(0), count, *losses);
    tk_f16 added = pays ? tk_splat(weight) : tk_splat(0);
    *sums = TK_MADD(added, count, *sums);
    tk_put(slopes + j, tk_get(slopes + j, r) + added, r);
}

static float tk_level_pair_hinge(
    const float *restrict scores, const float *counts, float *restrict slopes, size_t n,
    float positive, float margin, float weight, float *slope
) {
    tk_f16 losses = tk_splat(0), sums = tk_splat(0);
#define TK_STEP(j, r)                                                                          \
    tk_pair_hinge_step(                                                                        \
        scores, counts, slopes, j, r, positive, margin, weight, &losses, &sums)
    TK_ALL(n, TK_STEP);
#undef TK_STEP
    *slope = tk_fold_sum(sums);
    return tk_fold_sum(losses);
}

static void tk_level_group_max(const float *row, size_t n, float *restrict maxima) {
    tk_f16 m[4];
    TK_UNROLL
    for (int k = 0; k < 4; k++) m[k] = tk_splat(-__builtin_inff());
    size_t j = 0;
    for (; j + 64 <= n; j += 64) {
        TK_UNROLL
        for (int k = 0; k < 4; k++) m[k] = tk_greater(m[k], tk_load(row + j + 16 * k));
    }
    TK_UNROLL
    for (int k = 0; k < 4; k++) tk_store(maxima + 16 * k, m[k]);
    TK_NO_UNROLL
    for (size_t i = 0; j + i < n; i++) {
        maxima[i] = row[j + i] > maxima[i] ? row[j + i] : maxima[i];
    }
}
